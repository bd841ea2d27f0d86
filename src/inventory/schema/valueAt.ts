import type { Segments } from '../Issue';

/** What stands at a path in plain data; undefined when the path does not exist. */
export function valueAt(data: unknown, path: Segments): unknown {
  let value = data;
  for (const segment of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}
