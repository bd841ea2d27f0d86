import type { Partition, Workload } from '../../inventory/Inventory';
import type { Answer, TrailEvent } from '../../estate/aws/AwsPort';
import type { Ports } from '../../estate/Ports';
import type { Step } from './Check';
import { awsPlace } from './places';
import { clustersOfStep } from './workloadsOnClusters';

/** Where calls to the global STS endpoint are logged. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html */
const GLOBAL_STS: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** CloudTrail keeps its event history for 90 days; an hour less, so that the start of the span is never before it. */
const KEPT = (90 * 24 - 1) * 3_600_000;

/** What a check is told about the way events were asked for. */
export const TRAIL_DELAY = 'CloudTrail is up to 15 minutes late';

/** The regions whose events tell of the step's roles: those of its clusters, and the one of the global STS endpoint. */
export function trailRegions(step: Step): readonly string[] {
  const regions = clustersOfStep(step).map(({ region }) => region);
  return [...new Set([...regions, GLOBAL_STS[step.environment.partition]])];
}

/** `apps-prod (333333333333) us-west-2, us-east-1`. */
export function trailPlace(step: Step): string {
  return awsPlace(step.environment.account, trailRegions(step).join(', '));
}

/**
 * The events of some names since a time in all regions that matter, each region asked once for all of the wave's roles.
 * One region without an answer leaves the whole without.
 */
export async function trailEvents(
  step: Step,
  ports: Ports,
  now: Date,
  names: readonly string[],
  since: Date,
): Promise<Answer<readonly TrailEvent[]>> {
  // Events carry whole seconds: one of the second in which the stage began counts as after it.
  const began = Math.floor(since.getTime() / 1000) * 1000;
  const from = new Date(Math.max(began, now.getTime() - KEPT)).toISOString();
  const answers = await Promise.all(
    trailRegions(step).map((region) =>
      ports.aws(step.environment.account, region).events(names, from, now.toISOString()),
    ),
  );
  const events = new Map<string, TrailEvent>();
  for (const answer of answers) {
    if (!answer.ok) return answer;
    for (const event of answer.value) events.set(event.id, event);
  }
  return { ok: true, value: [...events.values()] };
}

/** Whether an event speaks of a workload's role. */
export function isAbout(event: TrailEvent, roleArn: string): boolean {
  return event.roleArns.includes(roleArn);
}

/** Whether an event is EKS Pod Identity's for a workload: EKS assumed its role, or a pod of its service account asked. */
export function isPodIdentity(step: Step, workload: Workload, roleArn: string, event: TrailEvent): boolean {
  if (event.error !== undefined) return false;
  if (event.name === 'AssumeRole') return event.invokedBy === 'pods.eks.amazonaws.com' && isAbout(event, roleArn);
  const { pod } = event;
  if (pod === undefined) return isAbout(event, roleArn);
  return (
    clustersOfStep(step).some(({ key, name }) => name === pod.cluster && workload.clusters.includes(key)) &&
    pod.namespace === workload.namespace &&
    pod.serviceAccount === workload.serviceAccount.name
  );
}
