import type { Finding } from '../inventory/Finding';
import type { LoadedInventory } from '../inventory/loadInventory';
import type { Blueprint } from './Blueprint';
import { checkQuotas } from './checkQuotas';
import { compile } from './compile';

/**
 * Compiles every environment of a loaded inventory, or of its sound part where it has errors. Returns the blueprints, and all findings: those
 * of the inventory, then those of the quotas.
 */
export function compileLoaded({ inventory, sound, findings, locate }: LoadedInventory): {
  readonly blueprints: readonly Blueprint[];
  readonly findings: readonly Finding[];
} {
  const checked = inventory ?? sound;
  if (checked === undefined) return { blueprints: [], findings };
  const blueprints = checked.environments.map(({ key }) => compile(checked, key));
  return { blueprints, findings: [...findings, ...checkQuotas(checked, blueprints).map(locate)] };
}
