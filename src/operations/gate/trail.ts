import { need } from '../../estate/ask';
import type { TrailEvent } from '../../estate/aws/AwsPort';
import type { QuestionOf } from '../../estate/questions';
import type { Partition, Workload } from '../../inventory/Inventory';
import type { CheckAsk, Checked } from '../checks/Check';
import { clustersOfStep, type Step } from './Step';

/** Where calls to the global STS endpoint are logged. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html */
const GLOBAL_STS: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** What an operator must know about events of CloudTrail. */
export const TRAIL_DELAY = 'CloudTrail is up to 15 minutes late';

/**
 * Asks for the events of some names since a time in all regions that matter: those of the step's clusters, and the one of the global STS endpoint.
 * `next` receives them together, each once; one region without an answer leaves the whole without.
 */
export function trailEvents(
  step: Step,
  names: readonly string[],
  since: Date,
  next: (events: readonly TrailEvent[]) => Checked,
): CheckAsk {
  const regions = new Set([
    ...clustersOfStep(step).map(({ region }) => region),
    GLOBAL_STS[step.environment.partition],
  ]);
  // Events carry whole seconds: one of the second in which the stage began counts as after it.
  const began = new Date(Math.floor(since.getTime() / 1000) * 1000).toISOString();
  const questions = [...regions].flatMap((region) =>
    names.map((name): QuestionOf<'events'> => ({
      ask: 'events',
      account: step.environment.account.id,
      region,
      name,
      since: began,
    })),
  );
  return need(questions, (...answers) => next([...new Map(answers.flat().map((event) => [event.id, event])).values()]));
}

/** Whether an event speaks of a role. */
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
