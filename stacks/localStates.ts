import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { inventoryIdentity } from '../src/blueprint/inventoryIdentity';
import { stacksOf } from '../src/blueprint/stacksOf';
import { parseState, type StateContent, StateFormatError } from '../src/blueprint/stateContent';
import { stateLocation } from '../src/blueprint/stateLocation';
import { foreignOwner, sharesRoles } from '../src/blueprint/stateOwner';

/** The local states do not fit the inventory. The message is for the operator, and the commands after it fix it. */
export class StateError extends Error {
  constructor(
    message: string,
    readonly commands: readonly (readonly string[])[] = [],
  ) {
    super(message);
  }
}

/** `PODLIFT_STATE_CHECK=off` skips the check. */
export const STATE_CHECK = 'PODLIFT_STATE_CHECK';

/**
 * Refuses to synthesise an environment whose local states belong to another inventory: its plan would destroy what the other inventory has. Also
 * refuses where the states are still at the place of an earlier name: a plan without them would create everything again. Throws a {@link StateError}.
 */
export function checkLocalStates(blueprint: Blueprint, stateDirectory: string | undefined): void {
  const stacks = stacksOf(blueprint).flatMap((stack) => {
    const location = stateLocation(stack.name, blueprint, stateDirectory);
    return location.backend === 'local' ? [{ ...stack, path: location.path, state: readLocal(location.path) }] : [];
  });
  if (stacks.length === 0) return;
  const states = stacks.flatMap(({ state }) => state ?? []);
  const owner = foreignOwner(blueprint, states);
  if (owner !== undefined) {
    const paths = stacks.filter(({ state }) => hasResources(state)).map(({ path }) => path);
    throw new StateError(
      [
        `The states of environment "${blueprint.environment}" are ${owner}, not of this inventory (${inventoryIdentity(blueprint)}): ${paths.join(', ')}`,
        'A plan would destroy what the other inventory has. Write `name: NAME` at the top of this inventory: its states then have their own files.',
        `If it is the same inventory, and all of its workloads were replaced at once, set ${STATE_CHECK}=off for this run.`,
      ].join('\n'),
    );
  }
  const moved = stacks.flatMap(({ name, path, state }) =>
    hasResources(state) ? [] : earlierStates(name, path).filter((one) => sharesRoles(blueprint, [one.state])),
  );
  if (moved.length > 0)
    throw new StateError(
      [
        `The states of environment "${blueprint.environment}" are at the place of an earlier name: ${moved.map(({ path }) => path).join(', ')}`,
        'A plan without them would create everything again. Move them:',
      ].join('\n'),
      [...new Set(moved.map(({ name }) => name))].map((name) => [
        ...['npx', 'podlift', 'state', 'move', '--environment', blueprint.environment],
        ...(name === undefined ? [] : ['--from', name]),
      ]),
    );
}

/** A state file of a stack under another name of the inventory. */
export interface EarlierState {
  /** The name of the inventory in the file's name. Absent: none. */
  readonly name?: string;
  readonly path: string;
  readonly state: StateContent;
}

/** The states of a stack with resources, beside the file of its state: those without a name and those of other names. */
function earlierStates(stack: string, path: string): readonly EarlierState[] {
  const prefix = basename(path).startsWith('terraform.') ? 'terraform.' : '';
  const folder = dirname(resolve(path));
  return namesIn(folder).flatMap((file): readonly EarlierState[] => {
    if (file === basename(path) || !file.startsWith(prefix) || !file.endsWith(`${stack}.tfstate`)) return [];
    const named = /^(?:([a-z0-9-]+)\.)?$/.exec(file.slice(prefix.length, -`${stack}.tfstate`.length));
    if (named === null) return [];
    const [, name] = named;
    const state = readLocal(join(folder, file));
    return hasResources(state) ? [{ ...(name !== undefined && { name }), path: file, state }] : [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A local state; undefined where there is none. Throws a {@link StateError} for a file that is no state. */
export function readLocal(path: string): StateContent | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StateError(`The state ${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    return parseState(text);
  } catch (error) {
    if (!(error instanceof StateFormatError)) throw error;
    throw new StateError(`${path}: ${error.message}.\nRestore it from ${path}.backup, see docs/RECOVERY.md.`);
  }
}

function hasResources(state: StateContent | undefined): state is StateContent {
  return state !== undefined && state.resources.length > 0;
}
