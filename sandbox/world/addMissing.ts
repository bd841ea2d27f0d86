import { accountOf } from './findState';
import type { World } from './World';

/**
 * Adds to a saved world what a seed has and it does not: the clusters, roles, policies and OIDC providers that its inventory has
 * gained since. What stands in both is left as it was saved. Gives the saved world.
 */
export function addMissing(saved: World, seeded: World): World {
  saved.ambientAccount = seeded.ambientAccount;
  addTo(saved.clusters, seeded.clusters);
  for (const [id, { roles, policies, oidcProviders }] of Object.entries(seeded.accounts)) {
    const account = accountOf(saved, id);
    addTo(account.roles, roles);
    addTo(account.policies, policies);
    addTo(account.oidcProviders, oidcProviders);
  }
  return saved;
}

function addTo<T>(saved: Record<string, T>, seeded: Readonly<Record<string, T>>): void {
  for (const [key, value] of Object.entries(seeded)) saved[key] ??= value;
}
