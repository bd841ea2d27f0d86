import type { HttpRequest } from '../http/HttpRequest';
import { KubeFailure } from './KubeFailure';
import { type Resource, resourceOf } from './resources';

/** What a path of the API names. */
export interface Target {
  readonly resource: Resource;
  /** Absent for objects of the whole cluster, and for a list over all namespaces. */
  readonly namespace?: string;
  /** Absent: the collection. */
  readonly name?: string;
  /** `status`, `token`, … */
  readonly subresource?: string;
}

const PATH = /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new KubeFailure(400, 'BadRequest', `the path holds an escape that is none: ${text}`);
  }
}

/** Reads `/api/v1/namespaces/NAMESPACE/pods/NAME` and its like. Undefined where the sandbox has no such kind of object. */
export function targetOf(path: string): Target | undefined {
  const match = PATH.exec(path);
  const [, group = '', version = '', namespace, plural = '', name, subresource] = match ?? [];
  const resource = resourceOf(group, version, plural);
  // `/namespaces/NAME/status` is of the namespace itself.
  if (resource === undefined || (namespace !== undefined && !resource.namespaced)) return undefined;
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace: unescape(namespace) }),
    ...(name === undefined ? {} : { name: unescape(name) }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

const VERBS: Readonly<Record<string, readonly [collection: string, object: string]>> = {
  GET: ['list', 'get'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['deletecollection', 'delete'],
};

/** The verb of a request as Kubernetes' authorisation names it. */
export function verbOf({ name }: Target, request: HttpRequest): string {
  const { method } = request;
  if (method === 'GET' && isWatch(request)) return 'watch';
  return VERBS[method]?.[name === undefined ? 0 : 1] ?? method.toLowerCase();
}

/** Whether a request asks for a watch instead of a list. */
export function isWatch({ query }: HttpRequest): boolean {
  return ['true', '1'].includes(query.get('watch') ?? '');
}
