import type { Cluster, Workload } from '../inventory/Inventory';
import { addonOf } from './addonOf';
import type { Association, SourceRole, TargetRole } from './Blueprint';
import { STAGE_TABLE } from './stageTable';

/** The associations of a workload, one for each cluster, if its stage has associations. */
export function associations(
  environment: string,
  workload: Workload,
  clusters: readonly Cluster[],
  role: SourceRole,
  targetRoles: readonly TargetRole[],
): Association[] {
  if (!STAGE_TABLE[workload.stage].association) return [];
  const chained = targetRoles.find(({ via }) => via === 'association');
  return clusters.map((cluster) => {
    const addon = addonOf(cluster, workload);
    const importId = workload.role.imports.associations[cluster.key];
    return {
      workload: workload.key,
      cluster: cluster.key,
      clusterName: cluster.name,
      region: cluster.region,
      namespace: workload.namespace,
      serviceAccount: workload.serviceAccount.name,
      roleArn: role.arn,
      ...(chained === undefined ? {} : { targetRoleArn: chained.arn }),
      disableSessionTags: !workload.sessionTags,
      tags: { 'podlift:workload': workload.key, 'podlift:environment': environment },
      keepsTags: workload.role.adopt,
      ...(addon === undefined ? {} : { addon }),
      ...(importId === undefined ? {} : { importId }),
    };
  });
}
