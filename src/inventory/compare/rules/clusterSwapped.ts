import type { Cluster } from '../../Inventory';
import type { CompareRule } from '../compare';

const FIELDS = {
  name: ({ name }: Cluster) => name,
  region: ({ region }: Cluster) => region,
  oidc: ({ oidc }: Cluster) => oidc?.issuer,
} as const;

export const clusterSwapped: CompareRule = {
  name: 'cluster-swapped',
  what: 'The EKS cluster behind a key stays the same: its name, its region, its issuer.',
  example: 'cluster "main" of prod changes name from prod-main to prod-blue: pods of the old cluster would be denied',
  *check(comparison) {
    for (const { base, head, environment } of comparison.clusters) {
      if (!environment.base.workloads.some(({ clusters }) => clusters.includes(head.key))) continue;
      for (const [field, read] of Object.entries(FIELDS)) {
        const [from, to] = [read(base), read(head)];
        // A new issuer where there was none, and a removed one, do not mean another cluster.
        if (from === to || (field === 'oidc' && (from === undefined || to === undefined))) continue;
        const path = field === 'oidc' ? ['oidc', 'issuer'] : [field];
        yield {
          path: ['environments', environment.head.key, 'clusters', head.key, ...path],
          message: `cluster "${head.key}" of ${environment.head.key} changes ${path.at(-1) ?? ''} from ${from ?? 'none'} to ${to ?? 'none'}: pods of the old cluster would be denied`,
          hint: 'Add the new cluster with its own key, move the workloads, then remove the old one.',
        };
      }
    }
  },
};
