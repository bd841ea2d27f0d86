import { parseArn } from './Arn';
import type { AssumeRoleAttempt } from './decideAssumeRole';
import type { NamedPolicy } from './Decision';
import type { PolicyDocument } from './PolicyDocument';
import type { Caller, SessionOrigin, ValueSet } from './Request';

/** A role whose credentials are requested, with the trust policy that it has at that moment. */
export interface RequestedRole {
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** All its tags. Absent: not known. */
  readonly resourceTags?: Tags;
}

/** A pod as EKS describes it to STS. `accountId` is the account of its cluster. */
export interface Pod {
  readonly accountId: string;
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** A web identity token. `provider` is the ARN of the OIDC provider that IAM verifies it with. */
export interface WebIdentityToken {
  readonly provider: string;
  readonly subject: string;
  /** Absent: not known. */
  readonly audience?: string;
}

type Tags = Readonly<Record<string, string>>;

/** A session of one role that requests another role. */
export interface RoleSession {
  /** The ARN of the session's role. */
  readonly from: string;
  /** How the session was made. Absent: not known. */
  readonly madeBy?: SessionOrigin;
  /** The ARN of the OIDC provider of its token, for a session by web identity. Absent: not known. */
  readonly provider?: string;
  /** The permissions of the session's role. */
  readonly identity: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  /** The session policies. Absent: the session has none. */
  readonly sessionPolicies?: readonly NamedPolicy[];
  /** The tags of the session's role: IAM counts them as tags of the principal. */
  readonly roleTags?: Tags;
  /** The transitive session tags of the session. */
  readonly carries?: Tags;
  /** The tags that the session puts into its request. */
  readonly sends?: Tags;
  readonly externalId?: string;
}

/** Deployments name their pods like this; a condition on the pod's name or uid compares with these first, see {@link byAnyPod}. */
const POD_NAME_SUFFIX = '-5d9c7b6f4-x2x7k';
const POD_UID = '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0';

/** The keys of the six session tags of EKS Pod Identity, see {@link sessionTagsOf}. */
export const SESSION_TAG_KEYS = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
] as const;

/** The six session tags of EKS Pod Identity, all transitive. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
export function sessionTagsOf(
  pod: Omit<Pod, 'accountId'>,
): Readonly<Record<(typeof SESSION_TAG_KEYS)[number], string>> {
  return {
    'eks-cluster-arn': pod.clusterArn,
    'eks-cluster-name': pod.clusterName,
    'kubernetes-namespace': pod.namespace,
    'kubernetes-service-account': pod.serviceAccount,
    'kubernetes-pod-name': `${pod.serviceAccount}${POD_NAME_SUFFIX}`,
    'kubernetes-pod-uid': POD_UID,
  };
}

/** The session tags that differ from pod to pod. */
export const OF_ONE_POD = ['kubernetes-pod-name', 'kubernetes-pod-uid'] as const;

/** The same request by another pod of the service account, of whose name and uid nothing is known. */
export function byAnyPod<Attempt extends AssumeRoleAttempt>(attempt: Attempt): Attempt {
  const { tags, inheritedTags, context = {}, sets } = attempt;
  const known = Object.entries(context).filter(([key]) => !OF_ONE_POD.some((tag) => key === `aws:PrincipalTag/${tag}`));
  const isTagged = OF_ONE_POD.some((tag) => tags?.[tag] !== undefined || inheritedTags?.[tag] !== undefined);
  if (!isTagged) return attempt;
  const unknown = OF_ONE_POD.flatMap((tag) => [
    `aws:RequestTag/${tag}`,
    ...(inheritedTags === undefined ? [] : [`aws:PrincipalTag/${tag}`]),
  ]);
  return {
    ...attempt,
    context: Object.fromEntries(known),
    sets: { ...sets, ...Object.fromEntries(unknown.map((key) => [key, ANY_POD])) },
    ...(tags && { tags: withoutOnePod(tags) }),
    ...(inheritedTags && { inheritedTags: withoutOnePod(inheritedTags) }),
  };
}

/** A name or a uid of a pod of which nothing is known. */
export const ANY_POD: ValueSet = { like: '*', except: [], lowerCase: true };

function withoutOnePod(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !OF_ONE_POD.some((one) => one === key)));
}

/** What a request says of its session tags is all that there is of them. */
const TAG_KEYS = ['aws:RequestTag/', 'aws:TagKeys', 'sts:TransitiveTagKeys'];

/** IRSA: the SDK in a pod requests the role from STS with a web identity token. */
export function webIdentityRequest(
  role: RequestedRole,
  { provider, subject, audience }: WebIdentityToken,
): AssumeRoleAttempt {
  const issuer = provider.slice(provider.indexOf('/') + 1);
  return {
    caller: { kind: 'federated', provider },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: role.arn,
    trust: trustOf(role),
    ...tagsOf(role),
    context: {
      ...BY_SDK,
      [`${issuer}:sub`]: subject,
      ...(audience === undefined ? {} : { [`${issuer}:aud`]: audience }),
    },
    completeKeys: TAG_KEYS,
  };
}

/**
 * EKS Pod Identity: a service (`pods.eks.amazonaws.com`) requests the role for a pod, with session tags if `tagged`. EKS requires
 * `sts:TagSession` also where the association disables session tags.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podIdentityRequest(
  role: RequestedRole,
  pod: Pod,
  { service, tagged }: { readonly service: string; readonly tagged: boolean },
): AssumeRoleAttempt {
  const tags = sessionTagsOf(pod);
  return {
    caller: { kind: 'service', service },
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    trust: trustOf(role),
    ...tagsOf(role),
    context: { ...BY_SDK, 'aws:SourceAccount': pod.accountId, 'aws:SourceArn': pod.clusterArn },
    completeKeys: [...TAG_KEYS, 'sts:ExternalId', 'sts:SourceIdentity'],
    requiresTagSession: true,
    ...(tagged ? { tags, transitiveTagKeys: Object.keys(tags) } : {}),
  };
}

/** A hop: an attempt by the session of a role. */
export interface HopRequest extends AssumeRoleAttempt {
  readonly caller: Extract<Caller, { kind: 'session' }>;
  readonly completeKeys: readonly string[];
}

/**
 * Role chaining: a session of a role requests another role, by itself or (with `externalId`) through EKS. The request has the external id and the tags that are
 * given, and no other: see {@link byEks} and {@link byApp}.
 */
export function hopRequest(role: RequestedRole, session: RoleSession): HopRequest {
  const { from, madeBy, provider, identity, boundary, sessionPolicies, roleTags, carries, sends, externalId } = session;
  const principalTags = Object.entries({ ...roleTags, ...carries });
  return {
    caller: {
      kind: 'session',
      roleArn: from,
      sessionName: 'pod',
      ...(madeBy === undefined ? {} : { madeBy }),
      ...(provider === undefined ? {} : { provider }),
    },
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    trust: trustOf(role),
    ...tagsOf(role),
    callerPolicies: {
      identity,
      ...(boundary === undefined ? {} : { boundary }),
      ...(sessionPolicies === undefined ? {} : { session: sessionPolicies }),
    },
    context: {
      ...Object.fromEntries(principalTags.map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
      ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
    },
    completeKeys: [...TAG_KEYS, 'aws:PrincipalTag/', 'sts:ExternalId'],
    ...(carries === undefined ? {} : { inheritedTags: carries }),
    ...(sends === undefined ? {} : { tags: sends }),
  };
}

/** A hop that EKS makes for an association: it sends no source identity. */
export function byEks(hop: HopRequest): HopRequest {
  return { ...hop, completeKeys: [...hop.completeKeys, 'sts:SourceIdentity'] };
}

/** A hop by an app that can send an external id, a source identity and session tags of its own, of which nothing is known. */
export function byApp(hop: HopRequest): HopRequest {
  const { inheritedTags, sets } = hop;
  // With the tags of the app, the request has more keys than those that the session carries.
  const keys = inheritedTags && { sets: { ...sets, 'aws:TagKeys': ANY_TAG, 'sts:TransitiveTagKeys': ANY_TAG } };
  return { ...hop, ...keys, completeKeys: ['aws:PrincipalTag/'] };
}

/** The key of a tag of which nothing is known. */
const ANY_TAG: ValueSet = { like: '*', except: [] };

/** SDKs and EKS ask STS by https, and no other service asks for them. */
const BY_SDK = { 'aws:SecureTransport': 'true', 'aws:ViaAWSService': 'false' };

function tagsOf({ resourceTags }: RequestedRole): Pick<AssumeRoleAttempt, 'resourceTags'> {
  return resourceTags === undefined ? {} : { resourceTags };
}

function trustOf({ name, trust }: RequestedRole): NamedPolicy {
  return { name: `trust policy of ${name}`, document: trust };
}

/** The principal that names the whole account of a role, which leaves the decision to the role's own permissions. */
export function accountRootOf(roleArn: string): string {
  const { partition = 'aws', account = '' } = parseArn(roleArn) ?? {};
  return `arn:${partition}:iam::${account}:root`;
}
