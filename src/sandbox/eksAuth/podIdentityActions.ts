import { randomUUID } from 'node:crypto';
import { parseArn } from '../../iam/Arn';
import type { Decision } from '../../iam/Decision';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Actions, ApiResult, Call, Output } from '../api/Action';
import { ApiError } from '../api/ApiError';
import { organisationContext } from '../api/places';
import { type Input, requiredText } from '../api/Input';
import { type Session, sessionPrincipal } from '../api/Principal';
import { recordAssumeRole, recordPodIdentity, recordServiceAssumeRole } from '../cloudtrail/assumeRoleEvents';
import { findCluster, onCluster } from '../eks/eksRequest';
import { sessionPolicies } from '../eks/sessionPolicy';
import { trustPolicy } from '../iam/roles';
import { audiencesOf, isExpired, isSignedBy, readToken, type Token } from '../kubernetes/tokens';
import { newSession, type SessionRequest, sessionView } from '../sts/sessions';
import { checkPackedSize } from '../sts/packedSize';
import { assumeRole } from '../sts/stsActions';
import { associationForEksAuth, visibleRole } from '../world/delayedChanges';
import type { AssociationState, ClusterState, Tags } from '../world/World';

/** The service principal, and the audience of the tokens. */
const POD_IDENTITY = 'pods.eks.amazonaws.com';
const ACTION = 'eks-auth:AssumeRoleForPodIdentity';

/** The pod of a token. */
export interface PodIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly podName: string;
  readonly podUid: string;
}

function invalidToken(cluster: ClusterState, message: string): ApiError {
  return new ApiError('InvalidTokenException', 400, message, { action: ACTION, resource: cluster.arn });
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** The pod in the token's claims. Undefined when they do not name a pod and a service account. */
function identityOf(token: Token): PodIdentity | undefined {
  const claims = token.claims['kubernetes.io'];
  const values = [
    memberOf(claims, 'namespace'),
    memberOf(memberOf(claims, 'serviceaccount'), 'name'),
    memberOf(memberOf(claims, 'pod'), 'name'),
    memberOf(memberOf(claims, 'pod'), 'uid'),
  ];
  const [namespace, serviceAccount, podName, podUid] = values.filter((value) => typeof value === 'string');
  if (namespace === undefined || serviceAccount === undefined || podName === undefined || podUid === undefined)
    return undefined;
  return { namespace, serviceAccount, podName, podUid };
}

/**
 * The pod of a token, after all checks of the token: format, issuer, signature, expiry, audience, pod. Throws `InvalidTokenException` and
 * `ExpiredTokenException`.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html
 */
function checkPodToken(text: string, cluster: ClusterState, call: Call): PodIdentity {
  const token = readToken(text);
  if (token === undefined) throw invalidToken(cluster, 'The token included in the request is not a valid JWT.');
  if (token.claims.iss !== cluster.issuer || !isSignedBy(token, cluster)) {
    throw invalidToken(cluster, 'The token included in the request is invalid: the cluster did not sign it.');
  }
  if (isExpired(token, call.time)) {
    throw new ApiError('ExpiredTokenException', 400, 'The token included in the request is expired.', {
      action: ACTION,
      resource: cluster.arn,
    });
  }
  if (!audiencesOf(token).includes(POD_IDENTITY)) {
    throw invalidToken(cluster, `The token included in the request is invalid: its audience is not ${POD_IDENTITY}.`);
  }
  const identity = identityOf(token);
  if (identity === undefined) throw invalidToken(cluster, 'The token included in the request is not bound to a pod.');
  return identity;
}

/** Seconds; the limit of the role does not apply. */
const SIX_HOURS = 6 * 60 * 60;
const WITH_TARGET = 59 * 60;

/**
 * The tags of a Pod Identity session; all are transitive.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
function sessionTags(cluster: ClusterState, pod: PodIdentity): Tags {
  return {
    'eks-cluster-arn': cluster.arn,
    'eks-cluster-name': cluster.name,
    'kubernetes-namespace': pod.namespace,
    'kubernetes-service-account': pod.serviceAccount,
    'kubernetes-pod-name': pod.podName,
    'kubernetes-pod-uid': pod.podUid,
  };
}

/** `eks-<cluster>-<pod>-<uuid>` with shortened names: a session name has at most 64 characters. */
function sessionName(cluster: ClusterState, pod: PodIdentity): string {
  return `eks-${cluster.name.slice(0, 10)}-${pod.podName.slice(0, 10)}-${randomUUID()}`;
}

function denied(action: string, resource: string, decision?: Decision): ApiError {
  const message = 'Unauthorized Exception! EKS does not have permissions to assume the associated role.';
  return new ApiError('AccessDeniedException', 400, message, {
    action,
    resource,
    ...(decision === undefined ? {} : { decision }),
  });
}

/** The parameters of EKS's own AssumeRole. */
function assumeRoleInput(
  roleArn: string,
  name: string,
  tags: Readonly<Tags>,
  duration: number,
  policy: string | undefined,
): Input {
  const tagList = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return {
    RoleArn: roleArn,
    RoleSessionName: name,
    DurationSeconds: duration,
    ...(policy === undefined ? {} : { Policy: policy }),
    ...(tagList.length === 0 ? {} : { Tags: tagList, TransitiveTagKeys: Object.keys(tags) }),
  };
}

/** Assumes a role, and records EKS's own AssumeRole in CloudTrail. */
function recorded(assume: () => Session, record: (result: ApiResult) => void): Session {
  try {
    const session = assume();
    record({ output: sessionView(session) });
    return session;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isDenied = error.code !== 'PackedPolicyTooLarge';
    record({ error: isDenied ? new ApiError('AccessDenied', 403, error.message) : error });
    // What EKS Auth answers then is not known. Its model has no other error that fits.
    throw isDenied ? error : new ApiError('InvalidRequestException', 400, error.message);
  }
}

/** The session policy of the association's role. That of an association with a target role restricts only the target role. */
function ownPolicy({ targetRoleArn, policy }: AssociationState): string | undefined {
  return targetRoleArn === undefined ? policy : undefined;
}

/** The session of the association's role, assumed by the service. Throws `AccessDeniedException`. */
function sourceSession(association: AssociationState, cluster: ClusterState, pod: PodIdentity, call: Call): Session {
  const name = sessionName(cluster, pod);
  const tags = association.disableSessionTags ? {} : sessionTags(cluster, pod);
  const input = assumeRoleInput(association.roleArn, name, tags, SIX_HOURS, ownPolicy(association));
  return recorded(
    () => serviceSession(association, cluster, name, tags, call),
    (result) => {
      recordServiceAssumeRole(POD_IDENTITY, input, call, result);
    },
  );
}

function serviceSession(
  association: AssociationState,
  cluster: ClusterState,
  name: string,
  tags: Tags,
  call: Call,
): Session {
  const { state } = call;
  const role = visibleRole(state, association.roleArn, 'sts');
  if (role === undefined) throw denied('sts:AssumeRole', association.roleArn);
  const result = decideAssumeRole({
    caller: { kind: 'service', service: POD_IDENTITY },
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    resourceTags: role.tags,
    trust: trustPolicy(state.world, role),
    context: {
      'aws:SourceAccount': cluster.account,
      // The cluster, not the association: awslabs/mountpoint-s3-csi-driver #781.
      'aws:SourceArn': cluster.arn,
      ...organisationContext(state.world, 'Source', cluster.account),
      ...organisationContext(state.world, 'Resource', parseArn(role.arn)?.account),
      'aws:CurrentTime': call.time.toISOString(),
      'aws:EpochTime': String(Math.floor(call.time.getTime() / 1000)),
      'aws:RequestedRegion': call.region,
      'sts:RoleSessionName': name,
    },
    tags,
    transitiveTagKeys: Object.keys(tags),
  });
  if (!result.allowed) {
    const { assume, tagSession } = result;
    throw assume.allowed ? denied('sts:TagSession', role.arn, tagSession) : denied('sts:AssumeRole', role.arn, assume);
  }
  const policies = sessionPolicies({ policy: ownPolicy(association) });
  return newSession(state, role, {
    name,
    duration: SIX_HOURS,
    tags,
    transitiveTagKeys: Object.keys(tags),
    madeBy: 'AssumeRole',
    // EKS itself makes the hop to a target role; all other requests come from the pod.
    ...(association.targetRoleArn === undefined ? { cluster: cluster.arn } : {}),
    sessionPolicies: policies.sessionPolicies,
    packedSize: checkPackedSize({ tags, policies: policies.policyTexts }),
  });
}

/**
 * The session of a pod with an association: a session of the association's role. With a target role this session assumes the target role
 * and passes its tags on; with disabled session tags it sends the external id instead. Throws `AccessDeniedException`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
function assumeForPod(association: AssociationState, cluster: ClusterState, pod: PodIdentity, call: Call): Session {
  const source = sourceSession(association, cluster, pod, call);
  const { targetRoleArn, externalId, disableSessionTags, policy } = association;
  if (targetRoleArn === undefined) return source;
  const chained: Call = { ...call, principal: sessionPrincipal(source) };
  const request: SessionRequest = {
    roleArn: targetRoleArn,
    name: source.name,
    tags: {},
    transitiveTagKeys: [],
    ...sessionPolicies(association),
    cluster: cluster.arn,
    ...(disableSessionTags && externalId !== undefined ? { externalId } : {}),
  };
  const input = {
    ...assumeRoleInput(targetRoleArn, source.name, {}, WITH_TARGET, policy),
    ...(request.externalId === undefined ? {} : { ExternalId: externalId }),
  };
  try {
    return recorded(
      () => assumeRole(request, chained, { duration: WITH_TARGET }),
      (result) => {
        recordAssumeRole(input, chained, result);
      },
    );
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'AccessDenied') throw error;
    throw new ApiError(
      'AccessDeniedException',
      400,
      `Unauthorized Exception! EKS does not have permissions to assume the target role. ${error.message}`,
      error.denied,
    );
  } finally {
    // The pod never gets the credentials of the source session.
    call.state.sessions.delete(source.accessKeyId);
  }
}

function assumeRoleForPodIdentity(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const pod = checkPodToken(requiredText(input, 'token'), cluster, call);
  const { namespace, serviceAccount } = pod;
  const association = associationForEksAuth(call.state, cluster, pod);
  if (association === undefined) {
    throw new ApiError(
      'ResourceNotFoundException',
      404,
      `No Pod Identity association was found for service account ${namespace}/${serviceAccount} in cluster ${cluster.name}.`,
      { action: ACTION, resource: cluster.arn },
    );
  }
  const session = assumeForPod(association, cluster, pod, call);
  return {
    subject: { namespace, serviceAccount },
    audience: POD_IDENTITY,
    podIdentityAssociation: { associationArn: association.arn, associationId: association.id },
    assumedRoleUser: { arn: session.arn, assumeRoleId: `${session.roleId}:${session.name}` },
    credentials: {
      sessionToken: session.token,
      secretAccessKey: session.secretAccessKey,
      accessKeyId: session.accessKeyId,
      expiration: session.expiresAt,
    },
  };
}

/** EKS Auth has one action. The Pod Identity agent calls it with the role of its node. */
export const podIdentityActions: Actions = {
  AssumeRoleForPodIdentity: {
    route: 'POST /clusters/{name}/assume-role-for-pod-identity',
    permissions: onCluster(ACTION),
    handle: assumeRoleForPodIdentity,
    record: recordPodIdentity,
  },
};
