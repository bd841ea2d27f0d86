import { tagUses } from '../resolve/tagUses';
import { didYouMean } from '../suggest';
import type { Rule } from './Rule';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
const SESSION_TAGS = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
] as const;

/** Only six tags come with Pod Identity; those of the role itself, the environment's `tags`, are principal tags too. */
export const principalTag: Rule = {
  name: 'principal-tag',
  severities: ['warning'],
  what: 'A tag of the principal is one of the six that Pod Identity sets, or one of the `tags` of the environment, which its roles carry.',
  example: 'Pod Identity does not set aws:PrincipalTag/namespace: did you mean "kubernetes-namespace"?',
  *check({ statements }) {
    for (const held of statements) {
      const { environment, workload } = held.holder.placed;
      for (const { key, kind, tag, path, at } of tagUses(held)) {
        if (kind !== 'principal' || isSet(tag, environment.tags)) continue;
        if (!workload.sessionTags && /^(eks|kubernetes)-/i.test(tag)) continue;
        yield {
          path,
          about: key,
          message: `Pod Identity does not set ${key}: ${didYouMean(tag, SESSION_TAGS)}it sets ${SESSION_TAGS.join(', ')}`,
          hint: "Use one of the six, or put the tag under the environment's `tags`: its roles carry them.",
          ...(at && { at }),
        };
      }
    }
  },
};

/** Names of tags are compared without regard to case. */
function isSet(tag: string, ofRoles: Readonly<Record<string, string>>): boolean {
  const name = tag.toLowerCase();
  return [...SESSION_TAGS, ...Object.keys(ofRoles)].some((known) => known.toLowerCase() === name);
}
