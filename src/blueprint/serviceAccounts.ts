import type { Cluster, Workload } from '../inventory/Inventory';
import { addonOf } from './addonOf';
import type { ServiceAccount } from './Blueprint';
import { STAGE_TABLE } from './stageTable';

/** The annotation by which IRSA finds a service account's role. Source: aws/amazon-eks-pod-identity-webhook, README. */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/**
 * The service accounts of a workload, one a cluster, with the annotation that its stage asks for. Where a stage has no annotation and the
 * role still trusts OIDC (`cutover`), the annotation is cleared first: server-side apply gives up one manager's share only, and the same
 * value that Helm, kubectl or GitOps own would stay.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function serviceAccounts(workload: Workload, clusters: readonly Cluster[], roleArn: string): ServiceAccount[] {
  const row = STAGE_TABLE[workload.stage];
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
      adopt: workload.serviceAccount.adopt ?? false,
      annotations: row.annotation ? { [ROLE_ANNOTATION]: roleArn } : {},
      clearsAnnotation: !row.annotation && row.trustsOidc,
      ...(addon === undefined ? {} : { addon }),
    };
  });
}
