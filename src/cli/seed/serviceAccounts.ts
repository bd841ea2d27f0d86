import { addonOf } from '../../blueprint/addonOf';
import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Blueprint } from '../../blueprint/Blueprint';
import type { Cluster, Environment, Inventory } from '../../inventory/Inventory';
import type { SeedServiceAccount } from '../../sandbox/Seed';
import { standingStage } from './standingStage';

/**
 * The service accounts that exist on a cluster before podlift's first apply, as a chart left them: those that podlift only annotates,
 * leaves alone or adopts. The account of a role that stands on IRSA has its annotation; an add-on makes its own.
 */
export function existingServiceAccounts(
  inventory: Inventory,
  environment: Environment,
  cluster: Cluster,
  { roles }: Blueprint,
): SeedServiceAccount[] {
  return environment.workloads
    .filter((workload) => workload.clusters.includes(cluster.key) && addonOf(cluster, workload) === undefined)
    .filter(({ serviceAccount }) => serviceAccount.manage !== 'create' || serviceAccount.adopt === true)
    .map((workload): SeedServiceAccount => {
      const { key, namespace, serviceAccount } = workload;
      const arn = roles.find((role) => role.workload === key)?.arn;
      const stage = standingStage(inventory, environment, workload);
      const annotated = stage !== undefined && STAGE_TABLE[stage].annotation && arn !== undefined;
      return {
        namespace,
        name: serviceAccount.name,
        ...(annotated ? { annotations: { [ROLE_ANNOTATION]: arn } } : {}),
        writer: { fieldManager: 'helm' },
      };
    });
}
