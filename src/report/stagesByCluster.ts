import type { Inventory, Stage } from '../inventory/Inventory';

/** The stages of a workload on its clusters. */
export interface WorkloadStages {
  /** The key of the workload. */
  readonly workload: string;
  /** Absent: it is in no wave. */
  readonly wave?: string;
  readonly clusters: readonly ClusterStage[];
}

interface ClusterStage {
  readonly environment: string;
  readonly cluster: string;
  readonly stage: Stage;
}

/** The stage of each workload on each of its clusters, in the order of the inventory; keys. */
export function stagesByCluster({ environments }: Inventory, asked: readonly string[]): readonly WorkloadStages[] {
  const found = new Map<string, { wave?: string; clusters: ClusterStage[] }>();
  for (const { key: environment, workloads } of environments.filter(({ key }) => asked.includes(key)))
    for (const { key, wave, stage, clusters } of workloads) {
      const entry = found.get(key) ?? { ...(wave !== undefined && { wave }), clusters: [] };
      entry.clusters.push(...clusters.map((cluster) => ({ environment, cluster, stage })));
      found.set(key, entry);
    }
  return [...found].map(([workload, entry]) => ({ workload, ...entry }));
}
