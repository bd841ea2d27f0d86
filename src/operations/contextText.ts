import type { ContextMismatch } from '../comparison/cluster';
import { contextOf } from '../estate/places';
import type { Remedy } from '../estate/Remedy';
import type { Account, Cluster } from '../inventory/Inventory';
import { aws, say } from './remedies';

/** What is wrong, and what to do. */
interface Problem {
  readonly found: string;
  readonly remedy: Remedy;
}

/** EKS has no such cluster in an account. */
export function noClusterText(account: Account, { key, name, region }: Cluster): Problem {
  return {
    found: `there is no cluster ${name}`,
    remedy: [
      say(`Write the name that cluster ${key} has in EKS into the inventory:`),
      aws(account, 'eks', 'list-clusters', '--region', region),
    ],
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
    const update = ['eks', 'update-kubeconfig', '--name', name, '--region', region, `--alias=${contextOf(cluster)}`];
    return {
      found: `the context leads to another cluster: its issuer is ${found}, and that of ${name} is ${wanted}`,
      remedy: [say(`Point the context to ${name}:`), aws(account, ...update)],
    };
  }
  if (what === 'issuer')
    return {
      found: `the issuer of ${name} is ${wanted}, and the inventory says ${found}`,
      remedy: [say(`Write oidc: { issuer: "${wanted}" } at cluster ${key} in the inventory.`)],
    };
  return {
    found: `EKS shows no issuer of ${name}`,
    remedy: [say('Wait until the cluster is ACTIVE, then run the command again.')],
  };
}
