import { isJson, type Json, objectAt, omit, textAt } from '../json';
import { appliedFields, fieldChanges } from './fieldChanges';
import { difference, type FieldSet, union } from './FieldSet';

/** Where `kubectl apply` keeps what it applied last, when it applies on the client's side. */
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
 * The fields that `kubectl apply --server-side` may change without force, because `kubectl apply` set them before and nobody changed
 * them since.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal/lastappliedmanager.go
 */
export function allowedConflicts(live: Json): FieldSet {
  const last = readLastApplied(live);
  if (last === undefined) return new Map();
  const kind = textAt(live, 'kind') ?? '';
  const { added, modified, removed } = fieldChanges(kind, last, live);
  return difference(appliedFields(kind, last), union(union(added, modified), removed));
}

/** A value with the members of its objects by name, as Go writes a map. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(sorted);
  if (!isJson(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, child]) => [name, sorted(child)]));
}

/**
 * The object with what `kubectl apply --server-side` applied, where `kubectl apply` kept what it applied last.
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
