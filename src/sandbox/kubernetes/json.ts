/** A JSON object whose members are not checked yet. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object of a key. When it is missing, a new empty object that is not part of `parent`. */
export function objectAt(parent: unknown, key: string): Json {
  const value = isJson(parent) ? parent[key] : undefined;
  return isJson(value) ? value : {};
}

/** The list of a key. Empty when it is missing. */
export function listAt(parent: unknown, key: string): readonly unknown[] {
  const value = isJson(parent) ? parent[key] : undefined;
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The text of a key. Undefined when it is missing. */
export function textAt(parent: unknown, key: string): string | undefined {
  const value = isJson(parent) ? parent[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The number of a key. Undefined when it is missing. */
export function numberAt(parent: unknown, key: string): number | undefined {
  const value = isJson(parent) ? parent[key] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** The map of texts of a key: labels, annotations, node selectors. Other members are left out. */
export function textsAt(parent: unknown, key: string): Record<string, string> {
  const entries = Object.entries(objectAt(parent, key));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** An object without some of its members. */
export function omit<V>(value: Readonly<Record<string, V>>, ...keys: readonly string[]): Record<string, V> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** True when two JSON values are equal. The order of the members of an object does not matter. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index]));
  }
  if (!isJson(one) || !isJson(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameJson(one[name], other[name]))
  );
}

/** Maps of texts. The API omits empty ones. Other empty objects have a meaning: `emptyDir: {}`. */
const MAPS = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector']);

function isNothing(key: string, value: unknown): boolean {
  if (value === null || (Array.isArray(value) && value.length === 0)) return true;
  return MAPS.has(key) && isJson(value) && Object.keys(value).length === 0;
}

const CONTAINERS = new Set(['containers', 'initContainers', 'ephemeralContainers']);

function cleanItem(key: string, item: unknown): unknown {
  const clean = cleanValue(item);
  // A container always has resources, maybe empty: in Go they are a structure, not a pointer.
  return CONTAINERS.has(key) && isJson(clean) ? { ...clean, resources: clean.resources ?? {} } : clean;
}

function cleanValue(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map((item) => cleanItem(key, item));
  return isJson(value) ? cleanObject(value) : value;
}

/**
 * An object as the API server decodes it: null, an empty list and an empty map of texts are the same as a missing member. The list of managed
 * fields stays: an empty list resets the owners.
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
