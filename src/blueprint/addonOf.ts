import type { Cluster, Subject, Workload } from '../inventory/Inventory';

/** The name of the add-on that owns a service account of a workload on a cluster, or undefined. */
export function addonOf(
  { addons }: Pick<Cluster, 'addons'>,
  { key }: Pick<Workload, 'key'>,
  { name }: Pick<Subject, 'name'>,
): string | undefined {
  return addons.find(({ serviceAccounts }) => serviceAccounts[name] === key)?.name;
}
