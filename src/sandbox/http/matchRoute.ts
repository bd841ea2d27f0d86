import { validationFault } from '../api/Fault';
import type { Input } from '../api/Input';
import type { HttpRequest } from './HttpRequest';

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
