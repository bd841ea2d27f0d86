import type { Cluster, Workload } from '../../inventory/Inventory';
import type { SeedNode } from '../../sandbox/Seed';

/** Computes whose pods run on nodes of their own. */
const APART = ['fargate', 'windows', 'hybrid'] as const;

/** The nodes of a cluster: one of its own kind, and one for each other kind that a workload on it needs. */
export function clusterNodes({ key, autoMode }: Cluster, workloads: readonly Workload[]): SeedNode[] {
  const needed = new Set(workloads.filter(({ clusters }) => clusters.includes(key)).map(({ compute }) => compute));
  return [
    { name: 'ip-10-0-0-1', compute: autoMode ? 'auto' : 'ec2' },
    ...APART.filter((compute) => needed.has(compute)).map((compute): SeedNode => ({ name: `${compute}-1`, compute })),
  ];
}
