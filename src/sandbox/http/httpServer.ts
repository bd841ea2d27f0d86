import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A complete request. */
export interface HttpRequest {
  readonly method: string;
  /** The path as it was sent, with its escape sequences and without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name; the values of repeated headers are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The answer to a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long the answer is delayed, in milliseconds; Infinity: it is never sent. Default: 0. */
  readonly holdMs?: number;
}

const MAX_BODY = 1024 * 1024;
const HOST = '127.0.0.1';

const TOO_LARGE: HttpAnswer = {
  status: 413,
  headers: { 'content-type': 'application/json', connection: 'close' },
  body: JSON.stringify({ __type: 'RequestEntityTooLargeException', message: `a body has at most ${MAX_BODY} bytes` }),
};

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

/** Reads a whole request. Undefined when the body is too large. A client that uses the server as a proxy sends a whole URL. */
async function readRequest(endpoint: string, message: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  const sent = message.url ?? '/';
  const url = sent.startsWith(`${endpoint}/`) ? sent.slice(endpoint.length) : sent;
  const mark = url.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers: plainHeaders(message),
    body: Buffer.concat(chunks),
  };
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
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
 * `port` 0 is any free port. Rejects when the port is in use.
 */
export async function startServer(
  port: number,
  answer: (endpoint: string, request: HttpRequest) => HttpAnswer,
): Promise<RunningServer> {
  let endpoint = '';
  const answerTo = (request: HttpRequest | undefined): HttpAnswer => {
    if (request === undefined) return TOO_LARGE;
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
    if (!response.destroyed) send(response, answered);
  };
  const server: Server = createServer((message, response) => {
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
