import type { YAMLMap } from 'yaml';
import {
  commaBetween,
  endOf,
  indentBefore,
  isFlow,
  lastLineEnd,
  lineBreak,
  lineEnd,
  lineStart,
  pairsOf,
  type Splice,
  startOf,
  type WrittenPair,
} from './yamlText';

/**
 * Adds pairs to a map in the map's own style: between its braces, or on separate lines with the indentation of its keys.
 *
 * @param after the pair before them; default: the last pair
 * @param pairs each as `key: value` on one line, or as lines of which the later ones are indented below the first
 * @returns undefined when the map's first key does not begin its line, as after `? `
 */
export function insertPairs(
  text: string,
  map: YAMLMap,
  pairs: readonly (readonly string[])[],
  after: WrittenPair | undefined = pairsOf(map).at(-1),
): readonly Splice[] | undefined {
  if (isFlow(map)) return insertInBraces(text, map, pairs.map((lines) => lines.join(' ')).join(', '), after);
  const indent = after && indentBefore(text, startOf(after.key));
  if (!after || indent === undefined) return undefined;
  const at = lastLineEnd(text, after);
  const eol = lineBreak(text, at);
  return [insertion(at, pairs.flatMap((lines) => lines.map((line) => eol + indent + line)).join(''))];
}

function insertInBraces(text: string, map: YAMLMap, added: string, after: WrittenPair | undefined): readonly Splice[] {
  const brace = (map.range?.[1] ?? 0) - 1;
  if (!after) {
    const open = startOf(map) + 1;
    return [insertion(open, ` ${added}${text[open] === '}' ? ' ' : ''}`)];
  }
  const end = endOf(text, after.value ?? after.key);
  const indent = indentBefore(text, startOf(after.key));
  const comma = commaBetween(text, end, brace);
  const ownLine = indent !== undefined && after === pairsOf(map).at(-1) && brace > lineEnd(text, comma ?? end);
  // A comma on a later line than its value is rare, and stays in its place.
  if (!ownLine || (comma ?? end) > lineEnd(text, end)) return [insertion(end, `, ${added}`)];
  const at = lineEnd(text, end);
  const line = lineBreak(text, at) + indent + added;
  return comma === undefined ? [insertion(end, ','), insertion(at, line)] : [insertion(at, `${line},`)];
}

function insertion(at: number, text: string): Splice {
  return { from: at, to: at, text };
}

/**
 * Removes pairs from a map with other pairs, with their commas and with their lines if nothing else is on them. Comments stay. Undefined when
 * a pair begins in the middle of a line of a block map, as after `? `.
 */
export function removePairs(
  text: string,
  map: YAMLMap,
  removed: readonly WrittenPair[],
): readonly Splice[] | undefined {
  const pairs = pairsOf(map);
  const kept = pairs.findLastIndex((pair) => !removed.includes(pair));
  const last = pairs.at(-1);
  const closed = last && commaBetween(text, endOf(text, last.value ?? last.key), (map.range?.[1] ?? 0) - 1);
  const splices: Splice[] = [];
  for (const pair of removed) {
    // Of pairs at the end, each takes the comma before it: the comma between two of them is removed once.
    const isLast = closed === undefined && pairs.indexOf(pair) > kept;
    const own = removePair(text, map, pair, isLast);
    if (own === undefined) return undefined;
    splices.push(...own);
  }
  return splices;
}

function removePair(text: string, map: YAMLMap, pair: WrittenPair, isLast: boolean): readonly Splice[] | undefined {
  const start = startOf(pair.key);
  const end = endOf(text, pair.value ?? pair.key);
  if (!isFlow(map)) return indentBefore(text, start) === undefined ? undefined : [removal(text, start, end)];

  const comma = isLast ? undefined : commaBetween(text, end, (map.range?.[1] ?? 0) - 1);
  if (comma !== undefined) {
    const isNext = text.slice(end, comma).trim() === '';
    return isNext ? [removal(text, start, comma + 1)] : [cut(start, end), cut(comma, comma + 1)];
  }
  const pairs = pairsOf(map);
  const before = pairs[pairs.indexOf(pair) - 1];
  const separator = before && commaBetween(text, endOf(text, before.value ?? before.key), start);
  if (separator === undefined) return [cut(start, end)];
  const isNext = text.slice(separator + 1, start).trim() === '';
  return isNext ? [cut(separator, end)] : [cut(separator, separator + 1), removal(text, start, end)];
}

/** Removes the whole lines between two offsets if nothing else is on them, else the text between them and the blanks after it. */
function removal(text: string, start: number, end: number): Splice {
  const stop = lineEnd(text, end);
  if (indentBefore(text, start) === undefined || text.slice(end, stop).trim() !== '')
    return cut(start, end + (/^[ \t]*/.exec(text.slice(end, stop))?.[0].length ?? 0));
  const from = lineStart(text, start);
  const after = /^\r?\n/.exec(text.slice(stop, stop + 2))?.[0].length;
  if (after !== undefined) return cut(from, stop + after);
  return cut(from - (/\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0), stop);
}

function cut(from: number, to: number): Splice {
  return { from, to, text: '' };
}
