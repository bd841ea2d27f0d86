import type { ClusterState } from '../world/World';
import { cleanObject } from './cleanObject';
import { applied, updated } from './fields/managedFields';
import type { Writer } from './fields/Owner';
import { sameJson } from './fields/sameJson';
import type { KubeObject } from './KubeObject';
import type { Json } from './json';
import { addObject, findObject, type NewObject, replaceObject } from './objects';

/** Puts a new object into a cluster; whoever makes it owns its fields. */
export function createAs(cluster: ClusterState, plural: string, object: NewObject, writer: Writer): KubeObject {
  return addObject(cluster, plural, updated(undefined, object, writer), writer.time);
}

/** Puts another state in the place of an object; whoever does owns the fields that it changes. */
export function replaceAs(cluster: ClusterState, plural: string, object: KubeObject, writer: Writer): KubeObject {
  const { name, namespace } = object.metadata;
  const before = findObject(cluster, plural, namespace, name);
  if (before !== undefined && sameJson(before, object)) return before;
  return replaceObject(cluster, plural, updated(before, object, writer));
}

/**
 * Applies an object, by force: the applier owns what it applies, and what it applied before and leaves out now goes, unless another
 * owns it. An object that is not there is made.
 */
export function applyAs(cluster: ClusterState, plural: string, config: NewObject, writer: Writer): KubeObject {
  const { name, namespace } = config.metadata;
  const before = findObject(cluster, plural, namespace, name);
  const next = cleanObject(applied(before, config, writer, true));
  if (before === undefined) return addObject(cluster, plural, next as NewObject, writer.time);
  return replaceObject(cluster, plural, next as KubeObject);
}

/** Writes the status of an object, as a controller does by the subresource `status`. */
export function writeStatus(
  cluster: ClusterState,
  plural: string,
  object: KubeObject,
  status: Json,
  writer: Writer,
): KubeObject {
  return replaceAs(cluster, plural, { ...object, status }, { ...writer, subresource: 'status' });
}
