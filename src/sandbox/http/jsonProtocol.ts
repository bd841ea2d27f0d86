import type { Actions } from '../api/Action';
import { ApiError } from '../api/ApiError';
import type { ApiAnswer } from '../api/callApi';
import type { Input } from '../api/Input';
import type { HttpAnswer, HttpRequest } from './httpServer';
import { oversized } from './limits';

/** JSON has times as seconds since 1970. */
function jsonValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, jsonValue(child)]));
}

/**
 * An answer in JSON, for REST-JSON.
 * Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html (error serialization)
 */
export function jsonAnswer(answer: ApiAnswer, requestId: string): HttpAnswer {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  if (!('error' in answer)) return { status: 200, headers, body: JSON.stringify(jsonValue(answer.output)) };
  const { code, message, status } = answer.error;
  return { status, headers: { ...headers, 'x-amzn-errortype': code }, body: JSON.stringify({ __type: code, message }) };
}

/**
 * An answer in JSON 1.1, for JSON RPC: that of CloudTrail and Organizations, whose errors have the member `Message`.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html and the error shapes of both API models
 */
export function jsonRpcAnswer(answer: ApiAnswer, requestId: string): HttpAnswer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId };
  if (!('error' in answer)) return { status: 200, headers, body: JSON.stringify(jsonValue(answer.output)) };
  const { code, message, status } = answer.error;
  return { status, headers, body: JSON.stringify({ __type: code, Message: message }) };
}

/** The parameters in a JSON body. Throws an `ApiError`. */
export function readJson(body: Buffer): Input {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new ApiError('SerializationException', 400, 'the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ApiError('SerializationException', 400, 'the body must be a JSON object');
  const tooMuch = oversized(value);
  if (tooMuch !== undefined) throw new ApiError('SerializationException', 400, `the body cannot be read: ${tooMuch}`);
  return value as Input;
}

/** The action of a request, and the parameters in path and query. */
export interface RouteMatch {
  readonly action: string;
  readonly parameters: Input;
}

interface Route {
  readonly method: string;
  readonly expression: RegExp;
  readonly names: readonly string[];
  readonly action: string;
}

/** The routes of actions. */
export function routesOf(actions: Actions): readonly Route[] {
  return Object.entries(actions).flatMap(([action, { route }]) => {
    if (route === undefined) return [];
    const [method = '', path = ''] = route.split(' ');
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    return [{ method, expression: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`), names, action }];
  });
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError('InvalidParameterException', 400, `the path has an invalid escape sequence: ${text}`);
  }
}

/** Query parameters that are always lists. */
const LISTS = new Set(['tagKeys', 'types', 'publishers', 'owners', 'include', 'clusterVersions']);

/** Finds the action of a request. Undefined when no route matches. */
export function matchRoute(routes: readonly Route[], { method, path, query }: HttpRequest): RouteMatch | undefined {
  for (const route of routes) {
    const match = route.method === method ? route.expression.exec(path) : null;
    if (match === null) continue;
    const fromPath = route.names.map((name, index) => [name, unescape(match[index + 1] ?? '')] as const);
    const fromQuery = [...new Set(query.keys())].map(
      (name) => [name, LISTS.has(name) ? query.getAll(name) : query.get(name)] as const,
    );
    return { action: route.action, parameters: Object.fromEntries([...fromQuery, ...fromPath]) };
  }
  return undefined;
}
