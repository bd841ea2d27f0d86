/** A JSON object whose members nobody has looked at yet. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; empty when there is none, and then not part of `parent`. */
export function objectAt(parent: unknown, key: string): Json {
  const value = isJson(parent) ? parent[key] : undefined;
  return isJson(value) ? value : {};
}

/** The list under a key; empty when there is none. */
export function listAt(parent: unknown, key: string): readonly unknown[] {
  const value = isJson(parent) ? parent[key] : undefined;
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The text under a key; undefined when there is none. */
export function textAt(parent: unknown, key: string): string | undefined {
  const value = isJson(parent) ? parent[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The number under a key; undefined when there is none. */
export function numberAt(parent: unknown, key: string): number | undefined {
  const value = isJson(parent) ? parent[key] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** The texts by name under a key: labels, annotations, node selectors. Members that are no text are left out. */
export function textsAt(parent: unknown, key: string): Record<string, string> {
  const entries = Object.entries(objectAt(parent, key));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** An object without some of its members. */
export function omit<V>(value: Readonly<Record<string, V>>, ...keys: readonly string[]): Record<string, V> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
