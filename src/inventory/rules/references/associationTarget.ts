import type { Rule } from '../Rule';

/**
 * EKS can chain to one role: an association has one `targetRoleArn`. The pod then holds that role and not its source role, so
 * that it cannot go on to other targets.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export const associationTarget: Rule = {
  name: 'association-target',
  severities: ['error'],
  what: 'A target that is `via: association` is the only target of its workload.',
  example: 'targets "ledger" and "audit" are both via: association',
  *check({ placed }) {
    for (const { workload, at } of placed) {
      const [first, ...others] = workload.targets.filter(({ via }) => via === 'association');
      const hops = workload.targets.filter(({ via }) => via === 'workload');
      if (first !== undefined && hops.length > 0) {
        yield {
          path: at('targets', first.key, 'via'),
          message: `target "${first.key}" is via: association: pods then hold its role from the start, and cannot assume ${hops.map(({ key }) => `"${key}"`).join(', ')} from their source role`,
          hint: 'Make it `via: workload` as well: the app assumes each target from its source role.',
        };
      }
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
