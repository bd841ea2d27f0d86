import { oidcProviderArn } from '../blueprint/arns';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE } from '../blueprint/sourceTrust';
import {
  deniedActions,
  hopRequest,
  type Pod,
  podIdentityRequest,
  type RequestedRole,
  webIdentityRequest,
} from '../iam/credentialRequests';
import type { Decision, NamedPolicy } from '../iam/Decision';
import type { Cluster, Environment, Workload } from '../inventory/Inventory';

/** By which mode a pod gets its role. */
export type Mode = 'irsa' | 'pod-identity';

/** A role as it stands in AWS. */
export type TrustingRole = Omit<RequestedRole, 'name'>;

/** A service account, with the way in which its association sends session tags. */
export type Subject = Pick<Workload, 'namespace' | 'serviceAccount' | 'sessionTags'>;

type Place = Pick<Environment, 'partition' | 'account'>;
type PodCluster = Pick<Cluster, 'arn' | 'name' | 'oidc'>;

/** The pods of a service account on a cluster, as EKS describes them to STS. */
export function podOf({ account }: Place, { namespace, serviceAccount }: Subject, { arn, name }: PodCluster): Pod {
  return {
    accountId: account.id,
    clusterArn: arn,
    clusterName: name,
    namespace,
    serviceAccount: serviceAccount.name,
  };
}

/** The subject of the tokens of a service account. */
export function tokenSubject(namespace: string, serviceAccount: string): string {
  return `system:serviceaccount:${namespace}:${serviceAccount}`;
}

/**
 * Does STS (`irsa`) or EKS (`pod-identity`) give a pod of the service account this role? Each action that is denied, with the reason; none: the pod
 * gets the role. On a cluster without an issuer no pod gets one by IRSA, and there is no reason to name: `undefined`.
 */
export function deniedToPods(
  role: TrustingRole,
  environment: Place,
  subject: Subject,
  cluster: PodCluster,
  mode: Mode,
): readonly Decision[] | undefined {
  const requested = { ...role, name: role.arn };
  if (mode === 'pod-identity')
    return deniedActions(
      podIdentityRequest(requested, podOf(environment, subject, cluster), {
        service: POD_IDENTITY_SERVICE,
        tagged: subject.sessionTags,
      }),
    );
  if (cluster.oidc === undefined) return undefined;
  return deniedToToken(
    role,
    environment,
    cluster.oidc.issuer,
    tokenSubject(subject.namespace, subject.serviceAccount.name),
  );
}

/** Whether STS or EKS gives a pod of the service account this role: see {@link deniedToPods}. */
export function canAssume(
  role: TrustingRole,
  environment: Place,
  subject: Subject,
  cluster: PodCluster,
  mode: Mode,
): boolean {
  return deniedToPods(role, environment, subject, cluster, mode)?.length === 0;
}

/**
 * Whether sessions of a role can assume the role again, by its trust policy, permissions and boundary. Since 2022 a role no longer trusts itself.
 * Source: https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/
 */
export function canAssumeItself(role: TrustingRole, identity: readonly NamedPolicy[], boundary?: NamedPolicy): boolean {
  const session = { from: role.arn, identity, ...(boundary && { boundary }) };
  return deniedActions(hopRequest({ ...role, name: role.arn }, session)).length === 0;
}

/** Each action that STS denies to the bearer of a token that an issuer's OIDC provider in the environment's account vouches for. */
export function deniedToToken(
  role: TrustingRole,
  { partition, account }: Place,
  issuer: string,
  subject: string,
  audience: string = IRSA_AUDIENCE,
): readonly Decision[] {
  const provider = oidcProviderArn(partition, account.id, issuer);
  return deniedActions(webIdentityRequest({ ...role, name: role.arn }, { provider, subject, audience }));
}
