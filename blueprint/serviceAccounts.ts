import type { Cluster, Workload } from '../inventory/Inventory';
import { addonOf } from './addonOf';
import type { ServiceAccount } from './Blueprint';
import { STAGE_TABLE } from './stageTable';

/** The annotation by which IRSA finds a service account's role. Source: aws/amazon-eks-pod-identity-webhook, README. */
const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** The service accounts of a workload, one a cluster, with the annotation that its stage asks for. */
export function serviceAccounts(workload: Workload, clusters: readonly Cluster[], roleArn: string): ServiceAccount[] {
  return clusters.map((cluster) => {
    const addon = addonOf(cluster, workload);
    return {
      workload: workload.key,
      cluster: cluster.key,
      clusterName: cluster.name,
      region: cluster.region,
      ...(cluster.kubernetes === undefined ? {} : { context: cluster.kubernetes.context }),
      namespace: workload.namespace,
      name: workload.serviceAccount.name,
      manage: addon === undefined ? workload.serviceAccount.manage : 'none',
      annotations: STAGE_TABLE[workload.stage].annotation ? { [ROLE_ANNOTATION]: roleArn } : {},
      ...(addon === undefined ? {} : { addon }),
    };
  });
}
