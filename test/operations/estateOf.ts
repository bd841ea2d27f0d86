import type { Estate } from '../../src/estate/Estate';
import { placesOf } from '../../src/estate/places';
import type { Question } from '../../src/estate/questions';
import { readEstate } from '../../src/estate/readEstate';
import type { Inventory } from '../../src/inventory/Inventory';
import { NOW, portsTo, type World } from './agreedWorld';

/** The Estate of a world: what these questions ask about the inventory's accounts and clusters, at `NOW`. */
export function estateOf(
  world: World,
  inventory: Inventory,
  questions: (estate: Estate) => readonly Question[],
): Promise<Estate> {
  return readEstate(questions, portsTo(world), placesOf(inventory), { clock: () => NOW });
}
