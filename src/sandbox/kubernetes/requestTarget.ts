import type { HttpRequest } from '../http/httpServer';
import { KubeFailure } from './KubeError';
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

/** A rule of a ClusterRole. Source: https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/cluster-role-v1/ */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const holds = (allowed: readonly string[] = [], wanted: string): boolean =>
  allowed.some((one) => one === '*' || one === wanted);

/**
 * Refuses a request for an object or a list that no rule allows, in the API server's words. Rules add up; there is none that denies.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function authorizeTarget(rules: readonly PolicyRule[], target: Target, verb: string): void {
  const { resource, subresource, namespace } = target;
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const allowed = rules.some(
    (rule) => holds(rule.verbs, verb) && holds(rule.apiGroups, resource.group) && holds(rule.resources, plural),
  );
  if (allowed) return;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw new KubeFailure(
    403,
    'Forbidden',
    `${plural} is forbidden: User "operator" cannot ${verb} resource "${plural}" in API group "${resource.group}" ${where}`,
  );
}

/** Refuses a path that is no object where no rule allows it. What every client asks first to find its way is open to all. */
export function authorizePath(rules: readonly PolicyRule[], path: string): void {
  if (/^\/(api|apis|openapi|version|healthz|livez|readyz)(\/|$)/.test(path)) return;
  if (rules.some((rule) => holds(rule.verbs, 'get') && holds(rule.nonResourceURLs, path))) return;
  throw new KubeFailure(403, 'Forbidden', `forbidden: User "operator" cannot get path "${path}"`);
}
