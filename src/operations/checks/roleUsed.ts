import { compileWorkload } from '../../blueprint/compileWorkload';
import { compareTrust } from '../../comparison/trust';
import { need } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { isPodIdentity, TRAIL_DELAY, trailEvents } from '../gate/trail';
import { run, say } from '../remedies';
import { type CheckAsk, fail, pass } from './Check';
import { stageSince } from './soak';

/** What Pod Identity leaves in CloudTrail: EKS's own call of STS, and the agent's call of EKS Auth. */
const EVENTS = ['AssumeRoleForPodIdentity', 'AssumeRole'];

/**
 * The workload's role has been used since the stage began: a workload that slept has proved nothing. IAM's `RoleLastUsed` is asked
 * first, which costs one call; together with `web-identity-unused`, such a use can only be Pod Identity's, as long as the
 * trust policy names nobody else. Where it does (GitHub or another cluster on an adopted role), and where the last use is older,
 * CloudTrail is asked for sessions that EKS started.
 */
export const roleUsed: StepCheck = (step, now) => {
  const since = stageSince(step, now);
  return step.workloads.map((workload) => ({
    workload,
    path: `waves.${step.wave.key}.stages`,
    checked: [since.known ? usedSince(step, workload, since.since) : since.result],
  }));
};

function usedSince(step: Step, workload: Workload, since: Date): CheckAsk {
  const { environment, wave } = step;
  const { role } = compileWorkload(environment, { ...workload, stage: step.from });
  return need([{ ask: 'role', account: environment.account.id, name: role.name }], (found) => {
    const lastUsed = found?.lastUsed;
    const alone = found !== undefined && isAlone(workload, role.trust, found);
    if (alone && lastUsed !== undefined && new Date(lastUsed) >= since) return [pass(`last used ${lastUsed}`)];
    return trailEvents(step, EVENTS, since, (events) => {
      const uses = events.filter((event) => isPodIdentity(step, workload, role.arn, event));
      const last = uses
        .map(({ at }) => at)
        .toSorted()
        .at(-1);
      if (last !== undefined) return [pass(`${uses.length} sessions through Pod Identity, the last at ${last}`)];
      const others = alone || lastUsed === undefined ? '' : ', possibly by another principal';
      return [
        fail(
          'problem',
          `not used since ${since.toISOString()} (RoleLastUsed ${lastUsed ?? 'never'}${others}, up to 4 hours late; ${TRAIL_DELAY})`,
          [
            say(
              'Run the workload once (a CronJob: kubectl create job NAME --from=cronjob/NAME), then run the gate again:',
            ),
            run('npx', 'podlift', 'gate', wave.key, '--environment', environment.key),
          ],
        ),
      ];
    });
  });
}

/** Whether a role's trust policy has podlift's statements for the workload alone: then whoever used it was the workload. */
function isAlone({ role }: Workload, wanted: RoleFacts['trust'], { trust }: RoleFacts): boolean {
  return role.keepTrust === undefined && compareTrust(wanted, trust).extra.length === 0;
}
