import type { Inventory } from '../../inventory/Inventory';
import type { SandboxSeed, SeedRole } from '../../sandbox/Seed';
import { restoreWorld } from '../../sandbox/world/savedWorld';
import { accountRoles, ambientAccountOf } from '../sandboxSeed';
import { estateSeed } from './estateSeed';
import type { ExistingEstate } from './existingEstateSchema';

/**
 * The seed of a sandbox that begins with an estate: the estate, with the deploy roles and read roles of the inventory where the estate does not have
 * them. What else the inventory has does not exist, as in AWS before an apply.
 *
 * @param world the saved world, when the sandbox continues. What was deleted since the start is not in the seed: it would come back.
 */
export function seedOfEstate(estate: ExistingEstate, inventory: Inventory, world?: string): SandboxSeed {
  const seed = estateSeed(estate, ambientAccountOf(inventory), new Date());
  const standing = new Set((seed.roles ?? []).map(keyOf));
  const more = accountRoles(inventory, seed.ambientAccount).filter((role) => !standing.has(keyOf(role)));
  const accounts = [...new Set([...(seed.accounts ?? []), ...inventory.accounts.map(({ id }) => id)])];
  if (world === undefined) return { ...seed, accounts, roles: [...(seed.roles ?? []), ...more] };

  const saved = restoreWorld(world);
  const left = (seed.roles ?? []).filter(
    ({ account, name }) => saved.accounts[account]?.roles[name.toLowerCase()] !== undefined,
  );
  return { ...seed, accounts, policies: [], oidcProviders: [], roles: [...left.map(withoutPolicies), ...more] };
}

function keyOf({ account, name }: SeedRole): string {
  return `${account}/${name.toLowerCase()}`;
}

/** Its policies are those of the saved world; the seed only knows when it was last used, and for what. */
function withoutPolicies({ account, name, path, trust, lastUsed, used }: SeedRole): SeedRole {
  return {
    account,
    name,
    trust,
    ...(path === undefined ? {} : { path }),
    ...(lastUsed === undefined ? {} : { lastUsed }),
    ...(used === undefined ? {} : { used }),
  };
}
