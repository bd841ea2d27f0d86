import { setTimeout } from 'node:timers/promises';
import type { SandboxState } from '../api/SandboxState';
import type { HttpRequest } from '../http/HttpRequest';
import type { ClusterState } from '../world/World';
import { answerApiServer, apiServerUrl } from './apiServer';

/** A request to a cluster's API server. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API server's root, with the query: `/api/v1/namespaces/shop/serviceaccounts/orders?fieldManager=podlift`. */
  readonly path: string;
  /** A text and a Buffer are sent as they are, anything else as JSON. Default: no body. */
  readonly body?: unknown;
  /** Default: `application/json`. A patch must state its kind: `application/apply-patch+yaml`, `application/merge-patch+json`, … */
  readonly contentType?: string;
  /** Names the field manager of a write whose query names none. Default: `podlift-sandbox`. */
  readonly userAgent?: string;
}

export interface KubeResponse {
  /** HTTP status. */
  readonly status: number;
  /** What the JSON of the answer says; a text where the answer is no JSON. */
  readonly body: unknown;
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function httpRequest(cluster: ClusterState, { method, path, body, contentType, userAgent }: KubeRequest): HttpRequest {
  const mark = path.indexOf('?');
  const [location, query] = mark < 0 ? [path, ''] : [path.slice(0, mark), path.slice(mark + 1)];
  return {
    method,
    path: `${apiServerUrl('', cluster)}${location}`,
    query: new URLSearchParams(query),
    headers: {
      accept: 'application/json',
      'user-agent': userAgent ?? 'podlift-sandbox',
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
    },
    body: bytesOf(body),
  };
}

/**
 * Answers a request to a cluster's API server without the network, as `http/startServer.ts` does over it: handled at once, and told
 * when the answer is due. An answer that never comes leaves the promise open.
 */
export async function sendRequest(
  state: SandboxState,
  cluster: ClusterState,
  request: KubeRequest,
): Promise<KubeResponse> {
  const { status, headers, body, holdMs = 0 } = answerApiServer(state, httpRequest(cluster, request));
  if (holdMs === Infinity) return new Promise(() => undefined);
  if (holdMs > 0) await setTimeout(holdMs);
  const isText = headers['content-type'] !== 'application/json';
  return { status, body: isText ? body : (JSON.parse(body) as unknown) };
}
