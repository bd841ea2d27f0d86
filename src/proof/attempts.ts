import { issuerName, oidcProviderArn } from '../blueprint/arns';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE } from '../blueprint/sourceTrust';
import type { AssumeRoleAttempt } from '../iam/decideAssumeRole';
import type { NamedPolicy } from '../iam/Decision';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Partition } from '../inventory/Inventory';

/** A role that somebody asks for, with the trust policy that it has at that moment. */
export interface Asked {
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
}

/** Who a pod is to its cluster. */
export interface PodIdentity {
  readonly partition: Partition;
  readonly accountId: string;
  readonly clusterArn: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** A pod's web identity token, and the account in which its issuer is registered. */
export interface WebIdentity {
  readonly partition: Partition;
  readonly accountId: string;
  readonly issuer: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience?: string;
}

type Tags = Readonly<Record<string, string>>;

/** A session that goes on to another role. */
export interface Hop {
  /** The role of the session. */
  readonly from: string;
  /** What the role may do. */
  readonly identity: readonly NamedPolicy[];
  /** Tags of the role itself: they are tags of the principal too. */
  readonly roleTags?: Tags;
  /** Transitive session tags that the session has. */
  readonly carries?: Tags;
  /** Tags that it puts into its request. */
  readonly sends?: Tags;
  readonly externalId?: string;
}

/** The six session tags of EKS, all transitive. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
export function sessionTagsOf(pod: Omit<PodIdentity, 'partition' | 'accountId'>): Tags {
  return {
    'eks-cluster-arn': pod.clusterArn,
    'eks-cluster-name': pod.clusterName,
    'kubernetes-namespace': pod.namespace,
    'kubernetes-service-account': pod.serviceAccount,
    'kubernetes-pod-name': `${pod.serviceAccount}-5d9c7b6f4-x2x7k`,
    'kubernetes-pod-uid': '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0',
  };
}

/** A pod on IRSA asks STS for a role with its service account token. */
export function byWebIdentity(role: Asked, token: WebIdentity): AssumeRoleAttempt {
  const issuer = issuerName(token.issuer);
  return {
    caller: { kind: 'federated', provider: oidcProviderArn(token.partition, token.accountId, token.issuer) },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: role.arn,
    trust: trustOf(role),
    context: {
      [`${issuer}:sub`]: `system:serviceaccount:${token.namespace}:${token.serviceAccount}`,
      [`${issuer}:aud`]: token.audience ?? IRSA_AUDIENCE,
    },
  };
}

/** EKS asks STS for a role on behalf of a pod. `tagged`: with session tags. */
export function byPodIdentity(
  role: Asked,
  pod: PodIdentity,
  tagged: boolean,
  service: string = POD_IDENTITY_SERVICE,
): AssumeRoleAttempt {
  const tags = sessionTagsOf(pod);
  return {
    caller: { kind: 'service', service },
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    trust: trustOf(role),
    context: { 'aws:SourceAccount': pod.accountId, 'aws:SourceArn': pod.clusterArn },
    ...(tagged ? { tags, transitiveTagKeys: Object.keys(tags) } : {}),
  };
}

/** A session of a role asks for another role. */
export function byHop(role: Asked, { from, identity, roleTags, carries, sends, externalId }: Hop): AssumeRoleAttempt {
  const principalTags = Object.entries({ ...roleTags, ...carries });
  return {
    caller: { kind: 'session', roleArn: from, sessionName: 'pod' },
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    trust: trustOf(role),
    callerPolicies: { identity },
    context: {
      ...Object.fromEntries(principalTags.map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
      ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
    },
    ...(carries === undefined ? {} : { inheritedTags: carries }),
    ...(sends === undefined ? {} : { tags: sends }),
  };
}

function trustOf({ name, trust }: Asked): NamedPolicy {
  return { name: `trust policy of ${name}`, document: trust };
}
