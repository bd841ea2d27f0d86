import { repeated, type Rule } from '../Rule';

export const duplicatePolicy: Rule = {
  name: 'duplicate-policy',
  what: 'A managed policy occurs once in `managedPolicies`, by its name or by its ARN.',
  example: 'arn:aws:iam::aws:policy/ReadOnlyAccess is already managedPolicies[0]',
  *check({ holders }) {
    for (const { permissions, placed, field } of holders) {
      for (const { item, first } of repeated([...permissions.managedPolicies.entries()], ([, policy]) => policy)) {
        const [index, policy] = item;
        yield {
          path: placed.at(...field, 'managedPolicies', index),
          message: `${policy} is already managedPolicies[${first[0]}]`,
          hint: 'Remove one of the two.',
        };
      }
    }
  },
};
