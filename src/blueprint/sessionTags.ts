import type { OneOrMany } from '../iam/PolicyDocument';
import type { Cluster, Workload } from '../inventory/Inventory';
import { oneOrMany } from './oneOrMany';

/**
 * Conditions on the session tags of EKS Pod Identity: clusters, namespace and service account. `aws:RequestTag` reads the tags of the
 * request, `aws:PrincipalTag` the tags of the caller's session.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function sessionTagConditions(
  key: 'aws:RequestTag' | 'aws:PrincipalTag',
  workload: Workload,
  clusters: readonly Cluster[],
): Readonly<Record<string, OneOrMany<string>>> {
  return {
    [`${key}/eks-cluster-arn`]: oneOrMany(clusters.map((cluster) => cluster.arn)),
    [`${key}/kubernetes-namespace`]: workload.namespace,
    [`${key}/kubernetes-service-account`]: workload.serviceAccount.name,
  };
}
