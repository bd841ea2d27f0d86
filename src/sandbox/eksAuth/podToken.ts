import type { Call } from '../api/Action';
import { Fault } from '../api/Fault';
import { audiencesOf, isExpired, isSignedBy, readToken, type ReadToken } from '../oidc/readToken';
import type { ClusterState } from '../world/World';

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
