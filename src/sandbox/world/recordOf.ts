/**
 * A record of entries without a prototype: names come from callers, and a role may be called `constructor` or
 * `__proto__` without finding what JavaScript keeps under that name.
 */
export function recordOf<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const record = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) record[key] = value;
  return record;
}
