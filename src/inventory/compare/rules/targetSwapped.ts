import { isPast } from '../../Inventory';
import type { CompareRule } from '../compare';

export const targetSwapped: CompareRule = {
  name: 'target-swapped',
  what: 'A target of a workload past `irsa` keeps its account and its `via`.',
  example: 'target "ledger" of workload "api" changes account from data-prod to apps-prod in prod',
  *check({ workloads }) {
    for (const { base, head, environment, targets } of workloads) {
      if (!isPast(base.stage, 'irsa')) continue;
      const where = `of workload "${head.key}"`;
      for (const { base: before, head: after } of targets.kept) {
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
            message: `target "${after.key}" ${where} changes ${field} from ${from} to ${to} in ${environment.head.key}: ${field === 'via' ? 'pods could no longer assume the role' : 'the role that pods assume now would be destroyed'}`,
            hint: `Add a second target beside "${before.key}", move the app, then remove the first.`,
          };
        }
      }
    }
  },
};
