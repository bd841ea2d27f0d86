import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
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

/** The cluster's signing key. It is created with the first token, because this takes a tenth of a second. */
function signingKeyOf(cluster: ClusterState): SigningKeyState {
  cluster.signingKey ??= {
    keyId: randomUUID().replaceAll('-', ''),
    privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  };
  return cluster.signingKey;
}

/** The public key as a JSON web key, as the issuer publishes it. */
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

/** The parts of a JSON web token. The signature is not verified yet. */
export interface Token {
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

/** The parts of a token. Undefined when it is not a JSON web token. */
export function readToken(token: string): Token | undefined {
  const match = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token);
  const [, head = '', body = '', signature = ''] = match ?? [];
  const header = decode(head);
  const claims = decode(body);
  if (header === undefined || claims === undefined) return undefined;
  return { header, claims, signed: `${head}.${body}`, signature: Buffer.from(signature, 'base64url') };
}

/** True when the cluster signed the token: only RS256, with the key that the issuer publishes for the token's `kid`. */
export function isSignedBy(token: Token, cluster: ClusterState): boolean {
  const key = cluster.signingKey;
  if (key === undefined || token.header.alg !== 'RS256' || token.header.kid !== key.keyId) return false;
  return verify(
    'sha256',
    Buffer.from(token.signed),
    createPublicKey(createPrivateKey(key.privateKey)),
    token.signature,
  );
}

/** The token's audiences. `aud` is a text or a list. */
export function audiencesOf(token: Token): readonly string[] {
  const { aud } = token.claims;
  const list: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  return list.filter((value): value is string => typeof value === 'string');
}

/** True when the token is expired at a time. A token without `exp` is expired. */
export function isExpired(token: Token, time: Date): boolean {
  const { exp } = token.claims;
  return typeof exp !== 'number' || exp * 1000 <= time.getTime();
}

/** The text of a claim. Empty when it is not a text. */
export function claimText(token: Token, claim: string): string {
  const value = token.claims[claim];
  return typeof value === 'string' ? value : '';
}

/** The uid of the pod in the token's claims. Undefined without a pod. */
export function podUidOf(token: Token): string | undefined {
  const { 'kubernetes.io': bound } = token.claims as { 'kubernetes.io'?: { pod?: { uid?: unknown } } };
  const uid = bound?.pod?.uid;
  return typeof uid === 'string' ? uid : undefined;
}

const PREFIX = '/oidc/';

/**
 * The two documents of a cluster's OIDC issuer, at `/oidc/<issuer without https://>/.well-known/openid-configuration` and `…/keys`. `issuer`
 * is the cluster's URL, the URL of the keys is on loopback. Undefined for another path.
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
