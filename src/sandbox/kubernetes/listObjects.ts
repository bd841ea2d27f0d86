import type { ClusterState } from '../world/World';
import { badRequest, KubeError } from './KubeError';
import type { KubeObject } from './KubeObject';
import { isJson } from './json';
import { objectsOf } from './objects';
import type { Resource } from './resources';

type Test = (object: KubeObject) => boolean;

function labelTest(requirement: string): Test {
  const [, key = '', operator, wanted = ''] = /^([^\s!=]+)\s*(==|=|!=)\s*([^\s!=]*)$/.exec(requirement.trim()) ?? [];
  if (operator === undefined) {
    throw badRequest(
      `the podlift sandbox implements only = and != in label selectors, not ${JSON.stringify(requirement.trim())}`,
    );
  }
  return ({ metadata: { labels } }) => (labels?.[key] === wanted) === (operator !== '!=');
}

/**
 * A test by labels, separated by commas: `app=x`, `app!=x`. Throws a `KubeError` for set-based requirements, which are not implemented.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
 */
function labelSelector(text: string): Test {
  const tests = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(labelTest);
  return (object) => tests.every((test) => test(object));
}

/**
 * The fields by which each kind can be selected, beside name and namespace.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  pods: ['spec.nodeName', 'spec.serviceAccountName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
};

function fieldOf(object: KubeObject, path: string): string {
  let value: unknown = object;
  for (const key of path.split('.')) value = isJson(value) ? value[key] : undefined;
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/** A test by fields: `spec.nodeName=x,status.phase!=Running`. Throws a `KubeError` for a field that the kind does not have. */
function fieldSelector(plural: string, text: string): Test {
  const known = ['metadata.name', 'metadata.namespace', ...(FIELDS[plural] ?? [])];
  const tests = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part): Test => {
      const match = /^([^!=]+)(==|=|!=)(.*)$/.exec(part.trim());
      if (match === null) throw badRequest(`invalid selector: '${part}'; can't understand it`);
      const [, path = '', operator, wanted = ''] = match;
      if (!known.includes(path)) throw badRequest(`field label not supported: ${path}`);
      return (object) => (fieldOf(object, path) === wanted) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

/** One part of a list. */
export interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Absent in the last part. */
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function readContinue(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after:')) throw badRequest('continue key is not valid');
  return text.slice('after:'.length);
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 0);
  if (!Number.isInteger(limit) || limit < 0) throw new KubeError(400, 'BadRequest', 'limit must be a whole number');
  return limit === 0 ? Infinity : limit;
}

/**
 * The objects of a kind that a query selects, sorted by namespace and name. A part has `limit` objects; `continue` is the key of the last
 * object of the part before. Throws a `KubeError`.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export function listObjects(
  cluster: ClusterState,
  resource: Resource,
  namespace: string | undefined,
  query: URLSearchParams,
): ObjectList {
  const byLabel = labelSelector(query.get('labelSelector') ?? '');
  const byField = fieldSelector(resource.plural, query.get('fieldSelector') ?? '');
  const selected = objectsOf(cluster, resource.stored, namespace)
    .filter((object) => byLabel(object) && byField(object))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const token = query.get('continue') ?? '';
  const after = token === '' ? undefined : readContinue(token);
  const rest = after === undefined ? selected : selected.filter((object) => keyOf(object) > after);
  const items = rest.slice(0, limitOf(query));
  const last = items.at(-1);
  const resourceVersion = String(cluster.objectVersion);
  if (last === undefined || items.length === rest.length) return { items, resourceVersion };
  return {
    items,
    resourceVersion,
    continue: Buffer.from(`after:${keyOf(last)}`).toString('base64url'),
    remainingItemCount: rest.length - items.length,
  };
}
