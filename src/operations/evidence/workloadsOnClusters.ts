import { compileWorkload, type WorkloadParts } from '../../blueprint/compileWorkload';
import type { Cluster, Stage, Workload } from '../../inventory/Inventory';
import type { Step } from './Check';

/** The clusters that run a workload, in the environment's order. */
export function clustersOf({ environment }: Step, workload: Workload): readonly Cluster[] {
  return environment.clusters.filter(({ key }) => workload.clusters.includes(key));
}

/** The clusters that run any workload of the step. */
export function clustersOfStep(step: Step): readonly Cluster[] {
  return step.environment.clusters.filter(({ key }) => step.workloads.some(({ clusters }) => clusters.includes(key)));
}

/** Each workload of the step with each of its clusters. */
export function workloadsOnClusters(step: Step): readonly { readonly workload: Workload; readonly cluster: Cluster }[] {
  return step.workloads.flatMap((workload) => clustersOf(step, workload).map((cluster) => ({ workload, cluster })));
}

/** What must exist for a workload once it is at a stage. */
export function partsAt({ environment }: Step, workload: Workload, stage: Stage): WorkloadParts {
  return compileWorkload(environment, { ...workload, stage });
}
