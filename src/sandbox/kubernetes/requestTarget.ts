import type { HttpRequest } from '../http/httpServer';
import { KubeError } from './KubeError';
import type { Resource } from './resources';

/** The object or the collection that a path names. */
export interface Target {
  readonly resource: Resource;
  /** Absent for objects of the whole cluster, and for a list over all namespaces. */
  readonly namespace?: string;
  /** Absent: the collection. */
  readonly name?: string;
  /** `status`, `log`, … */
  readonly subresource?: string;
}

const PATH = /^\/(?:api|apis\/([^/]+))\/([^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new KubeError(400, 'BadRequest', `the path has an invalid escape sequence: ${text}`);
  }
}

/** Reads a path like `/api/v1/namespaces/NAMESPACE/pods/NAME`. Undefined when no resource is of the kind. */
export function targetOf(resources: readonly Resource[], path: string): Target | undefined {
  const match = PATH.exec(path);
  const [, group = '', version = '', namespace, plural = '', name, subresource] = match ?? [];
  const resource = resources.find((one) => one.group === group && one.version === version && one.plural === plural);
  // In `/namespaces/NAME/status` the object is the namespace.
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

/** The verb of a request in Kubernetes' authorisation. */
export function verbOf({ name }: Target, request: HttpRequest): string {
  const { method } = request;
  if (method === 'GET' && isWatch(request)) return 'watch';
  return VERBS[method]?.[name === undefined ? 0 : 1] ?? method.toLowerCase();
}

/** True for a watch. */
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

const includes = (allowed: readonly string[] = [], wanted: string): boolean =>
  allowed.some((one) => one === '*' || one === wanted);

/**
 * Refuses a request for an object or a list that no rule allows, with the API server's message. A rule can only allow.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function authorizeTarget(rules: readonly PolicyRule[], target: Target, verb: string): void {
  const { resource, subresource, namespace } = target;
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const allowed = rules.some(
    (rule) =>
      includes(rule.verbs, verb) && includes(rule.apiGroups, resource.group) && includes(rule.resources, plural),
  );
  if (allowed) return;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw new KubeError(
    403,
    'Forbidden',
    `${plural} is forbidden: User "operator" cannot ${verb} resource "${plural}" in API group "${resource.group}" ${where}`,
  );
}

/** Refuses a path without an object when no rule allows it. Discovery is allowed for everybody. */
export function authorizePath(rules: readonly PolicyRule[], path: string): void {
  if (/^\/(api|apis|openapi|version|healthz|livez|readyz)(\/|$)/.test(path)) return;
  if (rules.some((rule) => includes(rule.verbs, 'get') && includes(rule.nonResourceURLs, path))) return;
  throw new KubeError(403, 'Forbidden', `forbidden: User "operator" cannot get path "${path}"`);
}
