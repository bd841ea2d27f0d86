// Plain data of a file, and paths in it.

import type { Segments } from '../Finding';

/** Data without a prototype, so that a key such as `toString` finds only what the file contains. */
export type PlainMap = Record<string, unknown>;

export function emptyMap(): PlainMap {
  return Object.create(null) as PlainMap;
}

export function isMap(value: unknown): value is Readonly<PlainMap> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The fields of an object that are not undefined. */
export function present<T extends object>(fields: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof present<T>
  >;
}

/** The value at a path; undefined when the path does not exist. */
export function valueAt(data: unknown, path: Segments): unknown {
  let value = data;
  for (const segment of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string | number, unknown>)[segment];
  }
  return value;
}

const PLAIN_KEY = /^[^.[\]"\s]+$/;

/**
 * A path as findings show it: keys joined by dots, list positions in brackets. A key with a dot, a bracket, a quote or a blank is
 * written as `["key"]`.
 */
export function formatPath(path: Segments): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!PLAIN_KEY.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

const PIECE = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([^.[\]]+)/gy;

/** Reads a path that `formatPath` wrote. It stops at text that it cannot read, so that an odd path still leads to its nearest ancestor. */
export function parsePath(text: string): Segments {
  const segments: (string | number)[] = [];
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(text); piece; piece = PIECE.exec(text)) {
    const [, position, quoted, plain] = piece;
    if (position !== undefined) segments.push(Number(position));
    else if (quoted !== undefined) segments.push(unquote(quoted));
    else if (plain !== undefined) segments.push(plain);
  }
  return segments;
}

function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
