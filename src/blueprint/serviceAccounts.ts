import { placesIn } from './places';
import type { Cluster, Workload } from '../inventory/Inventory';
import { addonOf } from './addonOf';
import type { ServiceAccount } from './Blueprint';
import { STAGE_TABLE } from './stageTable';

/** The annotation that names a service account's role for IRSA. Source: aws/amazon-eks-pod-identity-webhook, README. */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/**
 * The service accounts of a workload on each cluster, with the annotation of its stage. At `cutover` (no annotation, but OIDC trust)
 * the annotation is cleared first: server-side apply removes only podlift's ownership, so a value that Helm, kubectl or GitOps also own would
 * stay.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function serviceAccounts(workload: Workload, clusters: readonly Cluster[], roleArn: string): ServiceAccount[] {
  const row = STAGE_TABLE[workload.stage];
  return placesIn(workload, clusters).map(({ cluster, subject }) => {
    const addon = addonOf(cluster, workload, subject);
    return {
      workload: workload.key,
      cluster: cluster.key,
      clusterName: cluster.name,
      region: cluster.region,
      ...(cluster.kubernetes === undefined ? {} : { context: cluster.kubernetes.context }),
      namespace: subject.namespace,
      name: subject.name,
      isFirst: subject.isFirst,
      manage: addon === undefined ? subject.manage : 'none',
      adopt: subject.adopt ?? false,
      ...(subject.imports?.includes(cluster.key) === true ? { imports: true } : {}),
      annotations: row.annotation ? { [ROLE_ANNOTATION]: roleArn } : {},
      clearsAnnotation: !row.annotation && row.trustsOidc,
      ...(addon === undefined ? {} : { addon }),
    };
  });
}
