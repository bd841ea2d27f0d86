import { compile } from '../blueprint/compile';
import { stacksOf } from '../blueprint/stacksOf';
import { stateLocation } from '../blueprint/stateLocation';
import type { Estate } from '../estate/Estate';
import type { Inventory } from '../inventory/Inventory';
import { drift, type Drift, type DriftRequest } from '../operations/drift/drift';
import type { StackStates } from '../operations/recover/Recovery';
import { readStates } from '../runners/stateBackend';
import { progressLine } from './output';
import { stateHere } from './started';

/**
 * The states of the environments' stacks, from the backend of the inventory; with another backend than a local one, by Terraform.
 *
 * @param stacks only these; default: all
 */
export async function stackStates(
  inventory: Inventory,
  environments: readonly string[],
  command: string,
  stacks?: readonly string[],
): Promise<StackStates> {
  const folder = process.env.PODLIFT_STATE_DIRECTORY;
  const locations = environments.flatMap((key) => {
    const blueprint = compile(inventory, key);
    return stacksOf(blueprint)
      .filter(({ name }) => stacks?.includes(name) !== false)
      .map(({ name }) => [name, stateHere(stateLocation(name, blueprint, folder))] as const);
  });
  const { show, end } = progressLine(command, process.stderr, Date.now, 'states');
  let done = 0;
  const onProgress = (stack: string): void => {
    show({ done, total: locations.length, what: stack });
    done += 1;
  };
  return readStates(new Map(locations), { onProgress }).finally(end);
}

/**
 * Compares the inventory with what stands. The states are read where an apply would be advised: it fails where they lack what exists. They are not compared with an
 * Estate from a file, which shows another time.
 */
export async function driftWithStates(
  inventory: Inventory,
  request: DriftRequest,
  estate: Estate,
  { isLive, command }: { readonly isLive: boolean; readonly command: string },
): Promise<Drift> {
  const found = drift(inventory, request, estate);
  const advised = found.differences.filter(({ apply, blocksApply }) => (apply ?? blocksApply) !== undefined);
  const environments = request.environments.filter((key) => advised.some(({ environment }) => environment === key));
  if (!isLive || environments.length === 0) return found;
  return drift(inventory, request, estate, await stackStates(inventory, environments, command));
}
