import { compile } from '../../blueprint/compile';
import { atTimeOf, isNoAnswer, openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { type Places, placesOf, questionText } from '../../estate/places';
import type { Question } from '../../estate/questions';
import type { Inventory } from '../../inventory/Inventory';
import { noAnswerText, say } from '../remedies';
import { addonComparisons } from './addons';
import { type Comparison, type Difference, DRIFT_KINDS, type Scope } from './Difference';
import { type FormerTag, formerTags } from './formerTags';
import { adoptionComparisons, roleComparisons } from './roles';
import {
  type ComparedStates,
  compareStates,
  type OutsideState,
  type UnreadState,
  withRecoverFirst,
} from './outsideStates';
import { annotationComparisons, associationComparisons } from './serviceAccounts';
import { keysIn } from '../recover/stateKeys';
import type { StackStates } from '../recover/Recovery';

/** What AWS and the clusters are compared about. */
export interface DriftRequest {
  /** Keys. */
  readonly environments: readonly string[];
  /** Its key; default: every workload of the environments, in waves or not. */
  readonly workload?: string;
  /** Compares nothing but the stages of adopted roles whose entries say `found`. */
  readonly onlyFound?: boolean;
}

/** How AWS and the clusters differ from the inventory. */
export interface Drift {
  /** The time of the Estate (ISO 8601). */
  readonly when: string;
  readonly environments: readonly string[];
  /** How many were compared, counted in each environment. */
  readonly workloads: number;
  /** How many comparisons were made. */
  readonly asked: number;
  /** In the inventory's order: those of each workload by kind, then those of clusters; empty: nothing differs. */
  readonly differences: readonly Difference[];
  /** Roles whose next apply removes a tag of an earlier version of podlift; absent where there are none. */
  readonly formerTags?: readonly FormerTag[];
  /** The states of the stacks were read. Absent: they are not known. */
  readonly readStates?: true;
  /** Resources that exist and that no state has, of stacks whose apply would be the fix; absent where there are none, and where no state was read. */
  readonly outsideStates?: readonly OutsideState[];
  /** States that could not be read; absent where there are none. */
  readonly unreadStates?: readonly UnreadState[];
}

/** The questions of a comparison that an Estate does not answer yet. */
export function driftQuestions(inventory: Inventory, request: DriftRequest): (estate: Estate) => readonly Question[] {
  const scopes = scopesOf(inventory, request);
  const comparisonsAt = atTimeOf((now) => scopes.flatMap((scope) => comparisonsOf({ ...scope, now }, request)));
  return (estate) => comparisonsAt(estate).flatMap(({ differences }) => openQuestions(differences, estate));
}

/**
 * Compares everything that the inventory says must be there with what stands, and gives what differs. Documents are compared by what they mean. A
 * question without an answer is a difference that is `unknown`.
 *
 * @param states those of the stacks: an apply is advised only for a stack whose state has what exists. Absent: they are not known.
 */
export function drift(inventory: Inventory, request: DriftRequest, estate: Estate, states?: StackStates): Drift {
  const places = placesOf(inventory);
  const known = states && compareStates(inventory, request.environments, estate, states);
  const scopes = scopesOf(inventory, request).map((scope) => ({
    ...scope,
    now: new Date(estate.at),
    ...(states !== undefined && { hasState: hasState(states, known) }),
  }));
  const all = scopes.map((scope) => ({ scope, comparisons: comparisonsOf(scope, request) }));
  const differences = all.flatMap(({ scope, comparisons }) => {
    const here = comparisons.flatMap((one) => differencesOf(scope.environment.key, one, estate, places));
    return inOrder(scope, withRecoverFirst(withoutApply(here), known?.outside ?? []));
  });
  // Without a difference nothing is to be applied.
  const { outside = [], unread = [] } = differences.length === 0 ? {} : (known ?? {});
  const former = scopes.flatMap((scope) => formerTags(scope, estate));
  return {
    when: estate.at,
    environments: scopes.map(({ environment }) => environment.key),
    workloads: scopes.reduce((sum, { workloads }) => sum + workloads.length, 0),
    asked: all.reduce((sum, { comparisons }) => sum + comparisons.length, 0),
    differences,
    ...(former.length > 0 && { formerTags: former }),
    ...(states !== undefined && { readStates: true as const }),
    ...(outside.length > 0 && { outsideStates: outside }),
    ...(unread.length > 0 && { unreadStates: unread }),
  };
}

function hasState(states: StackStates, known: ComparedStates | undefined): NonNullable<Scope['hasState']> {
  const unread = new Set(known?.unread.map(({ stack }) => stack));
  return (stack, key) => {
    const state = states.get(stack);
    // No state at all: it is lost, or the operator works elsewhere.
    if (state?.ok !== true || state.content === undefined || unread.has(stack)) return undefined;
    return keysIn(state.content).has(key);
  };
}

function scopesOf(inventory: Inventory, { environments, workload }: DriftRequest): readonly Omit<Scope, 'now'>[] {
  return inventory.environments
    .filter(({ key }) => environments.includes(key))
    .map((environment) => {
      const blueprint = compile(inventory, environment.key);
      const workloads = environment.workloads.filter(({ key }) => workload === undefined || key === workload);
      const clusters = environment.clusters.filter(
        ({ key }) => workload === undefined || workloads.some((one) => one.clusters.includes(key)),
      );
      return { environment, blueprint, workloads, clusters };
    });
}

function comparisonsOf(scope: Scope, { onlyFound = false }: DriftRequest): readonly Comparison[] {
  if (onlyFound)
    return scope.workloads.flatMap((one) => (one.found === undefined ? [] : adoptionComparisons(scope, one)));
  return [
    ...scope.workloads.flatMap((workload) =>
      [adoptionComparisons, roleComparisons, associationComparisons].flatMap((compare) => compare(scope, workload)),
    ),
    ...scope.clusters.flatMap((cluster) => [
      ...annotationComparisons(scope, cluster),
      ...addonComparisons(scope, cluster),
    ]),
  ];
}

function differencesOf(
  environment: string,
  { differences, ...subject }: Comparison,
  estate: Estate,
  places: Places,
): readonly Difference[] {
  const { value, questions } = settle(differences, estate);
  if (!isNoAnswer(value)) {
    const [text = { asked: '', of: '' }] = questions.map((question) => questionText(question, places));
    return value.map((one) => ({ environment, ...subject, holds: 'no', ...text, ...one }));
  }
  const { noAnswer, answer } = value;
  const texts = { ...questionText(noAnswer, places), ...noAnswerText(value, places) };
  return [{ environment, ...subject, holds: 'unknown', ...texts, reason: answer.why, question: noAnswer }];
}

/**
 * Where an apply would cost running pods their role, no other difference advises an apply of that stack (stacks are applied whole), nor any other
 * change of that workload: its stage must be corrected first. The differences are those of one environment.
 */
function withoutApply(differences: readonly Difference[]): readonly Difference[] {
  const blocking = differences.filter(({ blocksApply }) => blocksApply !== undefined);
  const stacks = new Set(blocking.flatMap(({ blocksApply = [] }) => blocksApply));
  return differences.map((one) => {
    const isBlocked =
      one.apply?.some((stack) => stacks.has(stack)) === true || blocking.some((it) => it.workload === one.workload);
    if (one.blocksApply !== undefined || one.holds === 'unknown' || !isBlocked) return one;
    const byTrust = blocking.every(({ kind }) => kind === 'trust');
    const what = byTrust ? 'the trust policy in the inventory' : 'the stage of the adopted role';
    const rest = { ...one, remedy: [say(`Correct ${what} first, then run drift again.`)] };
    Reflect.deleteProperty(rest, 'apply');
    Reflect.deleteProperty(rest, 'appliedAt');
    return rest;
  });
}

const KINDS = Object.keys(DRIFT_KINDS);

function inOrder({ workloads }: Scope, differences: readonly Difference[]): readonly Difference[] {
  const order = new Map(workloads.map(({ key }, index) => [key, index]));
  const indexOf = ({ workload = '' }: Difference) => order.get(workload) ?? workloads.length;
  return differences.toSorted(
    (one, other) => indexOf(one) - indexOf(other) || KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind),
  );
}
