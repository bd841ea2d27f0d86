import { roleArn } from '../../blueprint/arns';
import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { type Pod, podIdentityRequest, type RequestedRole } from '../../iam/credentialRequests';
import type { AssumeRoleAttempt } from '../../iam/decideAssumeRole';
import type { NamedPolicy } from '../../iam/Decision';
import type { Environment, Inventory, Workload } from '../../inventory/Inventory';
import type { PodsOnCluster } from '../credentialPath';

/** An attempt that IAM must deny. */
export interface Attack {
  /** Who requests the role, for messages. */
  readonly who: string;
  readonly attempt: AssumeRoleAttempt;
}

/** The clusters, accounts and roles beside a workload. */
export interface Neighbours {
  /** All clusters of the environment's account, in every environment. */
  readonly clusters: Environment['clusters'];
  /** The id of an account that the inventory does not contain. */
  readonly foreignAccount: string;
  /** The ARN of another workload's role, if there is one. */
  readonly neighbourOf: (workload: Workload) => string | undefined;
}

const FOREIGN_ACCOUNTS = ['999999999999', '888888888888'];

/** The neighbours of the workloads of an environment. */
export function neighboursOf(inventory: Inventory, { account, partition, workloads }: Environment): Neighbours {
  const indexes = new Map(workloads.map(({ key }, index) => [key, index]));
  return {
    clusters: inventory.environments
      .filter((other) => other.account.id === account.id)
      .flatMap(({ clusters }) => clusters),
    foreignAccount:
      FOREIGN_ACCOUNTS.find((id) => inventory.accounts.every((known) => known.id !== id)) ?? '777777777777',
    neighbourOf: ({ key }) => {
      const neighbour = workloads[((indexes.get(key) ?? 0) + 1) % workloads.length];
      if (neighbour === undefined || neighbour.key === key) return undefined;
      return roleArn(partition, account.id, neighbour.role.path, neighbour.role.name);
    },
  };
}

/** Names that a careless pattern matches too: the name cut short, with a suffix, and with a prefix. */
export function lookalikes(name: string): string[] {
  return [...(name.length > 1 ? [name.slice(0, -1)] : []), `${name}x`, `x${name}`];
}

/** A pod that does not belong to the workload. */
interface OtherPod {
  readonly who: string;
  readonly pod: Pod;
}

/** Pods of the cluster with another service account, or with the same name in another namespace. */
export function otherPodsInCluster({ pod: own }: PodsOnCluster): OtherPod[] {
  const { namespace, serviceAccount } = own;
  const others = (name: string) => [name === 'other' ? 'another' : 'other', ...lookalikes(name)];
  return [
    ...others(serviceAccount).map((name) => ({
      who: `service account ${namespace}/${name}`,
      pod: { ...own, serviceAccount: name },
    })),
    ...others(namespace).map((name) => ({
      who: `service account ${name}/${serviceAccount}`,
      pod: { ...own, namespace: name },
    })),
  ];
}

/** Pods of the same service account on other clusters of the account, real and invented ones, and on a cluster of another account. */
export function otherPods(pods: PodsOnCluster, { clusters, foreignAccount }: Neighbours): OtherPod[] {
  const { pod: own, serviceAccount, staged } = pods;
  const arns = new Set(staged.clusters.map(({ arn }) => arn));
  const prefix = own.clusterArn.slice(0, -own.clusterName.length);
  const invented = ['other', ...lookalikes(own.clusterName)].map((name) => ({ name, arn: `${prefix}${name}` }));
  const foreign = `${prefix.replace(`:${own.accountId}:`, `:${foreignAccount}:`)}${own.clusterName}`;
  return [
    ...otherPodsInCluster(pods),
    ...[...clusters, ...invented]
      .filter(({ arn }) => !arns.has(arn))
      .map(({ name, arn }) => ({
        who: `${serviceAccount} on cluster ${name}`,
        pod: { ...own, clusterName: name, clusterArn: arn },
      })),
    {
      who: `${serviceAccount} on a cluster of account ${foreignAccount}`,
      pod: { ...own, accountId: foreignAccount, clusterArn: foreign },
    },
  ];
}

/** Attackers have every permission in their own account: only the role's trust policy can deny. */
export const ALLOW_ALL: NamedPolicy = {
  name: 'identity policy of the attacker',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/** Other services that assume roles, and lookalikes of the right one. */
export const OTHER_SERVICES = [
  'ec2.amazonaws.com',
  'lambda.amazonaws.com',
  'eks.amazonaws.com',
  'pods.eks.amazonaws.com.cn',
  'xpods.eks.amazonaws.com',
];

/** A service (default: EKS Pod Identity) requests a role for a pod. Without tags STS evaluates `sts:AssumeRole` alone. */
export function serviceAttack(
  role: RequestedRole,
  pod: Pod,
  tagged: boolean,
  service: string = POD_IDENTITY_SERVICE,
): AssumeRoleAttempt {
  return { ...podIdentityRequest(role, pod, { service, tagged }), requiresTagSession: tagged };
}
