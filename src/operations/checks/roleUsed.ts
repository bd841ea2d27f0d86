import { compileWorkload } from '../../blueprint/compileWorkload';
import { compareTrust } from '../../comparison/trust';
import { need } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { isPodIdentity, TRAIL_DELAY, trailEvents } from '../gate/trail';
import { run } from '../remedies';
import { type CheckAsk, pass, problem } from './Check';
import { roleQuestion } from './rolePermissions';
import { sinceStage } from './soak';

/** What Pod Identity leaves in CloudTrail: EKS's own call of STS, and the agent's call of EKS Auth. */
const EVENTS = ['AssumeRoleForPodIdentity', 'AssumeRole'];

/**
 * The workload's role has been used since the stage began: a workload that slept has proved nothing. IAM's `RoleLastUsed` is asked
 * first, which costs one call; together with `web-identity-unused`, such a use can only be Pod Identity's, as long as the
 * trust policy names no other principal. Where it does (GitHub or another cluster on an adopted role), and where the last use is older,
 * CloudTrail is asked for sessions that EKS started.
 */
export const roleUsed: StepCheck = (step, now) =>
  sinceStage(step, now, (workload, since) => usedSince(step, workload, since));

function usedSince(step: Step, workload: Workload, since: Date): CheckAsk {
  const { environment, wave } = step;
  const { role } = compileWorkload(environment, { ...workload, stage: step.from });
  return need([roleQuestion(environment.account, role.name)], (found) => {
    const lastUsed = found?.lastUsed;
    const alone = found !== undefined && isAlone(workload, role.trust, found);
    if (alone && lastUsed !== undefined && new Date(lastUsed) >= since) return pass(`last used ${lastUsed}`);
    return trailEvents(step, EVENTS, since, (events) => {
      const uses = events.filter((event) => isPodIdentity(step, workload, role.arn, event));
      const times = uses.map(({ at }) => at).toSorted();
      const last = times.at(-1);
      if (last !== undefined) return pass(`${uses.length} sessions through Pod Identity, the last at ${last}`);
      const others = alone || lastUsed === undefined ? '' : ', possibly by another principal';
      return problem(
        `not used since ${since.toISOString()} (RoleLastUsed ${lastUsed ?? 'never'}${others}, up to 4 hours late; ${TRAIL_DELAY})`,
        [
          'Run the workload once (a CronJob: kubectl create job NAME --from=cronjob/NAME), then run the gate again:',
          run`npx podlift gate ${wave.key} --environment ${environment.key}`,
        ],
      );
    });
  });
}

/** Whether a role's trust policy has podlift's statements for the workload alone: then any use was one of the workload. */
function isAlone({ role }: Workload, wanted: RoleFacts['trust'], { trust }: RoleFacts): boolean {
  const allows = compareTrust(wanted, trust).extra.some(({ Effect }) => Effect === 'Allow');
  return role.keepTrust === undefined && !allows;
}
