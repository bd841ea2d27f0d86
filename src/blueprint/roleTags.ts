import type { Environment, Workload } from '../inventory/Inventory';

/** The tags of podlift's roles. `podlift:stage` is the last applied stage of the workload. */
export function roleTags(environment: Environment, workload: Workload): Readonly<Record<string, string>> {
  return {
    'podlift:workload': workload.key,
    'podlift:environment': environment.key,
    'podlift:stage': workload.stage,
  };
}
