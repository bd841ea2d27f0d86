import type { Blueprint } from '../blueprint/Blueprint';
import { checkQuotas } from '../blueprint/checkQuotas';
import { compile } from '../blueprint/compile';
import type { Finding } from '../inventory/Finding';
import type { Inventory } from '../inventory/Inventory';
import { inventoryFile } from '../inventory/inventoryFile';
import { loadInventory } from '../inventory/loadInventory';

/** The inventory, what it compiles to, and all that is wrong with either. */
export interface Examined {
  readonly file: string;
  /** Absent when the inventory itself has errors. */
  readonly inventory?: Inventory;
  /** One for each environment. */
  readonly blueprints: readonly Blueprint[];
  readonly findings: readonly Finding[];
}

/** Loads the inventory that the environment variables name, compiles every environment and checks rules and quotas. */
export function examine(file: string = inventoryFile()): Examined {
  const { inventory, findings, locate } = loadInventory(file);
  if (inventory === undefined) return { file, blueprints: [], findings };
  const blueprints = inventory.environments.map(({ key }) => compile(inventory, key));
  return { file, inventory, blueprints, findings: [...findings, ...checkQuotas(inventory, blueprints).map(locate)] };
}
