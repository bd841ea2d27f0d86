import { tagUses } from '../../resolve/tagUses';
import { didYouMean, suggest } from '../../suggest';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
const SESSION_TAGS = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
] as const;

/** What podlift puts on its roles, as blueprint/roleTags.ts does; a session has its role's tags as principal tags at every stage. */
const ROLE_TAGS = ['podlift:workload', 'podlift:environment', 'podlift:stage'] as const;

/** Only six tags come with Pod Identity; those of the role itself, podlift's and the environment's `tags`, are principal tags too. */
export const principalTag: Rule = {
  name: 'principal-tag',
  severities: ['warning'],
  what: 'A tag of the principal is one of the six that Pod Identity sets, one of the three that podlift gives its roles, or one of the `tags` of the environment, which they carry too.',
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
              ? "Use one of the six, or put the tag under the environment's `tags`: its roles carry them."
              : `Write ${key.slice(0, -tag.length)}${near}, or put the tag under the environment's \`tags\`.`,
          ...(at && { at }),
        };
      }
    }
  },
};

/** Names of tags are compared without regard to case. */
function isAmong(tag: string, known: readonly string[]): boolean {
  const name = tag.toLowerCase();
  return known.some((other) => other.toLowerCase() === name);
}
