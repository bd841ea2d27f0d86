import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Mode } from '../../comparison/access';
import { openQuestions, settle } from '../../estate/ask';
import { placesOf } from '../../estate/places';
import { answerOf } from '../../estate/questions';
import type { Environment, Inventory, Stage } from '../../inventory/Inventory';
import { onClusters } from '../../operations/checks/Check';
import { cluster as isCluster } from '../../operations/checks/cluster';
import { throttledTimes, throttleQuestion } from '../../operations/checks/eksAuthRate';
import { judge } from '../../operations/checks/judge';
import {
  type HandRestart,
  restartPlan,
  type RestartPlan,
  type RestartTarget,
  secondsToWait,
} from '../../operations/restart/restartPlan';
import { restartOne, type RestartProblem, type RestartWorld, whereOf } from './restartOne';

/** A target that was restarted, or is left. */
export interface RestartedTarget extends Pick<RestartTarget, 'workloads' | 'namespace' | 'name' | 'pods'> {
  /** The cluster's key. */
  readonly cluster: string;
}

/** What the restarts of a wave did. */
export interface RestartReport {
  /** Those whose new pods have the credentials of the stage. */
  readonly restarted: readonly RestartedTarget[];
  /** Those that are not restarted yet, the failed one first. */
  readonly left: readonly RestartedTarget[];
  /** What a person restarts. */
  readonly byHand: readonly HandRestart[];
  /** EKS Auth throttled requests: podlift restarted one at a time, with a pause. */
  readonly slowed: boolean;
  readonly problem?: RestartProblem;
}

export interface RestartRequest {
  readonly inventory: Inventory;
  readonly environment: Environment;
  readonly wave: string;
  /** The stage of the wave. */
  readonly stage: Stage;
  /** How many are restarted at a time. */
  readonly atATime: number;
  /** The stacks of the wave were changed just now. */
  readonly applied: boolean;
  /** The apply comes after the restarts: only pods that hold what it takes away count. */
  readonly beforeApply?: boolean;
}

/** Seconds between two restarts while EKS Auth throttles. Its rate is one of requests a second: a pause lets the pods of one restart get their credentials before the next. */
const PAUSE_SECONDS = 60;

/**
 * Restarts the pods of a wave that do not have the credentials of its stage, some at a time: waits until EKS sees the associations, restarts, watches each rollout, and checks
 * what each new pod received. Stops at the first failure. Changes nothing on a cluster that the context does not lead to.
 */
export async function restartWave(request: RestartRequest, world: RestartWorld): Promise<RestartReport> {
  const { inventory, environment, wave, stage, applied, beforeApply = false } = request;
  const workloads = environment.workloads.filter((one) => one.wave === wave);
  const mode = STAGE_TABLE[stage].newPodUses;
  const planned = restartPlan(environment, workloads, beforeApply);
  const identity = workloads
    .flatMap((workload) => onClusters(environment, workload))
    .map((subject) => ({ cluster: subject.cluster, checked: isCluster(subject) }));
  const estate = await world.estate(inventory, (known) => [
    ...openQuestions(
      identity.map(({ checked }) => checked),
      known,
    ),
    ...openQuestions(planned, known),
  ]);
  const plan = settle(planned, estate).value;
  const all = plan.targets.map(shown);
  const report = { restarted: [], left: all, byHand: plan.byHand, slowed: false };
  const places = placesOf(inventory);
  const [foreign] = identity
    .flatMap(({ checked, cluster }) => judge(checked, `waves.${wave}`, estate, places, cluster))
    .filter(({ state }) => state !== 'ok');
  if (foreign !== undefined)
    return { ...report, problem: { kind: 'cluster', found: foreign.found, remedy: foreign.remedy ?? [] } };
  if (plan.blocked.length > 0) return { ...report, problem: { kind: 'blocked', blocked: plan.blocked } };
  const wait = secondsToWait(plan, estate.at, { mode, applied });
  if (wait > 0) await pause(wait, 'until EKS sees the change of the associations', world);
  return restartAll(request, plan, { ...report, left: [] }, mode, world);
}

async function restartAll(
  { inventory, environment, atATime }: RestartRequest,
  { targets, changedAt }: Pick<RestartPlan, 'targets' | 'changedAt'>,
  report: RestartReport,
  mode: Mode,
  world: RestartWorld,
): Promise<RestartReport> {
  const restarted: RestartedTarget[] = [];
  let rest = targets;
  let slowed = false;
  const stop = (problem: RestartProblem, failed: readonly RestartTarget[] = []): RestartReport => ({
    ...report,
    ...{ restarted, slowed, problem },
    left: [...failed, ...rest].map(shown),
  });
  while (rest.length > 0) {
    if (world.stopped()) return stop({ kind: 'interrupted' });
    const throttled = mode === 'pod-identity' && (await isThrottled(inventory, environment, targets, world));
    if (throttled) {
      if (!slowed) world.say('EKS Auth throttled requests in the last hour: podlift restarts one at a time');
      slowed = true;
      if (restarted.length > 0) await pause(PAUSE_SECONDS, 'since EKS Auth throttles', world);
      if (world.stopped()) return stop({ kind: 'interrupted' });
    }
    const now = rest.slice(0, throttled ? 1 : atATime);
    rest = rest.slice(now.length);
    const before = targets.length - rest.length - now.length;
    for (const [index, one] of now.entries())
      world.say(`restarting ${whereOf(one)} (${before + index + 1} of ${targets.length})`);
    const results = await Promise.all(
      now.map(async (target) => ({ target, problem: await restartOne({ inventory, target, mode, changedAt }, world) })),
    );
    restarted.push(...results.filter(({ problem }) => problem === undefined).map(({ target }) => shown(target)));
    const failed = results.filter(({ problem }) => problem !== undefined);
    const problem = failed[0]?.problem;
    if (problem !== undefined)
      return stop(
        problem,
        failed.map(({ target }) => target),
      );
  }
  return { ...report, restarted, slowed };
}

/** Whether CloudTrail has throttled requests to EKS Auth of the last hour, in the regions of the targets. Without an answer: no. */
async function isThrottled(
  inventory: Inventory,
  { account }: Environment,
  targets: readonly RestartTarget[],
  world: RestartWorld,
): Promise<boolean> {
  const regions = [...new Set(targets.map(({ cluster }) => cluster.region))];
  const questionsAt = (now: Date) => regions.map((region) => throttleQuestion(account.id, region, now));
  const estate = await world.estate(inventory, ({ at }) => questionsAt(new Date(at)));
  return questionsAt(new Date(estate.at)).some((question) => {
    const answer = answerOf(estate, question);
    return answer.ok && throttledTimes(answer.value, question.since).length > 0;
  });
}

/** Waits some seconds, in steps: an interrupt ends it. */
async function pause(seconds: number, why: string, world: RestartWorld): Promise<void> {
  world.say(`waiting ${seconds} s ${why}`);
  for (let left = seconds; left > 0 && !world.stopped(); left -= 1) await world.sleep(1000);
}

function shown({ workloads, cluster, namespace, name, pods }: RestartTarget): RestartedTarget {
  return { workloads, cluster: cluster.key, namespace, name, pods };
}
