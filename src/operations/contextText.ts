import type { ContextMismatch } from '../comparison/cluster';
import { contextOf } from '../estate/places';
import type { Remedy } from '../estate/Remedy';
import type { Account, Cluster } from '../inventory/Inventory';
import { aws, kubectl, remedyOf } from './remedies';

/** What is wrong, and what to do. */
interface Problem {
  readonly found: string;
  readonly remedy: Remedy;
}

/** EKS has no such cluster in an account. */
export function noClusterText(account: Account, { key, name, region }: Cluster): Problem {
  return {
    found: `there is no cluster ${name}`,
    remedy: remedyOf(
      `Write the name that cluster ${key} has in EKS into the inventory:`,
      aws(account)`eks list-clusters --region ${region}`,
    ),
  };
}

/** A kubeconfig context does not lead to its cluster, or the inventory names another issuer than EKS. */
export function contextText(
  account: Account,
  cluster: Cluster,
  { what, wanted = '', found = '' }: ContextMismatch,
): Problem {
  const { key, name, region } = cluster;
  if (what === 'context') {
    const alias = contextOf(cluster);
    const update = aws(account)`eks update-kubeconfig --name ${name} --region ${region} --alias=${alias}`;
    return {
      found: `the context leads to another cluster: its issuer is ${found}, and that of ${name} is ${wanted}`,
      remedy: remedyOf(`Point the context to ${name}:`, update),
    };
  }
  if (what === 'issuer')
    return {
      found: `the issuer of ${name} is ${wanted}, and the inventory says ${found}`,
      remedy: remedyOf(`Write oidc: { issuer: "${wanted}" } at cluster ${key} in the inventory.`),
    };
  return {
    found: `EKS shows no issuer of ${name}`,
    remedy: remedyOf('Wait until the cluster is ACTIVE, then run the command again.'),
  };
}

/**
 * A cluster listed no service account at all, so that the list cannot be complete: each namespace has `default`.
 * Source: https://kubernetes.io/docs/concepts/security/service-accounts/#default-service-accounts
 */
export function noAccountsText(cluster: Cluster): Problem {
  return {
    found: `the list of the service accounts of ${cluster.name} is empty, and each namespace of a cluster has one`,
    remedy: remedyOf(
      'Find out what answers instead of the cluster. This command must list default of kube-system:',
      kubectl(cluster)`get serviceaccounts --all-namespaces`,
    ),
  };
}
