import type { Blueprint } from '../blueprint/Blueprint';
import { compileLoaded } from '../blueprint/compileLoaded';
import { type Finding, hasErrors } from '../inventory/Finding';
import type { Environment, Inventory } from '../inventory/Inventory';
import { inventoryFile } from '../inventory/inventoryFile';
import { type LoadedInventory, loadInventory } from '../inventory/loadInventory';
import { requestedEnvironments } from '../inventory/requestedEnvironments';
import { didYouMean, listed } from '../inventory/suggest';
import type { StepRequest } from '../operations/gate/Step';
import { UsageError } from './exit';
import { busy, printToStderr } from './output';

/** The inventory, what it compiles to, and all that is wrong with either. */
export interface Examined {
  readonly file: string;
  /** Every file that it was read from, as findings name them, `file` first. */
  readonly files: readonly string[];
  /** Adds file and line to a path of the inventory. */
  readonly locate: LoadedInventory['locate'];
  /** Absent when the inventory itself has errors. */
  readonly inventory?: Inventory;
  /** One for each environment. */
  readonly blueprints: readonly Blueprint[];
  /** Those of the environments that `PODLIFT_ENVIRONMENT` asks for: one, or all. */
  readonly requested: readonly Blueprint[];
  /** Of the whole inventory, whichever environment is asked for; quotas of the sound part where the rest has errors. */
  readonly findings: readonly Finding[];
}

/**
 * Loads the inventory that the environment variables name, compiles every environment and checks rules and quotas.
 * Throws `UsageError` when the environment that is asked for is none of the inventory's.
 */
export function examine(file: string = inventoryFile()): Examined {
  const { loaded, blueprints, findings } = busy(`checking ${file}`, () => {
    const read = loadInventory(file);
    return { loaded: read, ...compileLoaded(read) };
  });
  const { inventory, files, locate } = loaded;
  if (inventory === undefined) return { file, files, locate, blueprints: [], requested: [], findings };
  const keys = selectEnvironments(inventory, undefined);
  const requested = blueprints.filter(({ environment }) => keys.includes(environment));
  return { file, files, locate, inventory, blueprints, requested, findings };
}

/** The inventory that the environment variables name, or nothing where it has errors; its findings go to stderr. */
export function requireInventory(): (Examined & Required<Pick<Examined, 'inventory'>>) | undefined {
  const { inventory, ...examined } = examine();
  printToStderr(examined.findings);
  return inventory === undefined || hasErrors(examined.findings) ? undefined : { ...examined, inventory };
}

/** Keys of the environments of a command: `--environment`, else `PODLIFT_ENVIRONMENT`, else all. Throws `UsageError` for an unknown one. */
export function selectEnvironments({ environments }: Inventory, option: string | undefined): readonly string[] {
  const known = environments.map(({ key }) => key);
  const asked = requestedEnvironments(known, option, option === undefined ? undefined : '--environment');
  if (asked.environments === undefined) throw new UsageError(asked.problem);
  return asked.environments;
}

/** The environment of a command that works on one: `--environment`, else `PODLIFT_ENVIRONMENT`, else the only one. Throws `UsageError` where that is not clear. */
export function selectEnvironment(inventory: Inventory, option: string | undefined): Environment {
  const selected = selectEnvironments(inventory, option);
  const [only, ...others] = inventory.environments.filter(({ key }) => selected.includes(key));
  if (only !== undefined && others.length === 0) return only;
  const known = inventory.environments.map(({ key }) => key);
  throw new UsageError(`name the environment: --environment ${known.join(' | ')}`);
}

/** Throws `UsageError` when `--wave` names none of the inventory's waves. */
export function requireWave({ waves }: Inventory, option: string | undefined): void {
  const keys = waves.map(({ key }) => key);
  if (option === undefined || keys.includes(option)) return;
  throw new UsageError(`--wave is "${option}": ${didYouMean(option, keys)}waves: ${listed(keys)}`);
}

/**
 * The step that an operator means by a wave and an environment (`--environment`, else `PODLIFT_ENVIRONMENT`, else the only one).
 * Throws `UsageError` where there is no such wave or environment, or none is named and there are several.
 */
export function stepRequest(
  inventory: Inventory,
  wave: string,
  environment: string | undefined,
  direction: StepRequest['direction'],
): StepRequest {
  const names = inventory.waves.map(({ key }) => key);
  if (!names.includes(wave))
    throw new UsageError(`there is no wave "${wave}": ${didYouMean(wave, names)}waves: ${listed(names)}`);
  return { wave, environment: selectEnvironment(inventory, environment).key, direction };
}
