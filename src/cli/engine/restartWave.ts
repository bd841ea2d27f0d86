import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Mode } from '../../comparison/access';
import { openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { contextOf, placesOf } from '../../estate/places';
import { answerOf, type Question } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import type { Environment, Inventory, Stage } from '../../inventory/Inventory';
import { onClusters } from '../../operations/checks/Check';
import { cluster as isCluster } from '../../operations/checks/cluster';
import { throttledTimes, throttleQuestion } from '../../operations/checks/eksAuthRate';
import { judge } from '../../operations/checks/judge';
import {
  type Blocked,
  type HandRestart,
  podsOfOwner,
  restartPlan,
  type RestartTarget,
  secondsToWait,
  type WrongPod,
  wrongPods,
} from '../../operations/restart/restartPlan';
import { type Kubectl, restartAndWatch } from '../../runners/restarts';

/** What the restarts of a wave need of the world. */
export interface RestartWorld {
  /** What AWS and the clusters answer now. */
  readonly estate: (inventory: Inventory, questions: (estate: Estate) => readonly Question[]) => Promise<Estate>;
  readonly kubectl: Kubectl;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The operator interrupted podlift: nothing more is begun. */
  readonly stopped: () => boolean;
  /** A line of progress. */
  readonly say: (line: string) => void;
}

/** Why the restarts stopped. */
export type RestartProblem =
  | { readonly kind: 'cluster'; readonly found: string; readonly remedy: Remedy }
  | { readonly kind: 'blocked'; readonly blocked: readonly Blocked[] }
  | { readonly kind: 'kubectl'; readonly target: string; readonly cluster: string; readonly message: string }
  | {
      readonly kind: 'credentials';
      readonly target: string;
      readonly cluster: string;
      readonly expected: Mode;
      readonly pods: readonly WrongPod[];
    }
  /** A deleted pod was not replaced in time by one that is ready. */
  | { readonly kind: 'not-replaced'; readonly target: string; readonly cluster: string }
  | { readonly kind: 'no-answer'; readonly cluster: string; readonly message: string }
  | { readonly kind: 'interrupted' };

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
}

/** Seconds between two restarts while EKS Auth throttles. Its rate is one of requests a second: a pause lets the pods of one restart get their credentials before the next. */
const PAUSE_SECONDS = 60;

/** How often podlift asks whether a deleted pod is replaced, and how many times. */
const [REPLACED_EVERY, REPLACED_TRIES] = [5000, 120];

/**
 * Restarts the pods of a wave that do not have the credentials of its stage, some at a time: waits until EKS sees the associations, restarts, watches each rollout, and checks
 * what each new pod received. Stops at the first failure. Changes nothing on a cluster that the context does not lead to.
 */
export async function restartWave(request: RestartRequest, world: RestartWorld): Promise<RestartReport> {
  const { inventory, environment, wave, stage, applied } = request;
  const workloads = environment.workloads.filter((one) => one.wave === wave);
  const mode = STAGE_TABLE[stage].newPodUses;
  const planned = restartPlan(environment, workloads);
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
  return restartAll(request, plan.targets, { ...report, left: [] }, mode, world);
}

async function restartAll(
  { inventory, environment, atATime }: RestartRequest,
  targets: readonly RestartTarget[],
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
    for (const one of now)
      world.say(`restarting ${whereOf(one)} (${targets.length - rest.length} of ${targets.length})`);
    const results = await Promise.all(
      now.map(async (target) => ({ target, problem: await restartOne(inventory, target, mode, world) })),
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

/** Restarts one target; gives what went wrong. */
async function restartOne(
  inventory: Inventory,
  target: RestartTarget,
  mode: Mode,
  world: RestartWorld,
): Promise<RestartProblem | undefined> {
  const where = { target: `${target.namespace}/${target.name}`, cluster: target.cluster.key };
  const pods = async (): Promise<{ readonly pods: readonly PodFacts[] } | RestartProblem> => {
    const question = { ask: 'pods', cluster: target.cluster.arn, namespace: target.namespace } as const;
    const answer = answerOf(await world.estate(inventory, () => [question]), question);
    return answer.ok ? { pods: answer.value } : { kind: 'no-answer', cluster: where.cluster, message: answer.message };
  };
  const before = target.way === 'delete' ? await pods() : { pods: [] };
  if ('kind' in before) return before;
  const context = contextOf(target.cluster);
  const done = await restartAndWatch({ ...target, context }, world.kubectl);
  if (!done.ok) return world.stopped() ? { kind: 'interrupted' } : { kind: 'kubectl', ...where, message: done.message };
  const wanted = podsOfOwner(target, before.pods).length;
  for (let tries = 0; ; tries += 1) {
    const after = await pods();
    if ('kind' in after) return after;
    const own = podsOfOwner(target, after.pods);
    const isReplaced = target.way === 'rollout' || own.filter(({ ready }) => ready).length >= wanted;
    // A controller replaces its pods one by one: each deleted pod is judged, the others come later.
    const name = target.name.slice('pod/'.length);
    const known = new Set(podsOfOwner(target, before.pods).map((pod) => pod.name));
    const judged = target.way === 'rollout' ? own : own.filter((pod) => pod.name === name || !known.has(pod.name));
    const wrong = wrongPods(target, judged, mode);
    if (wrong.length > 0) return { kind: 'credentials', ...where, expected: mode, pods: wrong };
    if (isReplaced) return undefined;
    if (world.stopped()) return { kind: 'interrupted' };
    if (tries >= REPLACED_TRIES) return { kind: 'not-replaced', ...where };
    await world.sleep(REPLACED_EVERY);
  }
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

function whereOf({ cluster, namespace, name }: RestartTarget): string {
  return `${namespace}/${name} on ${cluster.key}`;
}

function shown({ workloads, cluster, namespace, name, pods }: RestartTarget): RestartedTarget {
  return { workloads, cluster: cluster.key, namespace, name, pods };
}
