import { oversized } from '../http/limits';
import { KubeError } from './KubeError';
import { isJson, type Json } from './json';

/** A document after a merge patch: null removes a member. Source: RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  const result: Json = isJson(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** The member that identifies an item of a list. Source: the `patchMergeKey` tags of k8s.io/api core/v1 and apps/v1. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  ports: 'containerPort',
  secrets: 'name',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

function mergeList(target: readonly unknown[], patch: readonly unknown[], mergeKey: string): unknown[] {
  if (patch.some((item) => isJson(item) && item.$patch === 'replace')) {
    return patch.filter((item) => !isJson(item) || item.$patch === undefined);
  }
  let result = [...target];
  for (const item of patch) {
    const same = (other: unknown): boolean => isJson(item) && isJson(other) && other[mergeKey] === item[mergeKey];
    if (isJson(item) && item.$patch === 'delete') result = result.filter((other) => !same(other));
    else if (result.some(same)) result = result.map((other) => (same(other) ? strategicMerge(other, item) : other));
    else result.push(strategicMerge({}, item));
  }
  return result;
}

/**
 * A document after a strategic merge patch: the items of lists are merged by their keys.
 * Source: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function strategicMerge(target: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  if (patch.$patch === 'replace') {
    return Object.fromEntries(Object.entries(patch).filter(([key]) => key !== '$patch'));
  }
  const result: Json = isJson(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    const mergeKey = MERGE_KEYS[key];
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const list = result[key.slice(key.indexOf('/') + 1)];
      const removed = Array.isArray(value) ? (value as unknown[]) : [];
      if (Array.isArray(list)) {
        result[key.slice(key.indexOf('/') + 1)] = (list as unknown[]).filter((item) => !removed.includes(item));
      }
    } else if (key === '$retainKeys' && Array.isArray(value)) {
      for (const own of Object.keys(result))
        if (!(value as unknown[]).includes(own)) Reflect.deleteProperty(result, own);
    } else if (key.startsWith('$')) continue;
    else if (value === null || (isJson(value) && value.$patch === 'delete')) Reflect.deleteProperty(result, key);
    else if (Array.isArray(value) && mergeKey !== undefined && value.every(isJson)) {
      const list = result[key];
      result[key] = mergeList(Array.isArray(list) ? (list as unknown[]) : [], value, mergeKey);
    } else result[key] = strategicMerge(result[key], value);
  }
  return result;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

function isOperation(value: unknown): value is Operation {
  return isJson(value) && typeof value.op === 'string' && typeof value.path === 'string';
}

function unprocessable(message: string): KubeError {
  return new KubeError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
}

function keysOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function applyTo(parent: unknown, key: string, { op, value, path }: Operation): void {
  if (Array.isArray(parent)) {
    const list = parent as unknown[];
    const index = key === '-' ? list.length : Number(key);
    if (!Number.isInteger(index) || index < 0 || index > list.length) throw unprocessable(`${path} is not in the list`);
    if (op === 'add') list.splice(index, 0, value);
    else if (op === 'remove') list.splice(index, 1);
    else list[index] = value;
    return;
  }
  if (!isJson(parent)) throw unprocessable(`${path} is missing`);
  if (key === '__proto__') throw unprocessable('an object has no member __proto__');
  if (op !== 'add' && !Object.hasOwn(parent, key)) throw unprocessable(`${path} is missing`);
  if (op === 'remove') Reflect.deleteProperty(parent, key);
  else parent[key] = value;
}

/** A member of its own: a path through `__proto__` would change every object of the process. */
function memberOf(parent: unknown, key: string): unknown {
  const isParent = (isJson(parent) || Array.isArray(parent)) && Object.hasOwn(parent, key);
  return isParent ? (parent as Json)[key] : undefined;
}

/**
 * A document after a JSON patch: `add`, `remove` and `replace`. Throws a `KubeError` for any other operation and a missing path.
 * Source: RFC 6902
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isOperation)) throw unprocessable('a JSON patch is a list of operations');
  const result: unknown = structuredClone(target);
  for (const operation of patch as readonly Operation[]) {
    const keys = keysOf(operation.path);
    const last = keys.pop();
    if (last === undefined) throw unprocessable('the whole document cannot be patched');
    let parent: unknown = result;
    for (const key of keys) parent = memberOf(parent, key);
    if (!['add', 'remove', 'replace'].includes(operation.op)) {
      throw unprocessable(`the podlift sandbox does not implement the operation ${operation.op}`);
    }
    applyTo(parent, last, operation);
  }
  // Each patch could add as many levels as a body may have.
  const tooMuch = oversized(result);
  if (tooMuch !== undefined) throw unprocessable(`the document would be too large: ${tooMuch}`);
  return result;
}
