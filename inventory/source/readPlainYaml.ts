import { BEYOND, emptyMap, plainKey, put, readInline, readQuoted } from './readInline';

const MAX_DEPTH = 30;
/** Letters, marks, numbers, punctuation and signs, blanks and line feeds. Tabs, carriage returns and control characters are not among them. */
const USUAL_TEXT = /^[\n \p{L}\p{M}\p{N}\p{P}\p{S}]*$/u;
/** A key on its line: plain or quoted, its colon, and the blanks behind it. */
const KEY = /(?:[A-Za-z0-9_](?:[\w./-]|:(?=[\w/]))*|"[^"\\]*"|'[^']*'):(?: +|$)/y;

/**
 * Reads YAML that is written the usual way: block maps and lists, flow collections on one line, plain and quoted texts on one
 * line, comments. Gives exactly the data that the YAML parser gives, some six times as fast, or undefined where it is not certain to: then the
 * parser reads the text. It makes no findings and knows no positions: a text with a mistake in its YAML is never certain.
 */
export function readPlainYaml(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!USUAL_TEXT.test(text)) return undefined;
  const lines = text.split('\n');
  let next = 0;
  let indent = -1;
  let content = '';

  /** Goes to the next line that is neither empty nor a comment; at the end `indent` is -1. */
  function advance(): void {
    for (; next < lines.length; next++) {
      const line = (lines[next] ?? '').trimEnd();
      const first = line.search(/[^ ]/);
      if (first < 0 || line.charAt(first) === '#') continue;
      [indent, content, next] = [first, line.slice(first), next + 1];
      return;
    }
    [indent, content] = [-1, ''];
  }

  function readBlock(depth: number): unknown {
    if (depth > MAX_DEPTH) throw BEYOND;
    return content.startsWith('- ') ? readList(indent, depth) : readMap(indent, depth);
  }

  function readMap(column: number, depth: number): Record<string, unknown> {
    const map = emptyMap();
    while (indent === column) {
      KEY.lastIndex = 0;
      const head = KEY.exec(content)?.[0];
      if (head === undefined) throw BEYOND;
      const key = /^["']/.test(head) ? readQuoted({ line: head, position: 0 }) : plainKey(head.trimEnd().slice(0, -1));
      put(map, key, readValue(column, head.length, depth));
    }
    if (indent > column) throw BEYOND;
    return map;
  }

  function readValue(column: number, start: number, depth: number): unknown {
    if (start < content.length && content.charAt(start) !== '#') return readOnLine(start, column);
    advance();
    const isListBelowItsKey = indent === column && content.startsWith('- ');
    // A key with nothing behind it is null, which nothing in an inventory may be: the parser places the finding.
    if (indent <= column && !isListBelowItsKey) throw BEYOND;
    return isListBelowItsKey ? readList(indent, depth + 1) : readBlock(depth + 1);
  }

  function readOnLine(start: number, column: number): unknown {
    const value = readInline(content, start);
    advance();
    // A line further in would go on with the text of this one.
    if (indent > column) throw BEYOND;
    return value;
  }

  function readList(column: number, depth: number): unknown[] {
    const list: unknown[] = [];
    while (indent === column && content.startsWith('- ')) {
      const start = 1 + content.slice(1).search(/[^ ]/);
      KEY.lastIndex = start;
      if (KEY.test(content)) {
        [indent, content] = [column + start, content.slice(start)];
        list.push(readMap(indent, depth + 1));
      } else {
        list.push(readOnLine(start, column));
      }
    }
    if (indent > column) throw BEYOND;
    return list;
  }

  try {
    advance();
    const map = readMap(indent, 0);
    return indent === -1 ? map : undefined;
  } catch (error) {
    if (error === BEYOND) return undefined;
    throw error;
  }
}
