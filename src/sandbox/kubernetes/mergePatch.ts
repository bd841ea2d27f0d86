import { isJson, type Json } from './json';

/** A document after a merge patch: null takes a member away. Source: RFC 7396. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJson(patch)) return patch;
  const result: Json = isJson(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Lists whose members are known by one of their own members. Source: the `patchMergeKey` tags of k8s.io/api core/v1 and apps/v1. */
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
 * A document after a strategic merge patch: lists of named things are merged by name.
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
      const gone = Array.isArray(value) ? (value as unknown[]) : [];
      if (Array.isArray(list)) {
        result[key.slice(key.indexOf('/') + 1)] = (list as unknown[]).filter((item) => !gone.includes(item));
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
