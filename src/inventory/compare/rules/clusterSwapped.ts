import type { Cluster } from '../../Inventory';
import { matched } from '../compare';
import type { CompareRule } from '../CompareRule';

const FIELDS = {
  name: ({ name }: Cluster) => name,
  region: ({ region }: Cluster) => region,
  oidc: ({ oidc }: Cluster) => oidc?.issuer,
} as const;

/** A key keeps meaning the same cluster. */
export const clusterSwapped: CompareRule = {
  name: 'cluster-swapped',
  severities: ['error'],
  what: 'The EKS cluster behind a key stays the same: its name, its region, its issuer.',
  example: 'cluster "main" of prod goes from name prod-main to prod-blue',
  *check({ environments }) {
    for (const { base, head } of environments.kept) {
      for (const cluster of matched(base.clusters, head.clusters).kept) {
        const { key } = cluster.head;
        if (!base.workloads.some(({ clusters }) => clusters.includes(key))) continue;
        for (const [field, read] of Object.entries(FIELDS)) {
          const [from, to] = [read(cluster.base), read(cluster.head)];
          // An issuer that was not written before, or is not needed any more, is no other cluster.
          if (from === to || (field === 'oidc' && (from === undefined || to === undefined))) continue;
          yield {
            path: ['environments', head.key, 'clusters', key, ...(field === 'oidc' ? ['oidc', 'issuer'] : [field])],
            message: `cluster "${key}" of ${head.key} goes from ${field === 'oidc' ? 'issuer' : field} ${from ?? 'none'} to ${to ?? 'none'}: pods of the old cluster would be denied`,
            hint: 'Add the new cluster under a key of its own, move the workloads, then remove the old one.',
          };
        }
      }
    }
  },
};
