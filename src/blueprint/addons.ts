import type { Environment } from '../inventory/Inventory';
import type { Addon, Association, SourceRole } from './Blueprint';
import { environmentTags } from './environmentTags';
import { STAGE_TABLE } from './stageTable';

/**
 * The EKS add-ons of an environment whose service accounts are workloads. An add-on creates and annotates its own service accounts: its
 * `serviceAccountRoleArn` is the annotation of a stage, and it owns the association of a stage. With both the association decides. Source: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html
 */
export function addons(
  environment: Environment,
  roles: readonly SourceRole[],
  associations: readonly Association[],
): Addon[] {
  const roleOf = new Map(roles.map((role) => [role.workload, role]));
  return environment.clusters.flatMap((cluster) =>
    cluster.addons.map(({ name, version, configuration, serviceAccounts, adopt, imports }) => {
      const owned = [...new Set(Object.values(serviceAccounts))].flatMap((workload) => roleOf.get(workload) ?? []);
      const annotated = owned.find(({ stage }) => STAGE_TABLE[stage].annotation);
      return {
        cluster: cluster.key,
        clusterName: cluster.name,
        region: cluster.region,
        name,
        version,
        ...(configuration === undefined ? {} : { configuration: JSON.stringify(configuration) }),
        adopt,
        ...(imports === true ? { imports: true } : {}),
        tags: environmentTags(environment),
        ...(annotated === undefined ? {} : { serviceAccountRoleArn: annotated.arn }),
        associations: associations
          .filter((association) => association.cluster === cluster.key && association.addon === name)
          .map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn })),
        workloads: owned.map(({ workload }) => workload),
      };
    }),
  );
}
