import { randomUUID } from 'node:crypto';
import type { Decision } from '../../iam/Decision';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Actions, Call, Output, TrailedAnswer } from '../api/Action';
import { Fault } from '../api/ApiError';
import { type Input, requiredText } from '../api/Input';
import type { Session } from '../api/Principal';
import { trailAssumeRole, trailPodIdentity, trailServiceAssumeRole } from '../cloudtrail/assumeEvents';
import { findCluster, onCluster } from '../eks/eksRequest';
import { trustPolicy } from '../iam/roles';
import { audiencesOf, isExpired, isSignedBy, readToken, type ReadToken } from '../kubernetes/tokens';
import { newSession, type SessionRequest, sessionView } from '../sts/sessions';
import { assumeRole } from '../sts/stsActions';
import type { AssociationState, ClusterState, Tags } from '../world/World';
import { seenAssociation, seenRole } from '../world/delayedChanges';

const AUDIENCE = 'pods.eks.amazonaws.com';

/** The pod that a token was given to. */
export interface PodIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly podName: string;
  readonly podUid: string;
}

function invalid(cluster: ClusterState, message: string): Fault {
  return new Fault('InvalidTokenException', 400, message, {
    action: 'eks-auth:AssumeRoleForPodIdentity',
    resource: cluster.arn,
  });
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** Who the token's claims say it belongs to. Undefined when they do not name a pod and a service account. */
function identityOf(token: ReadToken): PodIdentity | undefined {
  const claims = token.claims['kubernetes.io'];
  const values = [
    child(claims, 'namespace'),
    child(child(claims, 'serviceaccount'), 'name'),
    child(child(claims, 'pod'), 'name'),
    child(child(claims, 'pod'), 'uid'),
  ];
  const [namespace, serviceAccount, podName, podUid] = values.filter((value) => typeof value === 'string');
  if (namespace === undefined || serviceAccount === undefined || podName === undefined || podUid === undefined)
    return undefined;
  return { namespace, serviceAccount, podName, podUid };
}

/**
 * The pod that a token speaks for, after everything about the token has been checked: form, issuer, signature, expiry,
 * audience, subject. Throws `InvalidTokenException` and `ExpiredTokenException`.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html
 */
export function checkPodToken(text: string, cluster: ClusterState, call: Call): PodIdentity {
  const token = readToken(text);
  if (token === undefined) throw invalid(cluster, 'The token included in the request is not a valid JWT.');
  if (token.claims.iss !== cluster.issuer || !isSignedBy(token, cluster)) {
    throw invalid(cluster, 'The token included in the request is invalid: the cluster did not sign it.');
  }
  if (isExpired(token, call.time)) {
    throw new Fault('ExpiredTokenException', 400, 'The token included in the request is expired.', {
      action: 'eks-auth:AssumeRoleForPodIdentity',
      resource: cluster.arn,
    });
  }
  if (!audiencesOf(token).includes(AUDIENCE)) {
    throw invalid(cluster, `The token included in the request is invalid: its audience is not ${AUDIENCE}.`);
  }
  const identity = identityOf(token);
  if (identity === undefined) throw invalid(cluster, 'The token included in the request is not bound to a pod.');
  return identity;
}

const SERVICE = 'pods.eks.amazonaws.com';
/** Seconds; whatever the role's own limit. */
const SIX_HOURS = 6 * 60 * 60;
const WITH_TARGET = 59 * 60;

/**
 * The tags of a Pod Identity session, all of them transitive.
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

/** `eks-<cluster>-<pod>-<uuid>`, the names cut so that all of it fits into the 64 characters of a session name. */
function sessionName(cluster: ClusterState, pod: PodIdentity): string {
  return `eks-${cluster.name.slice(0, 10)}-${pod.podName.slice(0, 10)}-${randomUUID()}`;
}

function denied(message: string, action: string, resource: string, decision?: Decision): Fault {
  return new Fault('AccessDeniedException', 400, message, {
    action,
    resource,
    ...(decision === undefined ? {} : { decision }),
  });
}

const UNAUTHORISED = 'Unauthorized Exception! EKS does not have permissions to assume the associated role.';

/** What EKS asks STS for. */
function requestOf(roleArn: string, name: string, tags: Readonly<Tags>, duration: number): Input {
  const tagList = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return {
    RoleArn: roleArn,
    RoleSessionName: name,
    DurationSeconds: duration,
    ...(tagList.length === 0 ? {} : { Tags: tagList, TransitiveTagKeys: Object.keys(tags) }),
  };
}

/** Assumes a role, and leaves CloudTrail the AssumeRole that EKS made for it. */
function trailed(assume: () => Session, trail: (answer: TrailedAnswer) => void): Session {
  try {
    const session = assume();
    trail({ output: sessionView(session) });
    return session;
  } catch (error) {
    if (error instanceof Fault) trail({ fault: new Fault('AccessDenied', 403, error.message) });
    throw error;
  }
}

/** The session of the association's own role, assumed by the service. Throws `AccessDeniedException`. */
function sourceSession(association: AssociationState, cluster: ClusterState, pod: PodIdentity, call: Call): Session {
  const name = sessionName(cluster, pod);
  const tags = association.disableSessionTags ? {} : sessionTags(cluster, pod);
  const request = requestOf(association.roleArn, name, tags, SIX_HOURS);
  return trailed(
    () => serviceSession(association, cluster, name, tags, call),
    (answer) => {
      trailServiceAssumeRole(SERVICE, request, call, answer);
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
  const role = seenRole(state, association.roleArn);
  if (role === undefined) throw denied(UNAUTHORISED, 'sts:AssumeRole', association.roleArn);
  const verdict = decideAssumeRole({
    caller: { kind: 'service', service: SERVICE },
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    trust: trustPolicy(state.world, role),
    context: {
      'aws:SourceAccount': cluster.account,
      // The cluster, not the association: awslabs/mountpoint-s3-csi-driver #781.
      'aws:SourceArn': cluster.arn,
      'aws:CurrentTime': call.time.toISOString(),
      'aws:RequestedRegion': call.region,
      'sts:RoleSessionName': name,
    },
    tags,
    transitiveTagKeys: Object.keys(tags),
  });
  if (!verdict.allowed) {
    const action = verdict.assume.allowed ? 'sts:TagSession' : 'sts:AssumeRole';
    throw denied(UNAUTHORISED, action, role.arn, verdict.assume.allowed ? verdict.tagSession : verdict.assume);
  }
  return newSession(state, role, { name, duration: SIX_HOURS, tags, transitiveTagKeys: Object.keys(tags) });
}

/**
 * The session that a pod gets from its association: the role's, or with a target role the one that the role's session
 * then assumes, tags going along; with session tags disabled the external id stands in for them.
 * Throws `AccessDeniedException`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export function assumeForPod(
  association: AssociationState,
  cluster: ClusterState,
  pod: PodIdentity,
  call: Call,
): Session {
  const source = sourceSession(association, cluster, pod, call);
  const { targetRoleArn, externalId, disableSessionTags } = association;
  if (targetRoleArn === undefined) return source;
  const id = `${source.roleId}:${source.name}`;
  const hop: Call = {
    ...call,
    principal: { kind: 'session', account: source.account, arn: source.arn, id, session: source },
  };
  const request: SessionRequest = {
    roleArn: targetRoleArn,
    name: source.name,
    tags: {},
    transitiveTagKeys: [],
    sessionPolicies: [],
    ...(disableSessionTags && externalId !== undefined ? { externalId } : {}),
  };
  try {
    return trailed(
      () => assumeRole(request, hop, WITH_TARGET),
      (answer) => {
        const sent = requestOf(targetRoleArn, source.name, {}, WITH_TARGET);
        trailAssumeRole(
          { ...sent, ...(request.externalId === undefined ? {} : { ExternalId: externalId }) },
          hop,
          answer,
        );
      },
    );
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'AccessDenied') throw error;
    throw new Fault(
      'AccessDeniedException',
      400,
      `Unauthorized Exception! EKS does not have permissions to assume the target role. ${error.message}`,
      error.refusal,
    );
  } finally {
    // Nobody is given the credentials of the session in between.
    call.state.sessions.delete(source.accessKeyId);
  }
}

function assumeRoleForPodIdentity(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const pod = checkPodToken(requiredText(input, 'token'), cluster, call);
  const { namespace, serviceAccount } = pod;
  const association = seenAssociation(call.state, cluster, namespace, serviceAccount);
  if (association === undefined) {
    throw new Fault(
      'ResourceNotFoundException',
      404,
      `No Pod Identity association was found for service account ${namespace}/${serviceAccount} in cluster ${cluster.name}.`,
      { action: 'eks-auth:AssumeRoleForPodIdentity', resource: cluster.arn },
    );
  }
  const session = assumeForPod(association, cluster, pod, call);
  return {
    subject: { namespace, serviceAccount },
    audience: 'pods.eks.amazonaws.com',
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

/** EKS Auth: one action, called by the agent with the role of its node. */
export const podIdentityActions: Actions = {
  AssumeRoleForPodIdentity: {
    permissions: onCluster('eks-auth:AssumeRoleForPodIdentity'),
    handle: assumeRoleForPodIdentity,
    trail: trailPodIdentity,
  },
};
