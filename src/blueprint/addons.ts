import type { Environment } from '../inventory/Inventory';
import type { Addon, Association, SourceRole } from './Blueprint';
import { STAGE_TABLE } from './stageTable';

/**
 * The EKS add-ons of an environment whose service accounts are workloads. An add-on creates and annotates its own service accounts: its
 * `serviceAccountRoleArn` is the annotation of a stage, and it owns the association of a stage. With both the association decides. Source: https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html
 */
export function addons(
  { clusters, workloads }: Environment,
  roles: readonly SourceRole[],
  associations: readonly Association[],
): Addon[] {
  const arnOf = new Map(roles.map(({ workload, arn }) => [workload, arn]));
  const stageOf = new Map(workloads.map(({ key, stage }) => [key, stage]));
  return clusters.flatMap((cluster) =>
    cluster.addons.map(({ name, version, configuration, serviceAccounts, adopt }) => {
      const owned = Object.values(serviceAccounts).filter((workload) => arnOf.has(workload));
      const annotated = owned.find((workload) => STAGE_TABLE[stageOf.get(workload) ?? 'irsa'].annotation);
      const serviceAccountRoleArn = annotated === undefined ? undefined : arnOf.get(annotated);
      return {
        cluster: cluster.key,
        clusterName: cluster.name,
        region: cluster.region,
        name,
        version,
        ...(configuration === undefined ? {} : { configuration: JSON.stringify(configuration) }),
        adopt,
        ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
        associations: associations
          .filter((association) => association.cluster === cluster.key && association.addon === name)
          .map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn })),
        workloads: owned,
      };
    }),
  );
}
