import type { Estate } from '../../src/estate/Estate';
import { placesOf } from '../../src/estate/places';
import type { Question } from '../../src/estate/questions';
import { readEstate } from '../../src/estate/readEstate';
import type { Inventory } from '../../src/inventory/Inventory';
import { NOW } from './agreedWorld';
import { portsTo } from './portsTo';
import type { World } from './World';

/** The Estate of a world, as far as the questions ask for it. */
export function estateOf(
  world: World,
  inventory: Inventory,
  questions: (estate: Estate) => readonly Question[],
): Promise<Estate> {
  return readEstate(questions, portsTo(world), placesOf(inventory), { clock: () => NOW });
}
