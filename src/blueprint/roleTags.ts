import type { Environment, Workload } from '../inventory/Inventory';

/**
 * The tags of podlift's roles. None depends on the stage: a step changes a role only where its trust policy changes. The applied stage follows
 * from the trust policy, the associations and the annotation.
 */
export function roleTags(environment: Environment, workload: Workload): Readonly<Record<string, string>> {
  return {
    'podlift:workload': workload.key,
    'podlift:environment': environment.key,
  };
}
