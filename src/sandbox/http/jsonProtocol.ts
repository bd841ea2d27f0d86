import { validationFault } from '../api/ApiError';
import type { Input } from '../api/Input';
import type { ApiAnswer } from '../api/callApi';
import type { HttpAnswer, HttpRequest } from './httpServer';

/** Times are seconds since 1970 in JSON. */
function jsonValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, jsonValue(child)]));
}

/**
 * An answer in JSON, for REST-JSON and for JSON RPC alike.
 * Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html (error serialization)
 */
export function jsonAnswer(answer: ApiAnswer, requestId: string): HttpAnswer {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  if (!('fault' in answer)) return { status: 200, headers, body: JSON.stringify(jsonValue(answer.output)) };
  const { code, message, status } = answer.fault;
  return { status, headers: { ...headers, 'x-amzn-errortype': code }, body: JSON.stringify({ __type: code, message }) };
}

/** An operation by its route, and the parameters that path and query carry. */
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

/** Reads a table of `METHOD /path/{parameter}` → operation. */
export function readRoutes(table: Readonly<Record<string, string>>): readonly Route[] {
  return Object.entries(table).map(([route, action]) => {
    const [method = '', path = ''] = route.split(' ');
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    return { method, expression: new RegExp(`^${path.replace(/\{\w+\}/g, '([^/]+)')}$`), names, action };
  });
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw validationFault(`the path holds an escape that is none: ${text}`);
  }
}

/** Query parameters that are lists even when they stand there once. */
const LISTS = new Set(['tagKeys', 'types', 'publishers', 'owners', 'include']);

/** Finds the operation of a request. Undefined when no route fits. */
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
