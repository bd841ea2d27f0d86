import type { Rule } from '../Rule';

export const incompleteOverride: Rule = {
  name: 'incomplete-override',
  what: 'An override adds only complete parts: a new target has its account, and a new `sdk` has both keys.',
  example: 'target "ledger" has no account in prod',
  *check({ written }) {
    for (const [key, workload] of Object.entries(written.workloads)) {
      for (const [environment, override] of Object.entries(workload.overrides ?? {})) {
        const path = ['workloads', key, 'overrides', environment];
        for (const [target, { account }] of Object.entries(override.targets ?? {})) {
          if (account !== undefined || workload.targets?.[target] !== undefined) continue;
          yield {
            path: [...path, 'targets', target],
            message: `target "${target}" has no account in ${environment}, and the workload has no such target`,
            hint: 'Add `account`, or correct the name of the target.',
            at: 'key',
          };
        }
        const sdk = { ...workload.sdk, ...override.sdk };
        const missing = (['language', 'version'] as const).find((field) => sdk[field] === undefined);
        if (!override.sdk || missing === undefined) continue;
        yield {
          path: [...path, 'sdk'],
          message: `sdk has no ${missing} in ${environment}, and the workload has none`,
          hint: `Add \`${missing}\` here or to the workload.`,
          at: 'key',
        };
      }
    }
  },
};
