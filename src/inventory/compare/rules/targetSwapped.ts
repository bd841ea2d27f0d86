import { isPast } from '../../resolve/isPast';
import { matched } from '../compare';
import type { CompareRule } from '../CompareRule';

/** A target of a workload that has left `irsa` stays in its account and is reached the same way. */
export const targetSwapped: CompareRule = {
  name: 'target-swapped',
  severities: ['error'],
  what: 'A target of a workload past `irsa` keeps its account and its `via`.',
  example: 'target "ledger" of workload "api" goes from account data-prod to apps-prod in prod',
  *check({ workloads }) {
    for (const { base, head, environment } of workloads) {
      if (!isPast(base.stage, 'irsa')) continue;
      const where = `of workload "${head.key}"`;
      for (const { base: before, head: after } of matched(base.targets, head.targets).kept) {
        const path = ['workloads', head.key, 'targets', after.key];
        const fields = [
          ['account', before.account.key, after.account.key],
          ['via', before.via, after.via],
        ] as const;
        for (const [field, from, to] of fields) {
          const renamed = field === 'account' && before.account.id === after.account.id;
          if (from === to || renamed) continue;
          yield {
            path: [...path, field],
            message: `target "${after.key}" ${where} goes from ${field} ${from} to ${to} in ${environment.head.key}: the role that pods assume now would be ${field === 'via' ? 'closed to them' : 'destroyed'}`,
            hint: `Add a second target beside "${before.key}", move the application, then remove the first.`,
          };
        }
      }
    }
  },
};
