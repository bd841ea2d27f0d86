import type { Rule } from '../Rule';

/** Overrides may say a part of a map only where the workload says the rest. */
export const incompleteOverride: Rule = {
  name: 'incomplete-override',
  severities: ['error'],
  what: 'What an override adds is whole: a new target has its account, a new `sdk` both its keys.',
  example: 'target "ledger" has no account in prod',
  *check({ written }) {
    for (const [key, workload] of Object.entries(written.workloads)) {
      for (const [environment, override] of Object.entries(workload.overrides ?? {})) {
        const path = ['workloads', key, 'overrides', environment];
        for (const [target, { account }] of Object.entries(override.targets ?? {})) {
          if (account !== undefined || workload.targets?.[target] !== undefined) continue;
          yield {
            path: [...path, 'targets', target],
            message: `target "${target}" has no account in ${environment}, and the workload itself has no such target`,
            hint: 'Add `account`, or correct the name of the target.',
            at: 'key',
          };
        }
        const sdk = { ...workload.sdk, ...override.sdk };
        const missing = (['language', 'version'] as const).find((field) => sdk[field] === undefined);
        if (!override.sdk || missing === undefined) continue;
        yield {
          path: [...path, 'sdk'],
          message: `sdk has no ${missing} in ${environment}, and the workload itself has none`,
          hint: `Add \`${missing}\` here or to the workload.`,
          at: 'key',
        };
      }
    }
  },
};
