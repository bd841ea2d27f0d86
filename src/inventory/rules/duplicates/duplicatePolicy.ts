import type { Rule } from '../Rule';

/** A managed policy is attached to a role once. The name of a policy of AWS's own and its ARN are one policy. */
export const duplicatePolicy: Rule = {
  name: 'duplicate-policy',
  severities: ['error'],
  what: 'A managed policy stands once in `managedPolicies`, by its name or by its ARN.',
  example: 'arn:aws:iam::aws:policy/ReadOnlyAccess stands here for the second time: it is managedPolicies[0] already',
  *check({ holders }) {
    for (const { permissions, placed, field } of holders) {
      const first = new Map<string, number>();
      for (const [index, policy] of permissions.managedPolicies.entries()) {
        const before = first.get(policy);
        if (before === undefined) {
          first.set(policy, index);
          continue;
        }
        yield {
          path: placed.at(...field, 'managedPolicies', index),
          message: `${policy} stands here for the second time: it is managedPolicies[${before}] already`,
          hint: 'Remove one of the two.',
        };
      }
    }
  },
};
