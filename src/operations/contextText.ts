import type { ContextMismatch } from '../comparison/cluster';
import { contextOf } from '../estate/kubernetes/contextOf';
import type { Remedy } from '../estate/Remedy';
import type { Account, Cluster } from '../inventory/Inventory';
import { aws, say } from './remedies';

/** Why a kubeconfig context does not lead to a cluster of an account, or the inventory names another issuer, and what to do. */
export function contextText(
  account: Account,
  cluster: Cluster,
  { what, wanted = '', found = '' }: ContextMismatch,
): { readonly found: string; readonly remedy: Remedy } {
  const { key, name, region } = cluster;
  if (what === 'context')
    return {
      found: `the context leads to another cluster: its issuer is ${found}, the issuer of ${name} is ${wanted}`,
      remedy: [
        say(`Change the context so that it leads to ${name}:`),
        aws(
          account,
          ...['eks', 'update-kubeconfig', '--name', name, '--region', region, `--alias=${contextOf(cluster)}`],
        ),
      ],
    };
  if (what === 'issuer')
    return {
      found: `the issuer of ${name} is ${wanted}, the inventory says ${found}`,
      remedy: [say(`Write oidc: { issuer: "${wanted}" } at cluster ${key} in the inventory.`)],
    };
  return {
    found: `EKS has no cluster ${name} with an issuer`,
    remedy: [
      say('Write the name of the cluster as AWS has it into the inventory. AWS has:'),
      aws(account, 'eks', 'list-clusters', '--region', region),
    ],
  };
}
