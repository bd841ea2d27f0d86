import type { Inventory } from '../inventory/Inventory';
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
  return {
    environment: environment.key,
    account: environment.account,
    region: environment.region,
    partition: environment.partition,
    tags: environment.tags,
    ...(environment.state === undefined ? {} : { state: environment.state }),
    agents: agents(environment),
    oidcProviders: managedOidcProviders(environment),
    roles: parts.map(({ role }) => role),
    targetRoles: parts.flatMap(({ targetRoles }) => targetRoles),
    associations: parts.flatMap(({ associations }) => associations),
    serviceAccounts: parts.flatMap((part) => part.serviceAccounts),
  };
}
