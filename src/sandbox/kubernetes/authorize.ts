import { KubeFailure } from './KubeFailure';
import type { Target } from './target';

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
