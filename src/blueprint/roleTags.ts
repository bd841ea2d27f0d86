import type { Environment, Workload } from '../inventory/Inventory';

/** The tags by which podlift's roles are found again; `podlift:stage` tells in AWS how far the workload is. */
export function roleTags(environment: Environment, workload: Workload): Readonly<Record<string, string>> {
  return {
    'podlift:workload': workload.key,
    'podlift:environment': environment.key,
    'podlift:stage': workload.stage,
  };
}
