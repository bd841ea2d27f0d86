import type { SandboxState } from '../api/SandboxState';
import type { HttpRequest } from '../http/HttpRequest';
import type { ClusterState } from '../world/World';
import { createObject, updateObject } from './changeObject';
import type { KubeObject } from './KubeObject';
import { isJson, type Json, listAt, objectAt, omit, textAt } from './json';
import { badRequest, KubeFailure } from './KubeFailure';
import { strategicMerge } from './mergePatch';
import { findObject, kubeTime } from './objects';
import { readBody } from './readBody';
import { apiVersionOf } from './resources';
import type { Target } from './target';

/** The fields that a manager applies, as `metadata.managedFields` writes them; lists count as one field. */
function fieldsOf(value: unknown): Json {
  if (!isJson(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [`f:${key}`, fieldsOf(child)]));
}

/** What an object was applied with says who it is; that is nobody's field. */
function appliedFields(applied: Json): Json {
  const rest = omit(applied, 'apiVersion', 'kind', 'metadata');
  const metadata = omit(objectAt(applied, 'metadata'), 'name', 'namespace');
  return fieldsOf(Object.keys(metadata).length === 0 ? rest : { metadata, ...rest });
}

/** A value without the fields that `gone` has and `kept` has not. */
function without(value: unknown, gone: Json, kept: Json): unknown {
  if (!isJson(value)) return value;
  const result: Json = { ...value };
  for (const [field, below] of Object.entries(gone)) {
    const key = field.slice('f:'.length);
    const leaf = Object.keys(objectAt(gone, field)).length === 0;
    if (!(field in kept) && leaf) Reflect.deleteProperty(result, key);
    else if (isJson(below) && key in result) {
      result[key] = without(result[key], below, objectAt(kept, field));
      if (isJson(result[key]) && Object.keys(result[key]).length === 0) Reflect.deleteProperty(result, key);
    }
  }
  return result;
}

/** The first field that both have whose values differ: what two managers disagree about. */
function conflictIn(fields: Json, others: Json, applied: unknown, found: unknown, path = ''): string | undefined {
  for (const field of Object.keys(fields)) {
    if (!(field in others)) continue;
    const key = field.slice('f:'.length);
    const [wanted, there] = [isJson(applied) ? applied[key] : undefined, isJson(found) ? found[key] : undefined];
    if (!isJson(wanted)) {
      if (JSON.stringify(wanted) !== JSON.stringify(there)) return `${path}.${key}`;
      continue;
    }
    const below = conflictIn(objectAt(fields, field), objectAt(others, field), wanted, there, `${path}.${key}`);
    if (below !== undefined) return below;
  }
  return undefined;
}

interface Applied {
  readonly manager: string;
  readonly fields: Json;
}

function managersOf(object: KubeObject | undefined): readonly Applied[] {
  return listAt(object?.metadata, 'managedFields').map((entry) => ({
    manager: textAt(entry, 'manager') ?? '',
    fields: objectAt(entry, 'fieldsV1'),
  }));
}

/**
 * Applies an object for a field manager: what it applied before and leaves out now goes, what another manager applied with another
 * value is a conflict unless forced. Only what was applied is managed: other changes of a field are taken over without a word.
 * Throws a `KubeFailure`.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyObject(
  state: SandboxState,
  cluster: ClusterState,
  { resource, namespace, name }: Target & { readonly name: string },
  before: KubeObject | undefined,
  request: HttpRequest,
): KubeObject {
  const manager = request.query.get('fieldManager') ?? '';
  const force = request.query.get('force') === 'true';
  const dryRun = request.query.get('dryRun') === 'All';
  const applied = readBody(request);
  if (!isJson(applied)) throw badRequest('an object is needed');
  if (manager === '') throw badRequest('fieldManager: Required value: is required for apply patch');
  const fields = appliedFields(applied);
  const managers = managersOf(before);
  const others = managers.filter((other) => other.manager !== manager);
  for (const other of force ? [] : others) {
    const path = conflictIn(fields, other.fields, applied, before);
    if (path === undefined) continue;
    const message = `Apply failed with 1 conflict: conflict with "${other.manager}": ${path}`;
    throw new KubeFailure(409, 'Conflict', message, { name, group: resource.group, kind: resource.plural });
  }
  const own = managers.find((other) => other.manager === manager)?.fields ?? {};
  const sentMeta = omit(objectAt(applied, 'metadata'), 'managedFields');
  const made =
    before ??
    createObject(state, cluster, resource, namespace, { ...applied, metadata: { ...sentMeta, name } }, dryRun);
  const merged = strategicMerge(without(made, own, fields), { ...applied, metadata: sentMeta });
  const entry = ({ manager: who, fields: what }: Applied): Json => ({
    manager: who,
    operation: 'Apply',
    apiVersion: apiVersionOf(resource),
    time: kubeTime(state.clock()),
    fieldsType: 'FieldsV1',
    fieldsV1: what,
  });
  const managedFields = [...others, { manager, fields }]
    .filter(({ fields: what }) => Object.keys(what).length > 0)
    .map(entry);
  const metadata = { ...objectAt(merged, 'metadata'), managedFields };
  const current = findObject(cluster, resource.plural, namespace, name) ?? made;
  return updateObject(cluster, resource, current, { ...(merged as Json), metadata }, dryRun);
}
