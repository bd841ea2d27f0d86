import type { Rule } from '../Rule';

/**
 * An association has one `targetRoleArn`. EKS gives pods the credentials of this role instead of the source role, so they cannot assume
 * other targets.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export const associationTarget: Rule = {
  name: 'association-target',
  what: 'A target with `via: association` is the only target of its workload.',
  example: 'targets "ledger" and "audit" are both via: association',
  *check({ placed }) {
    for (const { workload, at } of placed) {
      const [first, ...others] = workload.targets.filter(({ via }) => via === 'association');
      const hops = workload.targets.filter(({ via }) => via === 'workload');
      if (first !== undefined && hops.length > 0) {
        yield {
          path: at('targets', first.key, 'via'),
          message: `target "${first.key}" is via: association: EKS gives pods its role instead of the source role, and they cannot assume ${hops.map(({ key }) => `"${key}"`).join(', ')}`,
          hint: 'Write `via: workload` for it too: the app then assumes each target from its source role.',
        };
      }
      for (const { key } of others) {
        yield {
          path: at('targets', key, 'via'),
          message: `targets "${first?.key ?? ''}" and "${key}" are both via: association, and an association has one target role`,
          hint: 'Write `via: workload` for all but one of them: the app assumes these itself.',
        };
      }
    }
  },
};
