import { randomUUID } from 'node:crypto';
import type { ClusterState } from '../world/World';
import { sameJson } from './fields/sameJson';
import { kubeTime } from './kubeTime';
import { controllerOf, type KubeObject, type ObjectMeta } from './KubeObject';
import { type Json, isJson, omit } from './json';
import { dependentsOf, dropObject, entriesOf, pluralOf, putObject } from './objectIndex';

function keyOf(plural: string, namespace: string | undefined, name: string): string {
  return `${plural}/${namespace ?? ''}/${name}`;
}

/** The object of that name. Undefined when there is none. */
export function findObject(
  cluster: ClusterState,
  plural: string,
  namespace: string | undefined,
  name: string,
): KubeObject | undefined {
  return cluster.objects[keyOf(plural, namespace, name)];
}

/** All objects of a kind, of one namespace or of all. */
export function objectsOf(cluster: ClusterState, plural: string, namespace?: string): KubeObject[] {
  const prefix = namespace === undefined ? `${plural}/` : `${plural}/${namespace}/`;
  return entriesOf(cluster, plural).flatMap(([key, object]) => (key.startsWith(prefix) ? [object] : []));
}

/** The objects of a kind that another controls. */
export function controlledObjects(cluster: ClusterState, plural: string, owner: KubeObject): KubeObject[] {
  const { uid } = owner.metadata;
  return dependentsOf(cluster, uid).flatMap(([key, object]) =>
    pluralOf(key) === plural && controllerOf(object)?.uid === uid ? [object] : [],
  );
}

function nextVersion(cluster: ClusterState): string {
  cluster.objectVersion += 1;
  return String(cluster.objectVersion);
}

/** What an object is made from: whatever a client sent, under a name. */
export type NewObject = Json & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json & { readonly name: string; readonly namespace?: string; readonly uid?: string };
};

/** Puts a new object into a cluster, with what the API server adds to its metadata. */
export function addObject(cluster: ClusterState, plural: string, object: NewObject, time: Date): KubeObject {
  const { name, namespace } = object.metadata;
  const metadata: ObjectMeta = {
    ...object.metadata,
    name,
    uid: object.metadata.uid ?? randomUUID(),
    resourceVersion: nextVersion(cluster),
    creationTimestamp: kubeTime(time),
    ...(isJson(object.spec) ? { generation: 1 } : {}),
  };
  const added: KubeObject = { ...object, metadata };
  putObject(cluster, keyOf(plural, namespace, name), added);
  return added;
}

/** The object without the times of its owners: they alone are no change. */
function timeless(object: KubeObject): Json {
  const { managedFields = [] } = object.metadata;
  return {
    ...object,
    metadata: { ...object.metadata, managedFields: managedFields.map((entry) => omit(entry, 'time')) },
  };
}

/**
 * Puts another state in the place of an object; nothing moves when it is the same. A spec that changed counts the generation on.
 * Source: kubernetes/kubernetes staging/src/k8s.io/apiserver pkg/endpoints/handlers/fieldmanager/equality.go
 */
export function replaceObject(cluster: ClusterState, plural: string, object: KubeObject): KubeObject {
  const { name, namespace } = object.metadata;
  const before = findObject(cluster, plural, namespace, name);
  if (before !== undefined && sameJson(timeless(before), timeless(object))) return before;
  const specChanged = !sameJson(before?.spec, object.spec);
  const { generation } = object.metadata;
  const metadata: ObjectMeta = {
    ...object.metadata,
    resourceVersion: nextVersion(cluster),
    ...(generation !== undefined && specChanged ? { generation: generation + 1 } : {}),
  };
  const replaced: KubeObject = { ...object, metadata };
  putObject(cluster, keyOf(plural, namespace, name), replaced);
  return replaced;
}

/** Takes an object away, and nothing else. What it controls is `deleteObject`'s to delete. */
export function removeObject(cluster: ClusterState, plural: string, { metadata }: KubeObject): void {
  dropObject(cluster, keyOf(plural, metadata.namespace, metadata.name));
}

/** The objects that another owns, each with its plural. */
export function ownedObjects(cluster: ClusterState, owner: KubeObject): readonly (readonly [string, KubeObject])[] {
  return dependentsOf(cluster, owner.metadata.uid).map(([key, object]) => [pluralOf(key), object]);
}

/** The objects that stand in a namespace, each with its plural. */
export function objectsIn(cluster: ClusterState, namespace: string): readonly (readonly [string, KubeObject])[] {
  return Object.entries(cluster.objects).flatMap(([key, object]) =>
    object.metadata.namespace === namespace ? [[pluralOf(key), object] as const] : [],
  );
}
