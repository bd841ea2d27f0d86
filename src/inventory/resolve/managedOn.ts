import type { Cluster, ManageServiceAccount, Workload } from '../Inventory';

/** What Terraform has of a workload's service account on a cluster: nothing without a context, or where an add-on owns the account. */
export function managedOn({ key, serviceAccount }: Workload, { kubernetes, addons }: Cluster): ManageServiceAccount {
  const isAddons = addons.some(({ serviceAccounts }) => Object.values(serviceAccounts).includes(key));
  return kubernetes === undefined || isAddons ? 'none' : serviceAccount.manage;
}
