import type { Workload } from '../../inventory/Inventory';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Ports } from '../../estate/Ports';
import type { Check, Step } from './Check';
import type { Evidence } from './Evidence';
import { evidenceOf, judged, unanswered } from './evidenceOf';
import { awsPlace } from './places';
import { trustDifference } from './sameTrust';
import { stageSince } from './stageSince';
import { isPodIdentity, TRAIL_DELAY, trailEvents, trailPlace } from './trailEvents';
import { partsAt } from './workloadsOnClusters';

/** What Pod Identity leaves: EKS's own call of STS, and the agent's call of EKS Auth. */
const EVENTS = ['AssumeRoleForPodIdentity', 'AssumeRole'];

/**
 * The workload's role has been used since the stage began: a workload that slept has proved nothing. IAM's `RoleLastUsed` is asked
 * first, which costs one call; together with `web-identity-unused`, such a use can only have come by Pod Identity, as long as the
 * trust policy lets nobody else in. Where it does (GitHub or another cluster on an adopted role), and where the last use is older,
 * CloudTrail is asked for sessions that EKS took.
 */
export const roleUsed: Check = (step, ports, now) =>
  Promise.all(step.workloads.map((workload) => ask(step, ports, now, workload)));

async function ask(step: Step, ports: Ports, now: Date, workload: Workload): Promise<Evidence> {
  const { account, region } = step.environment;
  const { arn, name } = partsAt(step, workload, step.from).role;
  const iam = {
    check: 'role-used',
    workload: workload.key,
    asked: `iam:GetRole ${name} (RoleLastUsed)`,
    of: awsPlace(account, region),
  } as const;
  const since = stageSince(step, now);
  if (!since.known)
    return evidenceOf(step, now, iam, {
      found: `not known from when on to look: ${since.found}`,
      holds: 'no',
      remedy: since.remedy,
    });
  const role = await ports.aws(account, region).role(name);
  if (!role.ok) return evidenceOf(step, now, iam, unanswered(iam, role));
  const lastUsed = role.value?.lastUsed;
  const alone = role.value !== undefined && isAlone(step, workload, role.value);
  if (alone && lastUsed !== undefined && new Date(lastUsed) >= since.since)
    return evidenceOf(step, now, iam, { found: `last used ${lastUsed}`, holds: 'yes' });

  const trail = { ...iam, asked: `cloudtrail:LookupEvents ${EVENTS.join(', ')}`, of: trailPlace(step) } as const;
  const events = await trailEvents(step, ports, now, EVENTS, since.since);
  return judged(step, now, trail, events, (all) => {
    const uses = all.filter((event) => isPodIdentity(step, workload, arn, event));
    const last = uses
      .map(({ at }) => at)
      .toSorted()
      .at(-1);
    if (last !== undefined)
      return { found: `${uses.length} sessions by Pod Identity, the last at ${last}`, holds: 'yes' };
    return {
      found: `not used since ${since.since.toISOString()} (RoleLastUsed ${lastUsed ?? 'never'}${alone ? '' : ', which may be another’s'}, up to 4 hours late; ${TRAIL_DELAY})`,
      holds: 'no',
      remedy: `Let the workload run once (a CronJob: kubectl create job --from=cronjob/…), then ask again:\nnpx podlift gate ${step.wave.key} --environment ${step.environment.key}`,
    };
  });
}

/** Whether a role's trust policy has podlift's statements for the workload alone: then whoever used it was the workload. */
function isAlone(step: Step, workload: Workload, { trust }: RoleFacts): boolean {
  if (workload.role.keepTrust !== undefined) return false;
  return trustDifference(trust, partsAt(step, workload, step.from).role.trust).extra === 0;
}
