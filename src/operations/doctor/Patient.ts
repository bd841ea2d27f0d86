import type { WorkloadParts } from '../../blueprint/compileWorkload';
import type { StageRow } from '../../blueprint/stageTable';
import type { Cluster, Environment, Workload } from '../../inventory/Inventory';

/** By which way a pod gets its role. */
export type Mode = 'irsa' | 'pod-identity';

/** A workload on one of its clusters, with what must exist for it at the stage that the inventory has. */
export interface Patient {
  readonly environment: Environment;
  readonly workload: Workload;
  readonly cluster: Cluster;
  readonly parts: WorkloadParts;
  /** The row of its stage. */
  readonly row: StageRow;
  /** Why no remedy may be an apply, and what to do instead: it would cost running pods their role. */
  readonly mustNotApply?: string;
}
