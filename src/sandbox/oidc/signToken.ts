import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type JsonWebKey } from 'node:crypto';
import type { ClusterState, SigningKeyState } from '../world/World';

/** The claims of a projected service account token. Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/ */
export interface TokenClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  /** Seconds since 1970, as are `iat` and `nbf`. */
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number;
  readonly jti: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly pod?: { readonly name: string; readonly uid: string };
    readonly serviceaccount: { readonly name: string; readonly uid: string };
  };
}

/** The cluster's signing key; made at the first token, since making one takes a tenth of a second. */
function signingKeyOf(cluster: ClusterState): SigningKeyState {
  cluster.signingKey ??= {
    keyId: randomUUID().replaceAll('-', ''),
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  };
  return cluster.signingKey;
}

/** The public half as a JSON web key, as the issuer publishes it. */
export function publicJwkOf(cluster: ClusterState): JsonWebKey {
  const { keyId, privateKey } = signingKeyOf(cluster);
  const jwk = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' });
  return { ...jwk, kid: keyId, use: 'sig', alg: 'RS256' };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A JSON web token of the cluster, signed RS256. */
export function signToken(cluster: ClusterState, claims: TokenClaims): string {
  const { keyId, privateKey } = signingKeyOf(cluster);
  const head = `${encode({ alg: 'RS256', kid: keyId })}.${encode(claims)}`;
  return `${head}.${sign('sha256', Buffer.from(head), privateKey).toString('base64url')}`;
}
