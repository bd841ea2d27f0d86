import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type BrokenLimit, brokenLimit, LIMITS } from './limits';

/** A complete request. */
export interface HttpRequest {
  readonly method: string;
  /** The path as it was sent, with its escape sequences and without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; the values of repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The limit that the request breaks; `query` and `body` are empty then. */
  readonly broken?: BrokenLimit;
}

/** The answer to a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long the answer is delayed, in milliseconds; Infinity: it is never sent. Default: 0. */
  readonly holdMs?: number;
}

const HOST = '127.0.0.1';

const NO_PROXY: HttpAnswer = {
  status: 502,
  headers: { 'content-type': 'text/plain' },
  body: 'the podlift sandbox is not a proxy: it has no connection to other servers\n',
};

const FOREIGN: HttpAnswer = {
  status: 403,
  headers: { 'content-type': 'text/plain', connection: 'close' },
  body: 'the podlift sandbox answers programs of this machine only, at its own address, and no web page\n',
};

/** How a program of this machine names the server. A web page whose name leads to 127.0.0.1 (DNS rebinding) sends its own name. */
const OWN_NAMES: ReadonlySet<string> = new Set([HOST, 'localhost', '[::1]']);

/**
 * True for a request that a web page makes a browser send, or that names another server. Browsers send `Origin` with every request that can
 * change something, and `Sec-Fetch-Site` with all; `none` is what a person types.
 * Sources: https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
 */
function isForeign({ headers }: HttpRequest, endpoint: string): boolean {
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec((headers.host ?? '').toLowerCase()) ?? [];
  const isOwn = OWN_NAMES.has(name) && (port ?? '80') === (new URL(endpoint).port || '80');
  const site = headers['sec-fetch-site'] ?? 'none';
  return !isOwn || headers.origin !== undefined || site !== 'none';
}

function plainHeaders(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
}

/** The body, and whether it is longer than the limit. A client that announces no length is stopped at the limit. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Without `destroyOnReturn` the connection would end before the client has the answer.
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LIMITS.bodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a whole request, up to the limits. A client that uses the server as a proxy sends a whole URL. */
async function readRequest(endpoint: string, message: IncomingMessage): Promise<HttpRequest> {
  const sent = message.url ?? '/';
  const url = sent.startsWith(`${endpoint}/`) ? sent.slice(endpoint.length) : sent;
  const mark = url.indexOf('?');
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const head = {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    headers: plainHeaders(message),
  };
  const nothing = { query: new URLSearchParams(), body: Buffer.alloc(0) };
  const broken = brokenLimit(message.rawHeaders.length / 2, query, Number(message.headers['content-length'] ?? 0));
  if (broken !== undefined) return { ...head, ...nothing, broken };
  const body = await readBody(message);
  if (body === undefined) {
    return { ...head, ...nothing, broken: { status: 413, message: `limit is ${LIMITS.bodyBytes}` } };
  }
  return { ...head, query: new URLSearchParams(query), body };
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
}

function closing(answer: HttpAnswer): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, connection: 'close' } };
}

/** A server that listens. `stop` closes it and its connections; it can be called more than once. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts an HTTP server on loopback. `answer` gets each complete request and the server's URL; when it throws, the client gets a 500. Requests
 * of web pages, and those for another host name, get a 403.
 * `port` 0 is any free port. `times` says how long a client may take to send a request. Rejects when the port is in use.
 */
export async function startServer(
  port: number,
  answer: (endpoint: string, request: HttpRequest) => HttpAnswer,
  times: { readonly headersMs: number; readonly requestMs: number } = LIMITS,
): Promise<RunningServer> {
  let endpoint = '';
  const answerTo = (request: HttpRequest): HttpAnswer => {
    if (request.path.startsWith('http:')) return NO_PROXY;
    return isForeign(request, endpoint) ? FOREIGN : answer(endpoint, request);
  };
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(endpoint, message);
    const answered = answerTo(request);
    const { holdMs = 0 } = answered;
    // The request is handled now, the answer is sent late. A client without an answer waits until the server stops.
    if (holdMs === Infinity) return;
    if (holdMs > 0) await setTimeout(holdMs, undefined, { ref: false });
    if (response.destroyed) return;
    // The rest of a body that is not read cannot be told from a next request.
    send(response, request.broken === undefined ? answered : closing(answered));
  };
  // Node answers 431 and 408 itself when the headers are too long or too late, or the body is too late.
  const limits = {
    maxHeaderSize: LIMITS.headerBytes,
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    connectionsCheckingInterval: 1000,
  };
  const server: Server = createServer(limits, (message, response) => {
    handle(message, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, { status: 500, headers: { 'content-type': 'text/plain' }, body: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  endpoint = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    stop: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
