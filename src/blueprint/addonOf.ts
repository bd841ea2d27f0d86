import type { Cluster, Workload } from '../inventory/Inventory';

/** The name of the add-on that owns a workload's service account on a cluster, or undefined. */
export function addonOf({ addons }: Pick<Cluster, 'addons'>, { key }: Pick<Workload, 'key'>): string | undefined {
  return addons.find(({ serviceAccounts }) => Object.values(serviceAccounts).includes(key))?.name;
}
