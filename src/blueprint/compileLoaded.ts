import type { Finding } from '../inventory/Finding';
import type { LoadedInventory } from '../inventory/loadInventory';
import type { Blueprint } from './Blueprint';
import { checkQuotas } from './checkQuotas';
import { checkStates } from './checkStates';
import { compile } from './compile';

/**
 * Compiles every environment of a loaded inventory, or of its sound part where it has errors. Returns the blueprints, and all findings: those
 * of the inventory, then those of the quotas and of the states.
 */
export function compileLoaded({ inventory, sound, findings, locate }: LoadedInventory): {
  readonly blueprints: readonly Blueprint[];
  readonly findings: readonly Finding[];
} {
  const checked = inventory ?? sound;
  if (checked === undefined) return { blueprints: [], findings };
  const blueprints = checked.environments.map(({ key }) => compile(checked, key));
  const problems = [...checkQuotas(checked, blueprints), ...checkStates(blueprints)];
  return { blueprints, findings: [...findings, ...problems.map(locate)] };
}
