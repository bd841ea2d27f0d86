import type { Blueprint } from '../blueprint/Blueprint';
import { checkQuotas } from '../blueprint/checkQuotas';
import { compile } from '../blueprint/compile';
import type { Finding } from '../inventory/Finding';
import type { Inventory } from '../inventory/Inventory';
import { inventoryFile } from '../inventory/inventoryFile';
import { loadInventory } from '../inventory/loadInventory';
import { requestedEnvironments } from '../inventory/requestedEnvironments';
import { UsageError } from './UsageError';

/** The inventory, what it compiles to, and all that is wrong with either. */
export interface Examined {
  readonly file: string;
  /** Every file that it was read from, as findings name them, `file` first. */
  readonly files: readonly string[];
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
  const { inventory, sound, findings: broken, files, locate } = loadInventory(file);
  const checked = inventory ?? sound;
  const blueprints = checked?.environments.map(({ key }) => compile(checked, key)) ?? [];
  const findings = [...broken, ...(checked === undefined ? [] : checkQuotas(checked, blueprints).map(locate))];
  if (inventory === undefined) return { file, files, blueprints: [], requested: [], findings };
  const asked = requestedEnvironments(blueprints.map(({ environment }) => environment));
  if (asked.environments === undefined) throw new UsageError(asked.problem);
  return {
    file,
    files,
    inventory,
    blueprints,
    requested: blueprints.filter(({ environment }) => asked.environments.includes(environment)),
    findings,
  };
}
