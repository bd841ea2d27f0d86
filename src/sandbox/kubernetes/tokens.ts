import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, randomUUID, sign, verify } from 'node:crypto';
import { clusterByIssuer, type ClusterState, type SigningKeyState, type World } from '../world/World';

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

/** A JSON web token taken apart; nothing about it is proved yet. */
export interface ReadToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The part that the signature covers. */
  readonly signed: string;
  readonly signature: Buffer;
}

function decode(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Takes a token apart. Undefined when it is no JSON web token. */
export function readToken(token: string): ReadToken | undefined {
  const match = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token);
  const [, head = '', body = '', signature = ''] = match ?? [];
  const header = decode(head);
  const claims = decode(body);
  if (header === undefined || claims === undefined) return undefined;
  return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') };
}

/** Whether the cluster signed the token: RS256 only, with the key that the issuer publishes under the token's `kid`. */
export function isSignedBy(token: ReadToken, cluster: ClusterState): boolean {
  const key = cluster.signingKey;
  if (key === undefined || token.header.alg !== 'RS256' || token.header.kid !== key.keyId) return false;
  return verify(
    'sha256',
    Buffer.from(token.signed),
    createPublicKey(createPrivateKey(key.privateKey)),
    token.signature,
  );
}

/** The token's audiences: `aud` may be a text or a list. */
export function audiencesOf(token: ReadToken): readonly string[] {
  const { aud } = token.claims;
  const list: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return list.filter((value): value is string => typeof value === 'string');
}

/** Whether the token is past its `exp` at a time; one without `exp` is. */
export function isExpired(token: ReadToken, time: Date): boolean {
  const { exp } = token.claims;
  return typeof exp !== 'number' || exp * 1000 <= time.getTime();
}

/** The text under a claim; empty when it is none. */
export function claimText(token: ReadToken, claim: string): string {
  const value = token.claims[claim];
  return typeof value === 'string' ? value : '';
}

/** The uid of the pod that the token says it is bound to; undefined when it is bound to none. */
export function podUidOf(token: ReadToken): string | undefined {
  const { 'kubernetes.io': bound } = token.claims as { 'kubernetes.io'?: { pod?: { uid?: unknown } } };
  const uid = bound?.pod?.uid;
  return typeof uid === 'string' ? uid : undefined;
}

const PREFIX = '/oidc/';

/**
 * The two documents of every cluster's OIDC issuer, at `/oidc/<issuer without https://>/.well-known/openid-configuration`
 * and `…/keys`. `issuer` is the URL that the cluster states, the key set stands on loopback.
 * Undefined when the path is of neither.
 * Source: https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export function issuerDocument(
  world: World,
  path: string,
  endpoint: string,
): Readonly<Record<string, unknown>> | undefined {
  const match = /^\/oidc\/(.+)\/(\.well-known\/openid-configuration|keys)$/.exec(path);
  const [, issuer = '', document] = match ?? [];
  const cluster = clusterByIssuer(world, `https://${issuer}`);
  if (cluster === undefined) return undefined;
  if (document === 'keys') return { keys: [publicJwkOf(cluster)] };
  return {
    issuer: cluster.issuer,
    jwks_uri: `${endpoint}${PREFIX}${issuer}/keys`,
    authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'iss'],
  };
}
