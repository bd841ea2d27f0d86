import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { compile } from '../../blueprint/compile';
import type { Blueprint } from '../../blueprint/Blueprint';
import { inventoryIdentity, unnamedIdentity } from '../../blueprint/inventoryIdentity';
import { stacksOf } from '../../blueprint/stacksOf';
import type { StateContent } from '../../blueprint/stateContent';
import { locationText, placeKey, type StateLocation, stateLocation } from '../../blueprint/stateLocation';
import { foreignOwner, sharesRoles } from '../../blueprint/stateOwner';
import type { Inventory } from '../../inventory/Inventory';
import { openBackend, type ReadState, type StateBackend } from '../../runners/stateBackend';
import { forgetBackend } from '../../runners/backendRecord';
import { readRevision } from '../../runners/readRevision';
import { requireInventory, selectEnvironments } from '../examine';
import { EXIT, UsageError } from '../exit';
import { busy, print } from '../output';
import { cdktfPath, stateHere } from '../started';
import { lockAdvice } from '../state/lockAdvice';

export interface MoveOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** The earlier name of the inventory. Default: it had none. */
  readonly from?: string;
  /** The states are in local files, and the inventory now has `state`. */
  readonly fromLocal?: boolean;
  /** The states are where the inventory of this git revision has them. Not with `from` and `fromLocal`. */
  readonly base?: string;
}

/** What became of one state. */
type Moved =
  | { readonly what: 'moved'; readonly from: StateLocation; readonly to: StateLocation; readonly backup: string }
  | { readonly what: 'there'; readonly to: StateLocation }
  | { readonly what: 'none' }
  | { readonly what: 'refused'; readonly message: string };

/**
 * `podlift state move`: moves the states of the environments' stacks from an earlier place to the one that the inventory has now, through the
 * operator's Terraform and under its lock. A copy of each state stays in `.podlift/states`. A state is never lost: the new place has it before the old one
 * is emptied, and a second run goes on where the first one ended. Gives 1 where a state could not be moved. Throws `UsageError`.
 */
export async function stateMove(options: MoveOptions): Promise<number> {
  const examined = requireInventory();
  if (examined === undefined) return EXIT.findings;
  const { inventory, file } = examined;
  const earlierOf = earlierPlaces(options, inventory, file);
  const directory = process.env.PODLIFT_STATE_DIRECTORY;
  let exit: number = EXIT.ok;
  const changed: string[] = [];
  for (const key of selectEnvironments(inventory, options.environment)) {
    const blueprint = compile(inventory, key);
    const earlier = earlierOf(blueprint);
    for (const { name } of stacksOf(blueprint)) {
      const to = stateHere(stateLocation(name, blueprint, directory));
      const old = stateHere(stateLocation(name, earlier, directory));
      if (placeKey(old) === placeKey(to)) {
        // How Terraform gets there can be another: then the next init would stop.
        forgetBackend(name, to, recordsOf());
        print(`${name}: the place is the same in ${options.base ?? 'the earlier inventory'}: ${locationText(to)}`);
        continue;
      }
      const moved = await moveOne(blueprint, name, old, to);
      if (moved.what === 'moved' || moved.what === 'there') forgetBackend(name, to, recordsOf());
      if (moved.what === 'moved') changed.push(name);
      if (moved.what === 'refused') exit = EXIT.findings;
      print(lineOf(name, moved));
    }
  }
  if (exit === EXIT.ok && changed.length > 0)
    print(
      `\nThe next plan shows no change of resources:\n${changed.map((stack) => `  npx cdktf plan ${stack}`).join('\n')}`,
    );
  return exit;
}

/** The environment in which Terraform's records are found: cdktf writes them where it runs. */
function recordsOf(): NodeJS.ProcessEnv {
  return { ...process.env, CDKTF_OUTDIR: cdktfPath(process.env.CDKTF_OUTDIR ?? 'cdktf.out') };
}

/** What decides where the states of an environment are. */
type PlaceParts = Pick<Blueprint, 'state' | 'inventory' | 'folder'>;

/** Gives the earlier place of an environment: that of a revision, or the one now with the earlier name or with a local state. Throws `UsageError`. */
function earlierPlaces(
  { from, fromLocal = false, base }: MoveOptions,
  inventory: Inventory,
  file: string,
): (blueprint: Blueprint) => PlaceParts {
  if (base !== undefined) {
    if (from !== undefined || fromLocal) throw new UsageError('--base does not go with --from and --from-local');
    return placesAt(base, file);
  }
  if (from !== undefined && from === inventory.name)
    throw new UsageError(`--from ${from}: this is the name that the inventory has now`);
  if (from === undefined && inventory.name === undefined && !fromLocal)
    throw new UsageError(
      'the inventory has no name, so its states have their place already: write `name: NAME` at its top, name an earlier one with --from NAME, or name a git revision that has another `state` with --base REV',
    );
  return ({ state, folder }) => ({
    ...(fromLocal || state === undefined ? {} : { state }),
    ...(folder !== undefined && { folder }),
    ...(from !== undefined && { inventory: from }),
  });
}

/** The places in the inventory of a git revision. */
function placesAt(base: string, file: string): (blueprint: Blueprint) => PlaceParts {
  const read = busy(`reading ${base}`, () => readRevision(file, base));
  if (!read.found) throw new UsageError('problem' in read ? read.problem : `--base ${base}: it does not have ${file}`);
  const { inventory } = read.loaded;
  if (inventory === undefined)
    throw new UsageError(`--base ${base}: the inventory has errors there, so its states have no place`);
  return ({ environment: key }) => {
    const environment = inventory.environments.find((one) => one.key === key);
    if (environment === undefined)
      throw new UsageError(`--base ${base}: the inventory has no environment "${key}" there`);
    return {
      ...(environment.state !== undefined && { state: environment.state }),
      ...(inventory.name !== undefined && { inventory: inventory.name }),
      folder: resolve(dirname(file)),
    };
  };
}

function lineOf(stack: string, moved: Moved): string {
  switch (moved.what) {
    case 'moved':
      return `${stack}: moved from ${locationText(moved.from)} to ${locationText(moved.to)} (copy: ${moved.backup})`;
    case 'there':
      return `${stack}: ${locationText(moved.to)} has the state already`;
    case 'none':
      return `${stack}: there is no state to move`;
    case 'refused':
      return `${stack}: not moved: ${moved.message}`;
  }
}

async function moveOne(blueprint: Blueprint, stack: string, from: StateLocation, to: StateLocation): Promise<Moved> {
  // A local backend creates its folder and no file: asked before anything else.
  if (from.backend === 'local' && !existsSync(from.path) && to.backend === 'local' && !existsSync(to.path))
    return { what: 'none' };
  const [source, target] = [await openBackend(from), await openBackend(to)];
  try {
    return await moveBetween(blueprint, stack, { from, to, source, target });
  } finally {
    source.close();
    target.close();
  }
}

interface Places {
  readonly from: StateLocation;
  readonly to: StateLocation;
  readonly source: StateBackend;
  readonly target: StateBackend;
}

async function moveBetween(blueprint: Blueprint, stack: string, places: Places): Promise<Moved> {
  const { from, to, source, target } = places;
  const [old, new_] = [await source.pull(), await target.pull()];
  if (!old.ok) return refused(`${locationText(from)}: ${old.message}`);
  if (!new_.ok) return refused(`${locationText(to)}: ${new_.message}`);
  const [before, after] = [full(old), full(new_)];
  if (before === undefined || old.text === undefined)
    return after === undefined ? { what: 'none' } : { what: 'there', to };
  if (!belongs(blueprint, before))
    return refused(
      `${locationText(from)} is a state of another inventory: ${foreignOwner(blueprint, [before]) ?? 'it has no role of this one'}`,
    );
  // A remote backend gives a state without an earlier one another lineage: the resources tell whether an earlier run has copied it.
  const isCopied = (state: StateContent | undefined) => isDeepStrictEqual(state?.resources, before.resources);
  if (after !== undefined && !isCopied(after))
    return refused(
      `${locationText(to)} has another state with resources. Move it away first, or name the right one with --from`,
    );
  const backup = keepCopy(stack, old.text);
  if (after === undefined) {
    // Takes the lock of the old place and changes nothing: a copy that is made during an apply would be older than the state.
    const locked = await source.push(old.text);
    if (locked !== undefined) return refused(`${locationText(from)}: ${locked}${lockAdvice(locked, from)}`);
    const failure = await target.push(renamed(old.text, inventoryIdentity(blueprint)));
    if (failure !== undefined)
      return refused(`${locationText(to)}: ${failure} (copy: ${backup})${lockAdvice(failure, to)}`);
    const written = await target.pull();
    if (!written.ok || !isCopied(written.content))
      return refused(`${locationText(to)} does not have the state after the write (copy: ${backup})`);
  }
  // Terraform refuses an older serial: a change of the old state since it was read is never lost.
  const failure = await source.push(emptied(old.text));
  if (failure !== undefined)
    return refused(
      `${locationText(to)} has the state, and ${locationText(from)} could not be emptied: ${failure}. Run the command again${lockAdvice(failure, from)}`,
    );
  return { what: 'moved', from, to, backup };
}

function refused(message: string): Moved {
  return { what: 'refused', message };
}

function full(state: Extract<ReadState, { ok: true }>): StateContent | undefined {
  return state.content !== undefined && state.content.resources.length > 0 ? state.content : undefined;
}

/** A stack of service accounts can have none whose role is known: then its output alone decides. */
function belongs(blueprint: Blueprint, state: StateContent): boolean {
  if (state.roleArns.length > 0) return sharesRoles(blueprint, [state]);
  return [undefined, blueprint.inventory, unnamedIdentity(blueprint)].includes(state.inventory);
}

/** The same state with the output of the inventory that it belongs to now. */
function renamed(text: string, identity: string): string {
  const state = JSON.parse(text) as { readonly outputs?: object };
  const outputs = { ...state.outputs, inventory: { value: identity, type: 'string' } };
  return JSON.stringify({ ...state, outputs }, null, 2);
}

/** The same state with no resources and the next serial: so that Terraform takes it in place of this one, and of no later one. */
function emptied(text: string): string {
  const state = JSON.parse(text) as { readonly serial: number };
  return JSON.stringify(
    { ...state, serial: state.serial + 1, outputs: {}, resources: [], check_results: null },
    null,
    2,
  );
}

/** Writes a copy of a state, which can have secrets, for its owner alone. Gives the path. */
function keepCopy(stack: string, text: string): string {
  const folder = join('.podlift', 'states');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const file = join(folder, `${stamp}.${stack}.tfstate`);
  writeFileSync(resolve(file), text, { mode: 0o600, flag: 'wx' });
  return file;
}
