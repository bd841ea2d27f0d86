import type { Inventory } from '../inventory/Inventory';
import { addons } from './addons';
import { agents } from './agents';
import type { Blueprint } from './Blueprint';
import { compileWorkload } from './compileWorkload';
import { managedOidcProviders } from './managedOidcProviders';

/**
 * What must exist for one environment of a loaded inventory. Deterministic: the order is the inventory's.
 * Throws when the inventory has no environment of that name.
 */
export function compile(inventory: Inventory, environmentKey: string): Blueprint {
  const environment = inventory.environments.find(({ key }) => key === environmentKey);
  if (environment === undefined) {
    const known = inventory.environments.map(({ key }) => key).join(', ');
    throw new Error(`The inventory has no environment "${environmentKey}". It has: ${known}. Name one of these.`);
  }
  const parts = environment.workloads.map((workload) => compileWorkload(environment, workload));
  const roles = parts.map(({ role }) => role);
  const associations = parts.flatMap((part) => part.associations);
  return {
    environment: environment.key,
    account: environment.account,
    region: environment.region,
    partition: environment.partition,
    tags: environment.tags,
    ...(environment.state === undefined ? {} : { state: environment.state }),
    agents: agents(environment),
    addons: addons(environment, roles, associations),
    oidcProviders: managedOidcProviders(environment),
    roles,
    targetRoles: parts.flatMap(({ targetRoles }) => targetRoles),
    associations,
    serviceAccounts: parts.flatMap((part) => part.serviceAccounts),
  };
}
