import type { Inventory } from '../../../src/inventory/Inventory';
import { type Drift, drift, driftQuestions, type DriftRequest } from '../../../src/operations/drift/drift';
import type { World } from '../agreedWorld';
import { estateOf } from '../estateOf';

/** What drift says of a world. Default: of everything in `prod`. */
export async function driftOf(inventory: Inventory, world: World, request: Partial<DriftRequest> = {}): Promise<Drift> {
  const whole = { environments: ['prod'], ...request };
  return drift(inventory, whole, await estateOf(world, inventory, driftQuestions(inventory, whole)));
}
