import { didYouMean, suggest } from '../../suggest';
import type { Rule } from '../Rule';
import { tagUses } from '../statements';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
const SESSION_TAGS = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
] as const;

/** The tags of podlift on its roles, see blueprint/roleTags.ts. A session has the tags of its role as principal tags. */
const ROLE_TAGS = ['podlift:workload', 'podlift:environment'] as const;

export const principalTag: Rule = {
  name: 'principal-tag',
  severities: ['warning'],
  what: 'A principal tag is one of the six session tags, one of podlift’s two role tags, or one of the environment’s `tags`.',
  example: 'Pod Identity does not set aws:PrincipalTag/namespace: did you mean "kubernetes-namespace"?',
  *check({ statements }) {
    for (const held of statements) {
      const { environment, workload } = held.holder.placed;
      for (const { key, kind, tag, path, at } of tagUses(held)) {
        const known = [...SESSION_TAGS, ...ROLE_TAGS, ...Object.keys(environment.tags)];
        if (kind !== 'principal' || isAmong(tag, known)) continue;
        if (!workload.sessionTags && /^(eks|kubernetes)-/i.test(tag)) continue;
        const near = suggest(tag, known);
        yield {
          path,
          about: key,
          message: `Pod Identity does not set ${key}: ${didYouMean(tag, known)}it sets ${SESSION_TAGS.join(', ')}`,
          hint:
            near === undefined
              ? "Use one of the six, or add the tag to the environment's `tags`, which are on its roles."
              : `Write ${key.slice(0, -tag.length)}${near}, or add the tag to the environment's \`tags\`.`,
          ...(at && { at }),
        };
      }
    }
  },
};

/** Tag names are not case sensitive. */
function isAmong(tag: string, known: readonly string[]): boolean {
  const name = tag.toLowerCase();
  return known.some((other) => other.toLowerCase() === name);
}
