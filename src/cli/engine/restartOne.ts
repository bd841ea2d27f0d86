import type { Mode } from '../../comparison/access';
import type { Estate } from '../../estate/Estate';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { contextOf } from '../../estate/places';
import { answerOf, type Question } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import type { Inventory } from '../../inventory/Inventory';
import { kubectl as kubectlStep, remedyOf } from '../../operations/remedies';
import {
  type Blocked,
  podsOfOwner,
  type RestartTarget,
  type WrongPod,
  wrongPods,
} from '../../operations/restart/restartPlan';
import { type HeldBack, rolloutWay } from '../../operations/restart/rolloutWay';
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

/** How often podlift asks whether a deleted pod is replaced, and how many times. */
const [REPLACED_EVERY, REPLACED_TRIES] = [5000, 120];

/** One target, and what its new pods have to receive. */
export interface OneRestart {
  readonly inventory: Inventory;
  readonly target: RestartTarget;
  readonly mode: Mode;
  /** When an association of the wave was changed last. */
  readonly changedAt: string | undefined;
}

/** Restarts the pods of one target, watches, and checks what its new pods received. Gives what went wrong; nothing where all is well. */
export async function restartOne(one: OneRestart, world: RestartWorld): Promise<RestartProblem | undefined> {
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

/** `production/deployment/api on main`. */
export function whereOf({ cluster, namespace, name }: RestartTarget): string {
  return `${namespace}/${name} on ${cluster.key}`;
}
