import { badRequest } from '../KubeError';
import { type KubeObject, kubeTime } from '../KubeObject';
import { isJson, type Json, objectAt, omit, sameJson, textAt } from '../json';
import {
  difference,
  type FieldNode,
  type FieldSet,
  fromFieldsV1,
  intersection,
  pathsOf,
  union,
  withParents,
} from './FieldSet';
import { appliedFields, type Changes, fieldChanges } from './fieldChanges';
import {
  applyConflict,
  type Conflict,
  isBy,
  orderOf,
  type Owner,
  readOwners,
  resetsOwners,
  withoutManagedFields,
  writeOwners,
  type Writer,
} from './fieldOwners';
import { mergeFields, removeFields } from './mergeFields';

/** The annotation in which a client-side `kubectl apply` keeps its last config. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function readLastApplied(object: Json): Json | undefined {
  const text = textAt(objectAt(objectAt(object, 'metadata'), 'annotations'), LAST_APPLIED) ?? '';
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) && value.apiVersion === object.apiVersion ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The fields that `kubectl apply --server-side` may change without force: `kubectl apply` set them before, and nobody changed them since.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal/lastappliedmanager.go
 */
export function allowedConflicts(live: Json): FieldSet {
  const last = readLastApplied(live);
  if (last === undefined) return new Map();
  const kind = textAt(live, 'kind') ?? '';
  const { added, modified, removed } = fieldChanges(kind, last, live);
  return difference(appliedFields(kind, last), union(union(added, modified), removed));
}

/** A value with sorted members, as Go writes a map. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(sorted);
  if (!isJson(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, child]) => [name, sorted(child)]));
}

/**
 * The object whose annotation of `kubectl apply` has the config that `kubectl apply --server-side` applied.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal/lastappliedupdater.go
 */
export function withLastApplied(object: Json, applied: Json): Json {
  const metadata = objectAt(object, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  if ((textAt(annotations, LAST_APPLIED) ?? '') === '') return object;
  const appliedMeta = objectAt(applied, 'metadata');
  const own = isJson(appliedMeta.annotations) ? { annotations: omit(appliedMeta.annotations, LAST_APPLIED) } : {};
  const text = `${JSON.stringify(sorted({ ...applied, metadata: { ...appliedMeta, ...own } }))}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

/** Metadata without owners. Source: k8s.io/apimachinery pkg/util/managedfields/internal/stripmeta.go */
const STRIPPED_META = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
];
const STRIPPED =
  fromFieldsV1({
    'f:apiVersion': {},
    'f:kind': {},
    'f:metadata': { '.': {}, ...Object.fromEntries(STRIPPED_META.map((name) => [`f:${name}`, {}])) },
  }) ?? new Map<string, FieldNode>();

/** More managers that update are merged into one. Source: …/managedfields/internal/fieldmanager.go, DefaultMaxUpdateManagers */
const MAX_UPDATERS = 10;
/** Source: …/managedfields/internal/capmanagers.go */
const OLD_UPDATES = 'ancient-changes';
/** Source: …/managedfields/internal/skipnonapplied.go */
const BEFORE_FIRST_APPLY = 'before-first-apply';

const NOTHING: FieldSet = new Map();

/** The fields of all these owners. */
function fieldsOfAll(owners: readonly Owner[]): FieldSet {
  let all = NOTHING;
  for (const { fields } of owners) all = union(all, fields);
  return all;
}

/** The owners without the fields that a write changed: a changed field belongs only to its writer. */
function withoutChanged(owners: readonly Owner[], { added, modified, removed }: Changes): Owner[] {
  const changed = union(added, modified);
  return owners
    .map((owner) => ({ ...owner, fields: difference(difference(owner.fields, changed), removed) }))
    .filter(({ fields }) => fields.size > 0);
}

/** Source: …/managedfields/internal/capmanagers.go */
function capUpdaters(owners: readonly Owner[]): readonly Owner[] {
  const updaters = owners.filter(({ operation }) => operation === 'Update');
  if (updaters.length <= MAX_UPDATERS) return owners;
  const oldest = [...updaters].sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  const merged = oldest.slice(0, updaters.length - MAX_UPDATERS + 1);
  const { time, apiVersion = '' } = merged.at(-1) ?? {};
  const bucket: Owner = {
    manager: OLD_UPDATES,
    operation: 'Update',
    apiVersion,
    subresource: '',
    ...(time === undefined ? {} : { time }),
    fields: fieldsOfAll(merged),
  };
  return [...owners.filter((owner) => !merged.includes(owner)), bucket];
}

function updateOwners(owners: readonly Owner[], live: Json, next: Json, writer: Writer): readonly Owner[] {
  const { manager, time, subresource = '' } = writer;
  const apiVersion = textAt(next, 'apiVersion') ?? '';
  const changes = fieldChanges(textAt(next, 'kind') ?? '', withoutManagedFields(live), withoutManagedFields(next));
  const others = withoutChanged(
    owners.filter((owner) => owner.apiVersion === apiVersion),
    changes,
  );
  const gained = difference(union(changes.added, changes.modified), STRIPPED);
  if (gained.size === 0) return capUpdaters(others);
  const own = others.find((owner) => isBy(owner, manager, 'Update', subresource));
  const fields = own === undefined ? gained : union(own.fields, gained);
  const written: Owner = { manager, operation: 'Update', apiVersion, subresource, time: kubeTime(time), fields };
  return capUpdaters([...others.filter((owner) => owner !== own), written]);
}

/**
 * An object that a client creates, updates or patches, with its new owners: only the writer owns the fields that it added or changed. `live` is
 * undefined for a new object. An object without owners, because a client reset them, stays without owners.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal/fieldmanager.go (Update), managedfieldsupdater.go;
 * sigs.k8s.io/structured-merge-diff merge/update.go (Update)
 */
export function trackUpdate<T extends Json>(live: KubeObject | undefined, next: T, writer: Writer): T {
  const apiVersion = textAt(next, 'apiVersion') ?? '';
  const isReset = writer.subresource === undefined && resetsOwners(next);
  const sent = writer.subresource === undefined ? readOwners(next, apiVersion) : [];
  const kept = sent.length > 0 || live === undefined ? sent : readOwners(live, apiVersion);
  const owners = isReset ? [] : kept;
  if (owners.length === 0 && live !== undefined) return writeOwners(next, []);
  return writeOwners(next, updateOwners(owners, live ?? {}, next, writer));
}

/** Removes the fields that the writer applied before and leaves out now, unless somebody else owns them. Source: …/merge/update.go, prune */
function prune(kind: string, merged: Json, last: FieldSet, owners: readonly Owner[]): Json {
  if (last.size === 0) return merged;
  const owned = withParents(fieldsOfAll(owners));
  const all = withParents(appliedFields(kind, merged));
  const parentsOfLast = withParents(last);
  const fieldsOf = (object: Json): FieldSet => withParents(appliedFields(kind, object));
  const pruned = removeFields(kind, merged, parentsOfLast);
  const backOwned = removeFields(kind, merged, difference(all, union(fieldsOf(pruned), owned)));
  return removeFields(kind, merged, intersection(difference(all, fieldsOf(backOwned)), parentsOfLast));
}

/** The fields whose values an apply changes although others own them. */
function conflictsOf(owners: readonly Owner[], { added, modified }: Changes): readonly Conflict[] {
  const changed = union(added, modified);
  return owners.flatMap((owner) => pathsOf(intersection(owner.fields, changed)).map((path) => ({ owner, path })));
}

/**
 * An object after an apply, with its new owners. The writer owns the fields of the config, together with the owners of equal values. Fields that
 * it applied before and leaves out now are removed, unless somebody else owns them. Throws a `KubeError`: without force a conflict for a changed
 * field of another owner.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal (fieldmanager.go, skipnonapplied.go, lastappliedmanager.go);
 * sigs.k8s.io/structured-merge-diff merge/update.go (Apply)
 */
export function applyConfig(live: KubeObject | undefined, config: Json, writer: Writer, force: boolean): Json {
  const { manager, time, subresource = '' } = writer;
  const [kind, apiVersion] = [textAt(config, 'kind') ?? '', textAt(config, 'apiVersion') ?? ''];
  if (objectAt(config, 'metadata').managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const found = live === undefined ? [] : readOwners(live, apiVersion);
  const known =
    found.length > 0 || live === undefined
      ? found
      : updateOwners([], {}, withoutStatus(live), { manager: BEFORE_FIRST_APPLY, time });
  const before = withoutManagedFields(live ?? { apiVersion, kind });
  const own = known.find((owner) => isBy(owner, manager, 'Apply', subresource));
  const others = known.filter((owner) => owner !== own && owner.apiVersion === apiVersion);
  const fields = appliedFields(kind, config);
  const applier: Owner = { manager, operation: 'Apply', apiVersion, subresource, fields };
  const merged = mergeFields(kind, before, config);
  const next = prune(kind, merged, own?.fields ?? NOTHING, [...others, applier]);
  const changes = fieldChanges(kind, before, next);
  const conflicts = force ? [] : conflictsOf(others, changes);
  const allowed = manager === 'kubectl' && live !== undefined ? allowedConflicts(live) : new Map<string, never>();
  const left = conflicts.filter(({ path }) => !pathsOf(allowed).some((other) => sameJson(other, path)));
  if (left.length > 0) throw applyConflict(left);
  const kept = difference(fields, STRIPPED);
  const at = sameJson(before, next) ? own?.time : kubeTime(time);
  const written = kept.size === 0 ? [] : [{ ...applier, fields: kept, ...(at === undefined ? {} : { time: at }) }];
  const synced = manager === 'kubectl' ? withLastApplied(next, config) : next;
  return writeOwners(synced, [...withoutChanged(others, changes), ...written]);
}

/** The status does not belong to the writer before the first apply. */
function withoutStatus(object: KubeObject): Json {
  return isJson(object.status) ? omit(object, 'status') : object;
}
