import { ask, need } from '../../estate/ask';
import type { TrailEvent } from '../../estate/aws/AwsPort';
import type { Cluster } from '../../inventory/Inventory';
import type { Concern, Step, StepCheck } from '../gate/Step';
import { clustersOfStep } from '../gate/Step';
import { TRAIL_DELAY } from '../gate/trail';
import { run } from '../remedies';
import { type CheckAsk, type Checked, fail, onClusters, pass, problem } from './Check';
import { holds, ownPods } from './pods';

/**
 * EKS Auth gives the pods of an account in a region their credentials, and throttles when too many ask at once: a pod then waits, or starts without
 * credentials. The check fails where EKS Auth throttled in the last hour, and warns where the step leaves many pods to restart.
 */
export const eksAuthRate: StepCheck = (step, now) => {
  const clusters = clustersOfStep(step);
  const regions = [...new Set(clusters.map(({ region }) => region))];
  return regions.flatMap((region) =>
    concernsIn(
      step,
      region,
      clusters.filter((one) => one.region === region),
      now,
    ),
  );
};

function concernsIn(step: Step, region: string, clusters: readonly Cluster[], now: Date): readonly Concern[] {
  const of = (checked: Checked): Concern => ({
    ...(clusters.length === 1 && clusters[0] !== undefined && { cluster: clusters[0] }),
    path: `waves.${step.wave.key}`,
    checked,
  });
  return [of(throttled(step, region, now)), of(restarts(step, region))];
}

/** Milliseconds. */
const [MINUTE, HOUR] = [60_000, 3_600_000];

/**
 * The error codes of a throttled call. EKS Auth has ThrottlingException; CloudTrail has the code in `errorCode`.
 * Sources: https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html (Errors),
 * https://repost.aws/knowledge-center/cloudtrail-rate-exceeded
 */
const THROTTLED =
  /^(Client\.)?(Throttling(Exception)?|ThrottledException|TooManyRequests(Exception)?|RequestLimitExceeded)$/;

/** What shows the requests to EKS Auth of the last hour, in the account (its id) and the region. */
export function throttleQuestion(account: string, region: string, now: Date) {
  // A whole minute, so that one answer of CloudTrail serves all rounds of questions.
  const since = new Date(Math.floor((now.getTime() - HOUR) / MINUTE) * MINUTE).toISOString();
  return { ask: 'events', account, region, name: 'AssumeRoleForPodIdentity', since } as const;
}

/** When EKS Auth throttled requests, the oldest first. */
export function throttledTimes(events: readonly TrailEvent[], since: string): readonly string[] {
  return events
    .filter(({ error, at }) => error !== undefined && THROTTLED.test(error) && at >= since.slice(0, 19))
    .map(({ at }) => at)
    .toSorted();
}

/** The limit is one of the account in the region: events of every cluster count. */
function throttled({ environment, wave }: Step, region: string, now: Date): CheckAsk {
  const question = throttleQuestion(environment.account.id, region, now);
  return need([question], (events: readonly TrailEvent[]) => {
    const found = throttledTimes(events, question.since);
    const last = found.at(-1);
    if (last === undefined) return pass(`EKS Auth throttled no request in ${region} in the last hour; ${TRAIL_DELAY}`);
    return problem(
      `EKS Auth throttled ${found.length === 1 ? '1 request' : `${found.length} requests`} in ${region} in the last hour, the last at ${last}: pods that start get their credentials late, or not at all`,
      [
        'Find out which pods start at that time (CronJobs, autoscaling), and spread them. Update the agent: newer versions ask once for each pod. AWS Support can raise the rate of AssumeRoleForPodIdentity. An hour after the last such request, run the gate again:',
        run`npx podlift gate ${wave.key} --environment ${environment.key}`,
      ],
    );
  });
}

/**
 * So many pods are restarted without a warning. AWS publishes no rate of EKS Auth: the page of quotas has none, and users saw throttling from some 15
 * requests a second. 100 pods that start within some seconds are near that.
 * Sources: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html; aws/eks-pod-identity-agent #50, #92, #171
 */
const MOST_PODS = 100;

/** The pods that are to be restarted: after the step into `dual` all of them, later those that hold no Pod Identity. Without an answer, other checks say so. */
function restarts(step: Step, region: string): CheckAsk | undefined {
  const { environment, workloads, from, to } = step;
  const subjects = workloads
    .flatMap((workload) => onClusters(environment, { ...workload, stage: from }, to))
    .filter(({ cluster }) => cluster.region === region);
  const [first] = subjects;
  if (first === undefined) return undefined;
  return ask(
    subjects.map(({ questions }) => questions.pods),
    (...answers) => {
      const known = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
      if (known.length < answers.length) return undefined;
      const pods = subjects.flatMap((subject, index) => ownPods(subject, known[index] ?? []));
      const count = pods.filter((pod) => !holds('pod-identity', pod)).length;
      const found = `${count === 1 ? '1 pod has' : `${count} pods have`} to restart in ${region}`;
      if (count <= MOST_PODS) return pass(found);
      return fail(
        'warning',
        `${found}, and each requests credentials from EKS Auth: more than ${MOST_PODS} at once can be throttled`,
        'Restart the workloads one after the other, and wait for each (kubectl rollout status). Or divide the wave.',
      );
    },
  );
}
