import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import type { ClusterState } from '../world/World';

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
