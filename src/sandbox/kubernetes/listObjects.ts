import type { ClusterState } from '../world/World';
import type { KubeObject } from './KubeObject';
import { badRequest, KubeFailure } from './KubeFailure';
import { objectsOf } from './objects';
import type { Resource } from './resources';
import { fieldSelector, labelSelector } from './selectors';

/** One chunk of a list. */
export interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Absent on the last chunk. */
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
  if (!Number.isInteger(limit) || limit < 0) throw new KubeFailure(400, 'BadRequest', 'limit must be a whole number');
  return limit === 0 ? Infinity : limit;
}

/**
 * The objects of a kind that a query selects, by namespace and name, `limit` at a time; `continue` goes on behind the last one
 * given. Throws a `KubeFailure`.
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
  const selected = objectsOf(cluster, resource.plural, namespace)
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
