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
  type RestartPlan,
  type RestartTarget,
  secondsToWait,
  type WrongPod,
  wrongPods,
} from '../../operations/restart/restartPlan';
import { type HeldBack, rolloutWay } from '../../operations/restart/rolloutWay';
import { kubectl as kubectlStep, remedyOf } from '../../operations/remedies';
import {
  beginRollout,
  deletePod,
  type Kubectl,
  type NamespacedObject,
  readOwner,
  watchRollout,
} from '../../runners/restarts';

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
  /** `remedy`: how to see why. */
  | {
      readonly kind: 'kubectl';
      readonly target: string;
      readonly cluster: string;
      readonly message: string;
      readonly remedy: Remedy;
    }
  /** Its team holds the rollout back; `remedy`: what a person does. */
  | {
      readonly kind: 'held-back';
      readonly target: string;
      readonly cluster: string;
      readonly why: HeldBack;
      readonly remedy: Remedy;
    }
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
  /** The apply comes after the restarts: only pods that hold what it takes away count. */
  readonly beforeApply?: boolean;
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

/** One target, and what its new pods have to receive. */
interface OneRestart {
  readonly inventory: Inventory;
  readonly target: RestartTarget;
  readonly mode: Mode;
  /** When an association of the wave was changed last. */
  readonly changedAt: string | undefined;
}

/** Restarts one target; gives what went wrong. */
async function restartOne(one: OneRestart, world: RestartWorld): Promise<RestartProblem | undefined> {
  const { target, changedAt } = one;
  if (target.way === 'delete') return replacePod(one, target.name, world);
  const owner = await readOwner(objectOf(target), world.kubectl);
  if (!owner.ok) return kubectlProblem(target, owner.message, world);
  const way = rolloutWay(owner.output, changedAt);
  switch (way) {
    case 'paused':
    case 'held':
      return heldBack(one, way, world);
    case 'one by one':
      return replaceAll(one, world);
    case 'watch': {
      world.say(`${whereOf(target)}: a restart goes on since an earlier run, and podlift watches it`);
      const problem = await watched(one, world);
      return problem?.kind === 'credentials' ? rolledOut(one, world) : problem;
    }
    case 'restart':
      return rolledOut(one, world);
  }
}

async function rolledOut(one: OneRestart, world: RestartWorld): Promise<RestartProblem | undefined> {
  const begun = await beginRollout(objectOf(one.target), world.kubectl);
  return begun.ok ? watched(one, world) : kubectlProblem(one.target, begun.message, world);
}

/** Waits until a rollout is complete, and judges its pods. */
async function watched({ target, ...one }: OneRestart, world: RestartWorld): Promise<RestartProblem | undefined> {
  const done = await watchRollout(objectOf(target), world.kubectl, (line) => {
    world.say(`${whereOf(target)}: ${line}`);
  });
  if (!done.ok) return kubectlProblem(target, done.message, world);
  const after = await podsOf(one.inventory, target, world);
  return 'kind' in after ? after : credentialsProblem(target, after.pods, one.mode);
}

/** Deletes the pods that do not have the credentials, each after the one before is replaced. */
async function replaceAll(one: OneRestart, world: RestartWorld): Promise<RestartProblem | undefined> {
  const found = await podsOf(one.inventory, one.target, world);
  if ('kind' in found) return found;
  // As a StatefulSet does it: the highest number first.
  const wrong = wrongPods(one.target, found.pods, one.mode).toSorted((a, b) => collator.compare(b.pod, a.pod));
  for (const [index, { pod }] of wrong.entries()) {
    if (world.stopped()) return { kind: 'interrupted' };
    world.say(`${whereOf(one.target)}: replacing pod ${pod} (${index + 1} of ${wrong.length})`);
    const problem = await replacePod(one, `pod/${pod}`, world);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Deletes a pod of a target, and judges the one that replaces it. */
async function replacePod(
  { inventory, target, mode }: OneRestart,
  name: string,
  world: RestartWorld,
): Promise<RestartProblem | undefined> {
  const before = await podsOf(inventory, target, world);
  if ('kind' in before) return before;
  const old = podsOfOwner(target, before.pods);
  const done = await deletePod({ ...objectOf(target), name }, world.kubectl);
  if (!done.ok) return kubectlProblem(target, done.message, world);
  // A controller replaces its pods one by one: each deleted pod is judged, the others come later. A StatefulSet gives the new pod the old name.
  const known = new Set(old.map((pod) => pod.name));
  known.delete(name.slice('pod/'.length));
  for (let tries = 0; ; tries += 1) {
    const after = await podsOf(inventory, target, world);
    if ('kind' in after) return after;
    const own = podsOfOwner(target, after.pods);
    const wrong = credentialsProblem(
      target,
      own.filter((pod) => !known.has(pod.name)),
      mode,
    );
    if (wrong !== undefined) return wrong;
    if (own.length >= old.length && readyOf(own) >= readyOf(old)) return undefined;
    if (world.stopped()) return { kind: 'interrupted' };
    if (tries >= REPLACED_TRIES) return { kind: 'not-replaced', ...placeOf(target) };
    await world.sleep(REPLACED_EVERY);
  }
}

const collator = new Intl.Collator('en', { numeric: true });

async function podsOf(
  inventory: Inventory,
  { cluster, namespace }: RestartTarget,
  world: RestartWorld,
): Promise<{ readonly pods: readonly PodFacts[] } | RestartProblem> {
  const question = { ask: 'pods', cluster: cluster.arn, namespace } as const;
  const answer = answerOf(await world.estate(inventory, () => [question]), question);
  return answer.ok ? { pods: answer.value } : { kind: 'no-answer', cluster: cluster.key, message: answer.message };
}

function readyOf(pods: readonly PodFacts[]): number {
  return pods.filter(({ ready }) => ready).length;
}

function credentialsProblem(target: RestartTarget, pods: readonly PodFacts[], mode: Mode): RestartProblem | undefined {
  const wrong = wrongPods(target, pods, mode);
  return wrong.length === 0 ? undefined : { kind: 'credentials', ...placeOf(target), expected: mode, pods: wrong };
}

/** kubectl failed, or the operator's interrupt ended it. */
function kubectlProblem(target: RestartTarget, message: string, world: RestartWorld): RestartProblem {
  if (world.stopped()) return { kind: 'interrupted' };
  const command = kubectlStep(target.cluster, target.namespace);
  const { kind, name } = target.owner;
  const describe = target.way === 'rollout' ? command`describe ${kind.toLowerCase()}/${name}` : [];
  const remedy = remedyOf('To see why:', describe, command`get pods -o wide`);
  return { kind: 'kubectl', ...placeOf(target), message, remedy };
}

async function heldBack(
  { inventory, target, mode }: OneRestart,
  why: HeldBack,
  world: RestartWorld,
): Promise<RestartProblem> {
  const problem = { kind: 'held-back', ...placeOf(target), why } as const;
  const command = kubectlStep(target.cluster, target.namespace);
  const found = await podsOf(inventory, target, world);
  const pods = 'kind' in found ? [] : wrongPods(target, found.pods, mode);
  const byHand = pods.map(({ pod }) => command`delete pod ${pod}`);
  switch (why) {
    case 'paused':
      return {
        ...problem,
        remedy: remedyOf(
          'Its team has paused its rollouts. When the team agrees, delete these pods one after the other, and wait for each new pod. A deleted pod comes back from the template that it had:',
          byHand,
          'Or resume the rollouts, which also rolls out each change of the template since then:',
          command`rollout resume deployment/${target.owner.name}`,
        ),
      };
    case 'held':
      return {
        ...problem,
        remedy: remedyOf(
          'Its strategy is OnDelete, and its pod template has changed since these pods were created: a deleted pod comes back from the new template. When its team agrees, delete its pods one after the other, and wait for each new pod:',
          byHand,
        ),
      };
  }
}

function objectOf({ cluster, namespace, name }: RestartTarget): NamespacedObject {
  return { context: contextOf(cluster), namespace, name };
}

function placeOf({ namespace, name, cluster }: RestartTarget): { readonly target: string; readonly cluster: string } {
  return { target: `${namespace}/${name}`, cluster: cluster.key };
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
