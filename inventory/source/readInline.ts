/** Thrown where only the YAML parser can judge a text; `readPlainYaml` catches it, nobody outside sees it. */
export const BEYOND = new Error('beyond the plain subset of YAML');

/** Where reading stands in a line. */
export interface Cursor {
  readonly line: string;
  position: number;
}

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);
const NULLS: ReadonlySet<string> = new Set(['null', 'Null', 'NULL']);
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,14})$/;
/** Everything else that begins with a digit or a dot and is a number to YAML 1.2's core schema. */
const OTHER_NUMBER = /^(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|0[ox][\da-fA-F]+|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;
const MAX_FLOW_DEPTH = 20;

/**
 * Reads what stands behind a key or a dash on one line: a plain or quoted scalar, or a flow list or map that ends on the line, and perhaps a
 * comment. Throws BEYOND for everything else.
 */
export function readInline(line: string, position: number): unknown {
  const cursor = { line, position };
  const isPlain = !/["'[{]/.test(line.charAt(position));
  const value = isPlain ? plainScalar(plainOfBlock(cursor)) : readFlow(cursor, 0);
  if (!/^(?: *| +#.*)$/.test(line.slice(cursor.position))) throw BEYOND;
  return value;
}

/** Reads a quoted text without escapes. */
export function readQuoted(cursor: Cursor): string {
  const { line, position } = cursor;
  const quote = line.charAt(position);
  const end = line.indexOf(quote, position + 1);
  const text = line.slice(position + 1, end);
  if (end < 0 || (quote === '"' && text.includes('\\')) || line.charAt(end + 1) === quote) throw BEYOND;
  cursor.position = end + 1;
  return text;
}

/** A plain text as a map's key. */
export function plainKey(text: string): string {
  const key = plainScalar(text);
  if (typeof key !== 'string') throw BEYOND;
  return key;
}

/** Puts a value into a map. Keys that need a finding are left to the parser. */
export function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key in map || key === '__proto__' || key === 'constructor' || key === 'prototype' || key === '<<') throw BEYOND;
  map[key] = value;
}

/** A map without a prototype, as toPlain makes them. */
export function emptyMap(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** Text, true or false, or a whole number; nulls and all other numbers are left to the parser. */
function plainScalar(text: string): string | number | boolean {
  const first = text.charAt(0);
  if (!/[A-Za-z0-9_/.$]/.test(first)) throw BEYOND;
  if (/[0-9.]/.test(first)) {
    if (WHOLE_NUMBER.test(text)) return Number(text);
    if (OTHER_NUMBER.test(text)) throw BEYOND;
    return text;
  }
  if (NULLS.has(text)) throw BEYOND;
  return WORDS.get(text) ?? text;
}

function plainOfBlock(cursor: Cursor): string {
  const rest = cursor.line.slice(cursor.position);
  const comment = rest.indexOf(' #');
  const text = (comment < 0 ? rest : rest.slice(0, comment)).trimEnd();
  if (text.includes(': ') || text.endsWith(':')) throw BEYOND;
  cursor.position += text.length;
  return text;
}

function readFlow(cursor: Cursor, depth: number): unknown {
  if (depth > MAX_FLOW_DEPTH) throw BEYOND;
  switch (cursor.line.charAt(cursor.position)) {
    case '"':
    case "'":
      return readQuoted(cursor);
    case '[': {
      const list: unknown[] = [];
      readItems(cursor, ']', () => list.push(readFlow(cursor, depth + 1)));
      return list;
    }
    case '{': {
      const map = emptyMap();
      readItems(cursor, '}', () => {
        const isQuoted = /["']/.test(cursor.line.charAt(cursor.position));
        const key = isQuoted ? readQuoted(cursor) : plainKey(plainOfFlow(cursor));
        if (cursor.line.charAt(cursor.position) !== ':' || cursor.line.charAt(cursor.position + 1) !== ' ')
          throw BEYOND;
        cursor.position += 1;
        skipBlanks(cursor);
        put(map, key, readFlow(cursor, depth + 1));
      });
      return map;
    }
    default:
      return plainScalar(plainOfFlow(cursor));
  }
}

/** Reads what stands between brackets, one item after the other, commas between them. */
function readItems(cursor: Cursor, close: string, readItem: () => void): void {
  cursor.position += 1;
  skipBlanks(cursor);
  if (cursor.line.charAt(cursor.position) === close) {
    cursor.position += 1;
    return;
  }
  for (;;) {
    readItem();
    skipBlanks(cursor);
    const next = cursor.line.charAt(cursor.position);
    cursor.position += 1;
    if (next === close) return;
    if (next !== ',') throw BEYOND;
    skipBlanks(cursor);
  }
}

/** A colon ends a plain text in a flow collection when a blank or a bracket is behind it. */
const PLAIN_IN_FLOW = /(?:[^,[\]{}:#"']|:(?![ ,[\]{}]|$))+/y;

function plainOfFlow(cursor: Cursor): string {
  PLAIN_IN_FLOW.lastIndex = cursor.position;
  const text = PLAIN_IN_FLOW.exec(cursor.line)?.[0] ?? '';
  cursor.position += text.length;
  return text.trimEnd();
}

function skipBlanks(cursor: Cursor): void {
  while (cursor.line.charAt(cursor.position) === ' ') cursor.position += 1;
}
