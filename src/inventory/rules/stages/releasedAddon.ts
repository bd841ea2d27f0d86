import type { Rule } from '../Rule';

/** An add-on is one resource for all its service accounts: Terraform manages or forgets the whole add-on. */
export const releasedAddon: Rule = {
  name: 'released-addon',
  what: 'Workloads of one add-on are released together.',
  example:
    'add-on aws-efs-csi-driver of cluster "main" has the released workload "efs" and "efs-node", which is not released',
  *check({ inventory }) {
    for (const { key: environment, clusters, workloads, released = [] } of inventory.environments) {
      for (const { key: cluster, addons } of clusters) {
        for (const { name, serviceAccounts } of addons) {
          const owned = Object.values(serviceAccounts);
          const gone = released.find(({ key }) => owned.includes(key));
          const kept = workloads.find(({ key }) => owned.includes(key));
          if (gone === undefined || kept === undefined) continue;
          yield {
            path: ['environments', environment, 'clusters', cluster, 'addons', name],
            message: `add-on ${name} of cluster "${cluster}" has the released workload "${gone.key}" and "${kept.key}", which is not released`,
            hint: `Write released: true at workloads.${kept.key} too: Terraform manages or forgets the whole add-on.`,
            at: 'key',
          };
        }
      }
    }
  },
};
