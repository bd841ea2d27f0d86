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

/** A service account, with the way in which its association sends session tags. */
export type Subject = Pick<Workload, 'namespace' | 'serviceAccount' | 'sessionTags'>;

type Place = Pick<Environment, 'partition' | 'account'>;
type PodCluster = Pick<Cluster, 'arn' | 'name' | 'oidc'>;

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
  const requested = { name: role.arn, ...role };
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
    serviceAccountSubject(subject.namespace, subject.serviceAccount.name),
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
  environment: Place,
  subject: Subject,
  cluster: PodCluster,
  { mode, chained, ...session }: PodSession,
): DeniedHop {
  const pod = podOf(environment, subject, cluster);
  const eks = mode === 'pod-identity';
  return deniedHop(
    hopRequest(role, {
      ...session,
      ...(eks && subject.sessionTags && { carries: sessionTagsOf(pod) }),
      ...(eks && chained && !subject.sessionTags && { externalId: externalIdOf(pod) }),
    }),
  );
}
