import { oidcProviderArn } from '../blueprint/arns';
import { externalIdOf, podOf } from '../blueprint/pods';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE, serviceAccountSubject } from '../blueprint/sourceTrust';
import { type Access, accessOf, type DeniedHop, hopAccessOf, withChoice } from '../iam/credentialAccess';
import {
  byAnyPod,
  byApp,
  byEks,
  hopRequest,
  type HopRequest,
  podIdentityRequest,
  type RequestedRole,
  type RoleSession,
  sessionTagsOf,
  webIdentityRequest,
} from '../iam/credentialRequests';
import type { AssumeRoleAttempt } from '../iam/decideAssumeRole';
import type { NamedPolicy } from '../iam/Decision';
import type { Context } from '../iam/Request';
import type { Cluster, Environment, Subject, Workload } from '../inventory/Inventory';

/** By which mode a pod gets its role. */
export type Mode = 'irsa' | 'pod-identity';

/** A role as it stands in AWS. An explanation has its name, or else its ARN. Without `tags` its tags are not known. */
export interface TrustingRole extends Pick<RequestedRole, 'arn' | 'trust'> {
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

function requested({ arn, trust, name = arn, tags }: TrustingRole): RequestedRole {
  return { name, arn, trust, ...(tags && { resourceTags: tags }) };
}

/** The pods of a service account, and whether their association sends session tags. */
export type ServiceAccountPods = Pick<Subject, 'namespace' | 'name'> &
  Pick<Workload, 'sessionTags'> & {
    /** The audience of their tokens, where the service account names one. Default: that of the EKS webhook, unless the trust policy wants another one. */
    readonly audience?: string;
  };

/** The account of a cluster, and its partition. */
type ClusterAccount = Pick<Environment, 'partition' | 'account'>;
type PodCluster = Pick<Cluster, 'arn' | 'name' | 'oidc'>;

/**
 * Does STS (`irsa`) or EKS (`pod-identity`) give a pod of the service account this role? On a cluster without an issuer no pod gets one by IRSA, and no
 * decision says so.
 *
 * A token has the webhook's audience unless the service account or the pod names another one: where only the audience is wrong, the answer depends on it.
 *
 * @param now decides conditions on the time; absent: the answer depends on them
 * Source: aws/amazon-eks-pod-identity-webhook, README (`eks.amazonaws.com/audience`, `--token-audience`)
 */
export function podAccess(
  role: TrustingRole,
  environment: ClusterAccount,
  pods: ServiceAccountPods,
  cluster: PodCluster,
  mode: Mode,
  now?: Date,
): Access {
  if (mode === 'pod-identity') {
    const eks = { service: POD_IDENTITY_SERVICE, tagged: pods.sessionTags };
    const request = at(now, podIdentityRequest(requested(role), podOf(environment, pods, cluster), eks));
    return withChoice(accessOf(request), () => accessOf(byAnyPod(request)));
  }
  if (cluster.oidc === undefined) return { result: 'denied', denied: [] };
  const { issuer } = cluster.oidc;
  const subject = serviceAccountSubject(pods.namespace, pods.name);
  const { audience } = pods;
  if (audience !== undefined) return tokenAccess(role, environment, { issuer, subject, audience }, now);
  const usual = tokenAccess(role, environment, { issuer, subject, audience: IRSA_AUDIENCE }, now);
  return withChoice(usual, () => tokenAccess(role, environment, { issuer, subject }, now));
}

/** A web identity token by the issuer that vouches for it. Without `audience` the token has one that is not known. */
export interface IssuedToken {
  readonly issuer: string;
  readonly subject: string;
  readonly audience?: string;
}

/** Does STS give the role to the bearer of a token? The environment's account has the OIDC provider of the issuer. */
export function tokenAccess(
  role: TrustingRole,
  { partition, account }: ClusterAccount,
  { issuer, ...token }: IssuedToken,
  now?: Date,
): Access {
  const provider = oidcProviderArn(partition, account.id, issuer);
  return accessOf(at(now, webIdentityRequest(requested(role), { provider, ...token })));
}

/** Whether a result depends on the audience of a token, which the service account can tell. */
export function dependsOnAudience(access: Access): boolean {
  return access.result === 'depends' && access.dependsOn.some(({ key }) => key.toLowerCase().endsWith(':aud'));
}

/** Permissions that leave a decision to a trust policy. */
export const EVERYTHING: NamedPolicy = {
  name: 'everything',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/**
 * Can sessions of a role assume the role again, by its trust policy, permissions and boundary? Since 2022 a role no longer trusts itself.
 * Source: https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/
 */
export function selfAccess(
  role: TrustingRole,
  session: Pick<RoleSession, 'identity' | 'boundary' | 'roleTags'>,
): Access<DeniedHop> {
  return hopAccess(hopRequest(requested({ ...role, name: role.arn }), { from: role.arn, ...session }));
}

/** A session of a role that the pods of a service account hold, by a mode. */
export interface PodSession extends Pick<
  RoleSession,
  'from' | 'identity' | 'boundary' | 'sessionPolicies' | 'roleTags'
> {
  readonly mode: Mode;
  /** EKS makes the hop, for the association's target role. */
  readonly chained: boolean;
  /** The app sends no external id, no source identity and no tags of its own. Default: that is not known. */
  readonly sendsNothing?: boolean;
}

/**
 * Does STS give a further role to a session of the pods, with the session tags that EKS sends? The app makes the hop, unless it is `chained`: it can send an external
 * id, a source identity and tags of its own, so an answer can depend on these. What EKS sends is known, and an app that assumes its own role again sends nothing.
 */
export function sessionAccess(
  role: TrustingRole,
  environment: ClusterAccount,
  pods: ServiceAccountPods,
  cluster: PodCluster,
  { mode, chained, sendsNothing = false, ...session }: PodSession,
  now?: Date,
): Access<DeniedHop> {
  const pod = podOf(environment, pods, cluster);
  const eks = mode === 'pod-identity';
  const hop = hopRequest(requested(role), {
    ...session,
    ...originOf(mode, environment, cluster),
    ...(eks && pods.sessionTags && { carries: sessionTagsOf(pod) }),
    ...(eks && chained && !pods.sessionTags && { externalId: externalIdOf(pod) }),
  });
  const timed = at(now, hop);
  if (sendsNothing || role.arn === session.from) return hopAccess(timed);
  return eks && chained ? hopAccess(byEks(timed)) : appAccess(timed);
}

/** How pods of a mode got their session, which conditions on MFA and on the provider of the token ask for. */
export function originOf(
  mode: Mode,
  { partition, account }: ClusterAccount,
  { oidc }: Pick<Cluster, 'oidc'>,
): Pick<RoleSession, 'madeBy' | 'provider'> {
  if (mode === 'pod-identity') return { madeBy: 'AssumeRole' };
  const provider = oidc && { provider: oidcProviderArn(partition, account.id, oidc.issuer) };
  return { madeBy: 'AssumeRoleWithWebIdentity', ...provider };
}

function hopAccess(hop: HopRequest): Access<DeniedHop> {
  return withChoice(hopAccessOf(hop), () => hopAccessOf(byAnyPod(hop)));
}

function appAccess(hop: HopRequest): Access<DeniedHop> {
  return withChoice(hopAccess(hop), () => hopAccess(byApp(hop)));
}

function at<Attempt extends AssumeRoleAttempt>(now: Date | undefined, attempt: Attempt): Attempt {
  return now === undefined ? attempt : { ...attempt, context: { ...attempt.context, ...timeContext(now) } };
}

/** The keys of a request at a time. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (aws:CurrentTime, aws:EpochTime) */
export function timeContext(now: Date): Context {
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
  };
}
