import { SignatureV4 } from '@smithy/signature-v4';
import { createHash, createHmac, type Hash } from 'node:crypto';
import { request } from 'node:http';
import type { Service } from '../../../src/sandbox/api/Service';
import type { ServiceModel } from './ModelShapes';
import { MODELS } from './serviceModel';

/** The parameters of a request by their names in the model. They need not be valid. */
export type Input = Readonly<Record<string, unknown>>;

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The server, and who signs. Null: the request has no signature. */
export interface Caller {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  } | null;
  /** The time of the signature. Default: now. */
  readonly time?: Date;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string | string[]>;
  readonly contentType: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** SHA-256 of Node: `@aws-crypto/sha256-js` takes most of the time of this test. */
class NodeSha256 {
  private readonly hash: Hash | ReturnType<typeof createHmac>;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | Uint8Array);
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(data as string | Uint8Array);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
  reset(): void {
    throw new Error('the hash is used once');
  }
}

const VERSIONS: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15' };

/** Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
function putQuery(form: URLSearchParams, name: string, value: unknown): void {
  if (value === undefined) return;
  if (value instanceof Date) form.append(name, value.toISOString());
  else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      putQuery(form, `${name}.member.${index + 1}`, item);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) putQuery(form, `${name}.${key}`, item);
  } else form.append(name, textOf(value));
}

function queryRequest(service: Service, operation: string, input: Input): Unsigned {
  const form = new URLSearchParams({ Action: operation, Version: VERSIONS[service] ?? '' });
  for (const [name, value] of Object.entries(input)) putQuery(form, name, value);
  const contentType = 'application/x-www-form-urlencoded';
  return { method: 'POST', path: '/', query: {}, contentType, headers: {}, body: form.toString() };
}

/** JSON has times as seconds since 1970. */
function jsonInput(input: Input): Input {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, value instanceof Date ? value.getTime() / 1000 : value]),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
function restRequest(model: ServiceModel, operation: string, input: Input): Unsigned {
  const { http: [method, pattern] = ['POST', '/'], input: shape } = model.operation(operation);
  const members = shape?.members ?? [];
  const query: Record<string, string | string[]> = {};
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue;
    const member = members.find((candidate) => candidate.name === name);
    if (member?.inPath === true) continue;
    if (member?.query !== undefined) query[member.query] = Array.isArray(value) ? value.map(textOf) : textOf(value);
    else body[name] = value;
  }
  const path = pattern.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(textOf(input[name])));
  const hasBody = members.some((member) => !member.inPath && member.query === undefined);
  return {
    method,
    path,
    query,
    contentType: 'application/json',
    headers: {},
    body: hasBody ? JSON.stringify(body) : '',
  };
}

function jsonRequest(operation: string, input: Input): Unsigned {
  return {
    method: 'POST',
    path: '/',
    query: {},
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amz-target': `CloudTrail_20131101.${operation}` },
    body: JSON.stringify(jsonInput(input)),
  };
}

function requestOf(service: Service, operation: string, input: Input): Unsigned {
  const model = MODELS[service];
  switch (model.protocol) {
    case 'query':
      return queryRequest(service, operation, input);
    case 'rest-json':
      return restRequest(model, operation, input);
    case 'json':
      return jsonRequest(operation, input);
  }
}

/**
 * A connection for each request: the server closes a connection that was idle for some seconds, and a request on it fails with ECONNRESET.
 * `fetch` keeps connections, and sends no request again.
 */
function send(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
          body: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Sends a request that is written from the model, and gives the answer as it came. The SDK's clients refuse invalid input, drop members that
 * they do not know and change types: they would hide what this test looks for.
 */
export async function rawCall(
  caller: Caller,
  service: Service,
  operation: string,
  input: Input = {},
): Promise<RawAnswer> {
  const { method, path, query, contentType, headers, body } = requestOf(service, operation, input);
  const { host, hostname, port } = new URL(caller.endpoint);
  const unsigned = {
    method,
    protocol: 'http:',
    hostname,
    port: Number(port),
    path,
    query,
    headers: { host, 'content-type': contentType, ...headers, ...caller.headers },
    body,
  };
  let sent: Readonly<Record<string, string>> = unsigned.headers;
  if (caller.credentials !== null) {
    const signer = new SignatureV4({
      service,
      region: caller.region,
      credentials: caller.credentials,
      sha256: NodeSha256,
      uriEscapePath: true,
      applyChecksum: false,
    });
    sent = (await signer.sign(unsigned, { signingDate: caller.time ?? new Date() })).headers;
  }
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => [value].flat().map((item): [string, string] => [name, item])),
  ).toString();
  return send(`${caller.endpoint}${path}${search === '' ? '' : `?${search}`}`, method, sent, body);
}
