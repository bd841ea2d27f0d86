import { isPast } from '../../resolve/isPast';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html (cluster versions) */
const FIRST_MINOR = 24;

/** Pod Identity needs Kubernetes 1.24. */
export const clusterTooOld: Rule = {
  name: 'cluster-too-old',
  severities: ['error'],
  what: 'A cluster with a workload past `irsa` is at version 1.24 or later.',
  example: 'cluster "main" is at 1.23, and Pod Identity needs 1.24',
  *check({ staged }) {
    const seen = new Set<string>();
    for (const { workload, clusters, environment } of staged) {
      if (!isPast(workload.stage, 'irsa')) continue;
      for (const { key, version } of clusters) {
        const minor = /^1\.(\d+)$/.exec(version)?.[1];
        const id = `${environment.key} ${key}`;
        if (minor === undefined || Number(minor) >= FIRST_MINOR || seen.has(id)) continue;
        seen.add(id);
        yield {
          path: ['environments', environment.key, 'clusters', key, 'version'],
          message: `cluster "${key}" is at ${version}, and Pod Identity needs 1.${FIRST_MINOR}: workload "${workload.key}" is at ${workload.stage}`,
          hint: 'Upgrade the cluster first, or keep its workloads at irsa.',
        };
      }
    }
  },
};
