import type { Rule } from '../Rule';

const ONE_HOUR = 3600;

/**
 * Pods reach a target role from the session of another role, with each `via`. "Role chaining limits your AWS CLI or AWS API role session to a maximum of
 * one hour", whatever the role says.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html (role chaining)
 */
export const chainedSession: Rule = {
  name: 'chained-session',
  severities: ['warning'],
  what: 'A target role has no `maxSessionDuration` above one hour: pods get it from the session of another role, which gives one hour at most.',
  example: 'maxSessionDuration 7200 of target "ledger" has no effect',
  *check({ placed }) {
    for (const { environment, workload, at } of placed)
      for (const { key, role } of workload.targets) {
        // The environment's default is for source roles too.
        const isDefault = role.maxSessionDuration === environment.role.maxSessionDuration;
        if (isDefault || (role.maxSessionDuration ?? ONE_HOUR) <= ONE_HOUR) continue;
        yield {
          path: at('targets', key, 'role', 'maxSessionDuration'),
          message: `maxSessionDuration ${String(role.maxSessionDuration)} of target "${key}" has no effect: pods get the role from the session of another role, and AWS ends such sessions after one hour`,
          hint: 'Remove maxSessionDuration. SDKs renew the credentials by themselves.',
        };
      }
  },
};
