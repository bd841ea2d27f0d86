import type { ClusterState } from '../world/World';
import type { KubeObject } from './KubeObject';

/** What is found without looking at every object of a cluster. */
interface ObjectIndex {
  /** By plural, then by key, in the order in which they were made. */
  readonly byPlural: Map<string, Map<string, KubeObject>>;
  /** Keys of the objects that name an owner, by its uid. */
  readonly byOwner: Map<string, Set<string>>;
}

/** The world is plain JSON: what speeds it up stands beside it, and is made from it. */
const INDEXES = new WeakMap<ClusterState['objects'], ObjectIndex>();

/** The plural of a kind is the first part of the key under which a cluster keeps an object. */
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

/** Keeps an object under its key, in the place of what was there. */
export function putObject(cluster: ClusterState, key: string, object: KubeObject): void {
  const index = indexOf(cluster);
  forgetOwners(index, key, cluster.objects[key]);
  cluster.objects[key] = object;
  enter(index, key, object);
}

/** Takes away what stands under a key. */
export function dropObject(cluster: ClusterState, key: string): void {
  const index = indexOf(cluster);
  forgetOwners(index, key, cluster.objects[key]);
  index.byPlural.get(pluralOf(key))?.delete(key);
  Reflect.deleteProperty(cluster.objects, key);
}

/** The objects of a kind with their keys, in the order in which they were made. */
export function entriesOf(cluster: ClusterState, plural: string): readonly (readonly [string, KubeObject])[] {
  return [...(indexOf(cluster).byPlural.get(plural) ?? [])];
}

/** The objects that name an owner by its uid, with their keys. */
export function dependentsOf(cluster: ClusterState, uid: string): readonly (readonly [string, KubeObject])[] {
  return [...(indexOf(cluster).byOwner.get(uid) ?? [])].flatMap((key) => {
    const object = cluster.objects[key];
    return object === undefined ? [] : [[key, object] as const];
  });
}
