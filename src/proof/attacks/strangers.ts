import type { Cluster } from '../../inventory/Inventory';
import type { Pod } from '../../iam/credentialRequests';
import type { Surroundings } from './Surroundings';

/** Names that a careless pattern takes for `name`: cut, gone on, and with something before. */
export function lookalikes(name: string): string[] {
  return [...(name.length > 1 ? [name.slice(0, -1)] : []), `${name}x`, `x${name}`];
}

/** A pod that is not the workload's, and who it is in words. */
export interface Stranger {
  readonly who: string;
  readonly pod: Pod;
}

/** Pods of the same cluster that have another service account, or the same name in another namespace. */
export function strangersInCluster(own: Pod): Stranger[] {
  const { namespace, serviceAccount } = own;
  const other = (name: string) => (name === 'other' ? 'another' : 'other');
  return [
    ...[other(serviceAccount), ...lookalikes(serviceAccount)].map((name) => ({
      who: `service account ${namespace}/${name}`,
      pod: { ...own, serviceAccount: name },
    })),
    ...[other(namespace), ...lookalikes(namespace)].map((name) => ({
      who: `service account ${name}/${serviceAccount}`,
      pod: { ...own, namespace: name },
    })),
  ];
}

/** Pods of the same namespace and service account on other clusters: of the account, real and made up, and of another account. */
export function strangersElsewhere(
  own: Pod,
  clusters: readonly Cluster[],
  { clusters: all, foreignAccount }: Surroundings,
): Stranger[] {
  const arns = new Set(clusters.map(({ arn }) => arn));
  const prefix = own.clusterArn.slice(0, -own.clusterName.length);
  const pod = `${own.namespace}/${own.serviceAccount}`;
  const made = ['other', ...lookalikes(own.clusterName)].map((name) => ({ name, arn: `${prefix}${name}` }));
  const foreign = `${prefix.replace(`:${own.accountId}:`, `:${foreignAccount}:`)}${own.clusterName}`;
  return [
    ...[...all, ...made]
      .filter(({ arn }) => !arns.has(arn))
      .map(({ name, arn }) => ({
        who: `${pod} on cluster ${name}`,
        pod: { ...own, clusterName: name, clusterArn: arn },
      })),
    {
      who: `${pod} on a cluster of account ${foreignAccount}`,
      pod: { ...own, accountId: foreignAccount, clusterArn: foreign },
    },
  ];
}
