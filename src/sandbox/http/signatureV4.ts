import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest } from './httpServer';

/** A signature of Signature Version 4, from the `Authorization` header or from the query of a presigned URL. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** The signed time, `YYYYMMDDTHHMMSSZ`; empty when the request has none. */
  readonly timestamp: string;
  /** Of a session. */
  readonly token?: string | undefined;
  readonly inQuery: boolean;
}

const CREDENTIAL = /^([^/\s,]+)\/(\d{8})\/([^/\s,]+)\/([^/\s,]+)\/aws4_request$/;

const HEADER = /^AWS4-HMAC-SHA256 +Credential=([^\s,]+) *, *SignedHeaders=([^\s,]+) *, *Signature=([0-9a-f]{64})$/;

/** The parameters that sign a URL. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html */
export const SIGNING_PARAMETERS = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
] as const;

/** Whether the query of a request signs it, wholly or in part. */
export function isPresigned({ headers, query }: HttpRequest): boolean {
  return headers.authorization === undefined && SIGNING_PARAMETERS.some((name) => query.has(name));
}

/**
 * Reads the signature of a request. Undefined when there is none, or none of Signature Version 4.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export function readAuthorization(request: HttpRequest): Authorization | undefined {
  const { headers, query } = request;
  const inQuery = isPresigned(request);
  const [, credential = '', signedHeaders = '', signature = ''] = inQuery
    ? [
        undefined,
        query.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' ? (query.get('X-Amz-Credential') ?? '') : '',
        query.get('X-Amz-SignedHeaders') ?? '',
        query.get('X-Amz-Signature') ?? '',
      ]
    : (HEADER.exec(headers.authorization ?? '') ?? []);
  const scope = CREDENTIAL.exec(credential);
  if (scope === null || !/^[0-9a-f]{64}$/.test(signature)) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = ''] = scope;
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp: (inQuery ? query.get('X-Amz-Date') : headers['x-amz-date']) ?? '',
    token: inQuery ? (query.get('X-Amz-Security-Token') ?? undefined) : headers['x-amz-security-token'],
    inQuery,
  };
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** Escapes everything but letters, digits and `-._~`. Source: RFC 3986. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The path as it was sent, escaped a second time, as every service but S3 does. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(escape(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** The query without the signature of a presigned URL. */
function canonicalQuery(query: URLSearchParams, presigned: boolean): string {
  return [...query]
    .filter(([key]) => !presigned || key !== 'X-Amz-Signature')
    .map(([key, value]) => [escape(key), escape(value)] as const)
    .sort(([key, value], [otherKey, otherValue]) =>
      key === otherKey ? compare(value, otherValue) : compare(key, otherKey),
    )
    .map(([key, value]) => `${key}=${value}`)
    .join('&');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/**
 * The correct signature of a request, 64 hexadecimal digits: Signature Version 4 of method, path, query, signed headers, body and time.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf(request: HttpRequest, authorization: Authorization, secret: string): string {
  const { date, region, service, signedHeaders, timestamp, inQuery } = authorization;
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query, inQuery),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const key = [region, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${secret}`, date));
  return hmac(key, toSign).toString('hex');
}
