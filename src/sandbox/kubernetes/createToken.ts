import { randomUUID } from 'node:crypto';
import { signToken } from '../oidc/signToken';
import type { ClusterState } from '../world/World';
import { serviceAccountOf } from './serviceAccounts';

/** What a service account token is to say, as Kubernetes' TokenRequest has it. */
export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience: string;
  /** Seconds. */
  readonly expiration: number;
  /** The pod that the token is bound to. Default: none. */
  readonly pod?: { readonly name: string; readonly uid: string };
}

/** A token of the cluster for a service account, from `time` on. */
export function createToken(cluster: ClusterState, request: TokenRequest, time: Date): string {
  const { namespace, serviceAccount, audience, expiration, pod } = request;
  const { uid } = serviceAccountOf(cluster, namespace, serviceAccount, time).metadata;
  const now = Math.floor(time.getTime() / 1000);
  return signToken(cluster, {
    iss: cluster.issuer,
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    aud: [audience],
    exp: now + expiration,
    iat: now,
    nbf: now,
    jti: randomUUID(),
    'kubernetes.io': {
      namespace,
      ...(pod === undefined ? {} : { pod }),
      serviceaccount: { name: serviceAccount, uid },
    },
  });
}
