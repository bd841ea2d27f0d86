import type { Estate } from '../../estate/Estate';
import type { Remedy } from '../../estate/Remedy';
import type { Inventory } from '../../inventory/Inventory';
import { recover } from '../recover/recover';
import type { FoundResource, StackStates } from '../recover/Recovery';
import { applyStacks, remedyOf, run } from '../remedies';
import type { Difference } from './Difference';

/** A resource that exists and that the state of its stack does not have: an apply of the stack fails, since the resource already exists. */
export type OutsideState = Pick<FoundResource, 'environment' | 'stack' | 'kind' | 'where'>;

/** A state that could not be read, and why. */
export interface UnreadState {
  readonly stack: string;
  readonly found: string;
}

/** What the states say of the resources that an Estate has. */
export interface ComparedStates {
  readonly outside: readonly OutsideState[];
  readonly unread: readonly UnreadState[];
}

/** Why a state is not known though the backend answers. */
const NO_STATE = 'the backend has none, though resources of the stack exist';

/** Compares what an Estate has with the states, as `podlift recover` does. What the Estate does not have is left to that command. */
export function compareStates(
  inventory: Inventory,
  environments: readonly string[],
  estate: Estate,
  states: StackStates,
): ComparedStates {
  const { resources } = recover(inventory, { environments }, states, estate);
  // Policies are written whole: IAM has no error for one that exists.
  const standing = resources.filter(
    ({ what, effect }) => (what === 'import' || what === 'other') && effect !== undefined,
  );
  // It is lost, or another folder or machine has it.
  const isAbsent = (stack: string) => {
    const state = states.get(stack);
    return state?.ok === true && state.content === undefined;
  };
  const absent = new Set(standing.flatMap(({ stack }) => (isAbsent(stack) ? [stack] : [])));
  return {
    outside: standing
      .filter(({ stack }) => !absent.has(stack))
      .map(({ environment, stack, kind, where }) => ({ environment, stack, kind, where })),
    unread: [
      ...resources.flatMap(({ kind, stack, found }) => (kind === 'state' ? [{ stack, found }] : [])),
      ...[...absent].map((stack) => ({ stack, found: NO_STATE })),
    ],
  };
}

/** What comes before an apply of a stack whose state lacks what exists. */
export function recoverFirst(environment: string): Remedy {
  return remedyOf(
    'A state lacks resources that exist, so an apply fails (already exists): an earlier apply was killed, or the state was lost. Find out what to do, then run drift again:',
    run`npx podlift recover --environment ${environment}`,
  );
}

/** The differences without the advice to apply a stack whose state lacks what exists. */
export function withRecoverFirst(
  differences: readonly Difference[],
  outside: readonly OutsideState[],
): readonly Difference[] {
  const stacks = new Set(outside.map(({ stack }) => stack));
  return differences.map((one) => {
    const { apply = [], remedy, environment } = one;
    if (!apply.some((stack) => stacks.has(stack))) return one;
    const steps = applyStacks(apply)
      .slice(1)
      .map((step) => JSON.stringify(step));
    const first = remedy.findIndex((step) => JSON.stringify(step) === steps[0]);
    // The sentence before the commands announces them.
    const other = remedy.filter((step, index) => index !== first - 1 && !steps.includes(JSON.stringify(step)));
    const rest = { ...one, remedy: [...other, ...recoverFirst(environment)], recoverFirst: true as const };
    Reflect.deleteProperty(rest, 'apply');
    return rest;
  });
}
