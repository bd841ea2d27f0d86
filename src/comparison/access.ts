import { oidcProviderArn } from '../blueprint/arns';
import { externalIdOf, podOf } from '../blueprint/pods';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE, serviceAccountSubject } from '../blueprint/sourceTrust';
import {
  deniedActions,
  type DeniedHop,
  deniedHop,
  hopRequest,
  podIdentityRequest,
  type RequestedRole,
  type RoleSession,
  sessionTagsOf,
  webIdentityRequest,
} from '../iam/credentialRequests';
import type { Decision, NamedPolicy } from '../iam/Decision';
import type { Cluster, Environment, Workload } from '../inventory/Inventory';

/** By which mode a pod gets its role. */
export type Mode = 'irsa' | 'pod-identity';

/** A role as it stands in AWS. An explanation has its name, or else its ARN. */
export type TrustingRole = Omit<RequestedRole, 'name'> & Partial<Pick<RequestedRole, 'name'>>;

/** The pods of a service account, and whether their association sends session tags. */
export type ServiceAccountPods = Pick<Workload, 'namespace' | 'serviceAccount' | 'sessionTags'>;

/** The account of a cluster, and its partition. */
type ClusterAccount = Pick<Environment, 'partition' | 'account'>;
type PodCluster = Pick<Cluster, 'arn' | 'name' | 'oidc'>;

/**
 * Does STS (`irsa`) or EKS (`pod-identity`) give a pod of the service account this role? Each action that is denied, with the reason; none: the pod
 * gets the role. On a cluster without an issuer no pod gets one by IRSA, and there is no reason to name: `undefined`.
 */
export function deniedToPods(
  role: TrustingRole,
  environment: ClusterAccount,
  pods: ServiceAccountPods,
  cluster: PodCluster,
  mode: Mode,
): readonly Decision[] | undefined {
  const requested = { name: role.arn, ...role };
  if (mode === 'pod-identity')
    return deniedActions(
      podIdentityRequest(requested, podOf(environment, pods, cluster), {
        service: POD_IDENTITY_SERVICE,
        tagged: pods.sessionTags,
      }),
    );
  if (cluster.oidc === undefined) return undefined;
  const subject = serviceAccountSubject(pods.namespace, pods.serviceAccount.name);
  return deniedToToken(role, environment, cluster.oidc.issuer, subject);
}

/** Whether STS or EKS gives a pod of the service account this role: see {@link deniedToPods}. */
export function canAssume(
  role: TrustingRole,
  environment: ClusterAccount,
  pods: ServiceAccountPods,
  cluster: PodCluster,
  mode: Mode,
): boolean {
  return deniedToPods(role, environment, pods, cluster, mode)?.length === 0;
}

/** Permissions that leave a decision to a trust policy. */
export const EVERYTHING: NamedPolicy = {
  name: 'everything',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

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
  { partition, account }: ClusterAccount,
  issuer: string,
  subject: string,
  audience: string = IRSA_AUDIENCE,
): readonly Decision[] {
  const provider = oidcProviderArn(partition, account.id, issuer);
  return deniedActions(webIdentityRequest({ name: role.arn, ...role }, { provider, subject, audience }));
}

/** A session of a role that the pods of a service account hold, by a mode. */
export interface PodSession extends Pick<RoleSession, 'from' | 'identity' | 'boundary' | 'roleTags'> {
  readonly mode: Mode;
  /** EKS makes the hop, for the association's target role. */
  readonly chained: boolean;
}

/** What STS denies to a session of the pods that requests a further role: {@link deniedHop}, with the session tags that EKS sends. */
export function deniedToSession(
  role: RequestedRole,
  environment: ClusterAccount,
  pods: ServiceAccountPods,
  cluster: PodCluster,
  { mode, chained, ...session }: PodSession,
): DeniedHop {
  const pod = podOf(environment, pods, cluster);
  const eks = mode === 'pod-identity';
  return deniedHop(
    hopRequest(role, {
      ...session,
      ...(eks && pods.sessionTags && { carries: sessionTagsOf(pod) }),
      ...(eks && chained && !pods.sessionTags && { externalId: externalIdOf(pod) }),
    }),
  );
}
