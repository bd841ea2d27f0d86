import type { Pod, WebIdentityToken } from '../iam/credentialRequests';
import type { Cluster, Environment, Subject } from '../inventory/Inventory';
import { oidcProviderArn } from './arns';
import { IRSA_AUDIENCE, serviceAccountSubject } from './sourceTrust';

/** The pods of a service account on a cluster, as EKS describes them to STS. */
export function podOf(
  { account }: Pick<Environment, 'account'>,
  { namespace, name: serviceAccount }: Pick<Subject, 'namespace' | 'name'>,
  { arn, name }: Pick<Cluster, 'arn' | 'name'>,
): Pod {
  return {
    accountId: account.id,
    clusterArn: arn,
    clusterName: name,
    namespace,
    serviceAccount,
  };
}

/** The token that the EKS webhook projects into a pod for IRSA. The pod's account has an OIDC provider for the URL `issuer`. */
export function tokenOf(partition: Environment['partition'], pod: Pod, issuer: string): WebIdentityToken {
  return {
    provider: oidcProviderArn(partition, pod.accountId, issuer),
    subject: serviceAccountSubject(pod.namespace, pod.serviceAccount),
    audience: IRSA_AUDIENCE,
  };
}

/**
 * The external id that EKS sends to a target role when session tags are disabled: `region/account/cluster/namespace/service-account`.
 * podlift computes it, since the provider's attribute is unknown at every update.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export function externalIdOf({ clusterArn, accountId, clusterName, namespace, serviceAccount }: Pod): string {
  const region = clusterArn.split(':')[3] ?? '';
  return [region, accountId, clusterName, namespace, serviceAccount].join('/');
}
