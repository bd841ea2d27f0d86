import type { Cluster, Environment, Workload } from '../inventory/Inventory';

/**
 * The external id that EKS sends to a target role when session tags are disabled: `region/account/cluster/namespace/service-account`.
 * It is computed, never read back, since the provider's attribute is unknown on every update.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export function externalId(environment: Environment, cluster: Cluster, workload: Workload): string {
  return [cluster.region, environment.account.id, cluster.name, workload.namespace, workload.serviceAccount.name].join(
    '/',
  );
}
