import type { WorkloadParts } from '../blueprint/compileWorkload';
import type { Cluster, Environment, Stage, Workload } from '../inventory/Inventory';

/** What a workload compiles to at one stage. Documents that are equal at several stages are the same object. */
export interface StageParts extends WorkloadParts {
  readonly stage: Stage;
}

/** One workload of one environment, with all that stands for it at each stage that it can be at. */
export interface Subject {
  readonly environment: Environment;
  readonly workload: Workload;
  /** Those that run it. */
  readonly clusters: readonly Cluster[];
  /** In the order of the stages. */
  readonly stages: readonly StageParts[];
}

/** Stages that are next to each other in the stage table, the earlier one first. */
export interface Pair {
  readonly earlier: StageParts;
  readonly later: StageParts;
}
