import { isJson, type Json } from './json';

/** Maps of texts, which the API leaves out when nothing is in them. Other objects that are empty say something: `emptyDir: {}`. */
const MAPS = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector']);

function isNothing(key: string, value: unknown): boolean {
  if (value === null || (Array.isArray(value) && value.length === 0)) return true;
  return MAPS.has(key) && isJson(value) && Object.keys(value).length === 0;
}

const CONTAINERS = new Set(['containers', 'initContainers', 'ephemeralContainers']);

function cleanItem(key: string, item: unknown): unknown {
  const clean = cleanValue(item);
  // A container always has resources, if only empty ones: they are a structure of its own, not a pointer.
  return CONTAINERS.has(key) && isJson(clean) ? { ...clean, resources: clean.resources ?? {} } : clean;
}

function cleanValue(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((item) => cleanItem(key, item));
  return isJson(value) ? cleanObject(value) : value;
}

/**
 * An object as the API server decodes it: what is null, an empty list or an empty map of texts is the same as nothing. The list of
 * managed fields stays as it is: an empty one asks to forget them.
 * Source: the `omitempty` of the structures of k8s.io/api and k8s.io/apimachinery
 */
export function cleanObject(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      if (key === 'managedFields') return value === null ? [] : [[key, value]];
      const clean = cleanValue(value, key);
      return isNothing(key, clean) ? [] : [[key, clean]];
    }),
  );
}
