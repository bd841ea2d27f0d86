import type { Inventory } from '../../inventory/Inventory';
import { type Move, planWalk } from './planWalk';
import { wavesIn } from './wavesIn';

/** The walk of one wave in one of the environments, to the last stage and back, that takes the fewest steps; nothing without waves. */
export function shortestWalk(
  inventory: Inventory,
  environments: readonly string[],
): { readonly environment: string; readonly wave: string; readonly moves: readonly Move[] } | undefined {
  return environments
    .flatMap((environment) =>
      wavesIn(inventory, environment).map((wave) => ({
        environment,
        wave,
        moves: planWalk({ waves: inventory.waves, environment, rehearsed: [wave], to: 'pod-identity' }),
      })),
    )
    .sort((one, other) => one.moves.length - other.moves.length)[0];
}
