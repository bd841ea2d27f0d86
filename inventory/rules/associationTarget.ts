import type { Rule } from './Rule';

/** EKS can chain to one role: an association has one `targetRoleArn`. */
export const associationTarget: Rule = {
  name: 'association-target',
  severities: ['error'],
  what: 'At most one target of a workload is `via: association`.',
  example: 'targets "ledger" and "audit" are both via: association',
  *check({ placed }) {
    for (const { workload, at } of placed) {
      const [first, ...others] = workload.targets.filter(({ via }) => via === 'association');
      for (const { key } of others) {
        yield {
          path: at('targets', key, 'via'),
          message: `targets "${first?.key ?? ''}" and "${key}" are both via: association, and an association has one target role`,
          hint: 'Make all but one `via: workload`: the app assumes these itself.',
        };
      }
    }
  },
};
