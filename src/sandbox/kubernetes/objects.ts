import { randomUUID } from 'node:crypto';
import type { ClusterState } from '../world/World';
import { controllerOf, type KubeObject, kubeTime, type ObjectMeta } from './KubeObject';
import type { Writer } from './fields/fieldOwners';
import { applyConfig, trackUpdate } from './fields/managedFields';
import { cleanObject, isJson, type Json, omit, sameJson } from './json';

/** Finds objects without a search through all objects of a cluster. */
interface ObjectIndex {
  /** By plural, then by key, in the order of creation. */
  readonly byPlural: Map<string, Map<string, KubeObject>>;
  /** By the uid of an owner: the keys of its objects. */
  readonly byOwner: Map<string, Set<string>>;
}

/** The world is plain JSON. The index is derived from it. */
const INDEXES = new WeakMap<ClusterState['objects'], ObjectIndex>();

/** The plural of a kind is the first part of an object's key. */
export function pluralOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function enter({ byPlural, byOwner }: ObjectIndex, key: string, object: KubeObject): void {
  const plural = pluralOf(key);
  const objects = byPlural.get(plural) ?? new Map<string, KubeObject>();
  byPlural.set(plural, objects.set(key, object));
  for (const { uid } of object.metadata.ownerReferences ?? []) {
    byOwner.set(uid, (byOwner.get(uid) ?? new Set()).add(key));
  }
}

function indexOf({ objects }: ClusterState): ObjectIndex {
  const known = INDEXES.get(objects);
  if (known !== undefined) return known;
  const index: ObjectIndex = { byPlural: new Map(), byOwner: new Map() };
  for (const [key, object] of Object.entries(objects)) enter(index, key, object);
  INDEXES.set(objects, index);
  return index;
}

function forgetOwners({ byOwner }: ObjectIndex, key: string, object: KubeObject | undefined): void {
  for (const { uid } of object?.metadata.ownerReferences ?? []) byOwner.get(uid)?.delete(key);
}

/** Stores an object under its key. */
export function putObject(cluster: ClusterState, key: string, object: KubeObject): void {
  const index = indexOf(cluster);
  forgetOwners(index, key, cluster.objects[key]);
  cluster.objects[key] = object;
  enter(index, key, object);
}

/** Removes the object of a key. */
export function dropObject(cluster: ClusterState, key: string): void {
  const index = indexOf(cluster);
  forgetOwners(index, key, cluster.objects[key]);
  index.byPlural.get(pluralOf(key))?.delete(key);
  Reflect.deleteProperty(cluster.objects, key);
}

/** The objects of a kind with their keys, in the order of creation. */
export function entriesOf(cluster: ClusterState, plural: string): readonly (readonly [string, KubeObject])[] {
  return [...(indexOf(cluster).byPlural.get(plural) ?? [])];
}

/** The objects of an owner, with their keys. */
export function dependentsOf(cluster: ClusterState, uid: string): readonly (readonly [string, KubeObject])[] {
  return [...(indexOf(cluster).byOwner.get(uid) ?? [])].flatMap((key) => {
    const object = cluster.objects[key];
    return object === undefined ? [] : [[key, object] as const];
  });
}

function keyOf(plural: string, namespace: string | undefined, name: string): string {
  return `${plural}/${namespace ?? ''}/${name}`;
}

/** The object of that name. Undefined when it does not exist. */
export function findObject(
  cluster: ClusterState,
  plural: string,
  namespace: string | undefined,
  name: string,
): KubeObject | undefined {
  return cluster.objects[keyOf(plural, namespace, name)];
}

/** The objects of a kind, in one namespace or in all. */
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

/** An object that is not in a cluster yet: whatever a client sent, with a name. */
export type NewObject = Json & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json & { readonly name: string; readonly namespace?: string; readonly uid?: string };
};

/** Records the owners of the fields of a new object. */
export type RecordOwners = (object: NewObject) => NewObject;

/** Adds a new object to a cluster, with the metadata that the API server sets. */
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

/** The object without the times of its owners: another time alone is not a change. */
function timeless(object: KubeObject): Json {
  const { managedFields = [] } = object.metadata;
  return {
    ...object,
    metadata: { ...object.metadata, managedFields: managedFields.map((entry) => omit(entry, 'time')) },
  };
}

/**
 * Replaces an object. Nothing changes when it is equal. Another spec increments the generation.
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

/** Removes only this object. `deleteObject` also deletes the objects that it owns. */
export function removeObject(cluster: ClusterState, plural: string, { metadata }: KubeObject): void {
  dropObject(cluster, keyOf(plural, metadata.namespace, metadata.name));
}

/** The objects that an object owns, each with its plural. */
export function ownedObjects(cluster: ClusterState, owner: KubeObject): readonly (readonly [string, KubeObject])[] {
  return dependentsOf(cluster, owner.metadata.uid).map(([key, object]) => [pluralOf(key), object]);
}

/** The objects in a namespace, each with its plural. */
export function objectsIn(cluster: ClusterState, namespace: string): readonly (readonly [string, KubeObject])[] {
  return Object.entries(cluster.objects).flatMap(([key, object]) =>
    object.metadata.namespace === namespace ? [[pluralOf(key), object] as const] : [],
  );
}

/** Adds a new object to a cluster. The writer owns its fields. */
export function createAs(cluster: ClusterState, plural: string, object: NewObject, writer: Writer): KubeObject {
  return addObject(cluster, plural, trackUpdate(undefined, object, writer), writer.time);
}

/** Replaces an object. The writer owns the fields that change. */
export function replaceAs(cluster: ClusterState, plural: string, object: KubeObject, writer: Writer): KubeObject {
  const { name, namespace } = object.metadata;
  const before = findObject(cluster, plural, namespace, name);
  if (before !== undefined && sameJson(before, object)) return before;
  return replaceObject(cluster, plural, trackUpdate(before, object, writer));
}

/**
 * Applies an object with force: the writer owns the fields of the config. A field that it applied before and leaves out now is removed, unless
 * somebody else owns it. A missing object is created.
 */
export function applyAs(cluster: ClusterState, plural: string, config: NewObject, writer: Writer): KubeObject {
  const { name, namespace } = config.metadata;
  const before = findObject(cluster, plural, namespace, name);
  const next = cleanObject(applyConfig(before, config, writer, true));
  if (before === undefined) return addObject(cluster, plural, next as NewObject, writer.time);
  return replaceObject(cluster, plural, next as KubeObject);
}

/** Writes the status of an object, as a controller does with the subresource `status`. */
export function writeStatus(
  cluster: ClusterState,
  plural: string,
  object: KubeObject,
  status: Json,
  writer: Writer,
): KubeObject {
  return replaceAs(cluster, plural, { ...object, status }, { ...writer, subresource: 'status' });
}
