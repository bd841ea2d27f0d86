import { placesIn } from './places';
import type { Cluster, Workload } from '../inventory/Inventory';
import { addonOf } from './addonOf';
import type { Association, SourceRole, TargetRole } from './Blueprint';
import { STAGE_TABLE } from './stageTable';

/** The associations of a workload, one for each service account of each cluster, if its stage has associations. */
export function associations(
  environment: string,
  workload: Workload,
  clusters: readonly Cluster[],
  role: SourceRole,
  targetRoles: readonly TargetRole[],
): Association[] {
  if (!STAGE_TABLE[workload.stage].association) return [];
  const chained = targetRoles.find(({ via }) => via === 'association');
  return placesIn(workload, clusters).map(({ cluster, subject }) => {
    const addon = addonOf(cluster, workload, subject);
    const importId = subject.importIds?.[cluster.key];
    return {
      workload: workload.key,
      cluster: cluster.key,
      clusterName: cluster.name,
      region: cluster.region,
      namespace: subject.namespace,
      serviceAccount: subject.name,
      isFirst: subject.isFirst,
      roleArn: role.arn,
      ...(chained === undefined ? {} : { targetRoleArn: chained.arn }),
      disableSessionTags: !workload.sessionTags,
      tags: { 'podlift:workload': workload.key, 'podlift:environment': environment },
      keepsTags: workload.role.adopt || workload.role.manage !== undefined,
      ...(addon === undefined ? {} : { addon }),
      ...(workload.associationOwner === undefined ? {} : { owner: workload.associationOwner }),
      ...(importId === undefined ? {} : { importId }),
    };
  });
}
