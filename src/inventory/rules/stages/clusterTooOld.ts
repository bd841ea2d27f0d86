import { isPast } from '../../Inventory';
import { clustersRunning, type Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html (cluster versions) */
const FIRST_MINOR = 24;

export const clusterTooOld: Rule = {
  name: 'cluster-too-old',
  what: 'A cluster with a workload past `irsa` has version 1.24 or later.',
  example: 'cluster "main" has version 1.23, and Pod Identity needs 1.24',
  *check({ staged }) {
    for (const { environment, cluster, workload } of clustersRunning(staged, ({ stage }) => isPast(stage, 'irsa'))) {
      const { key, version } = cluster;
      const minor = /^1\.(\d+)$/.exec(version)?.[1];
      if (minor === undefined || Number(minor) >= FIRST_MINOR) continue;
      yield {
        path: ['environments', environment.key, 'clusters', key, 'version'],
        message: `cluster "${key}" has version ${version}, and Pod Identity needs 1.${FIRST_MINOR}: workload "${workload.key}" is at ${workload.stage}`,
        hint: 'Upgrade the cluster first, or keep its workloads at irsa.',
      };
    }
  },
};
