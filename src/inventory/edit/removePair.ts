import type { YAMLMap } from 'yaml';
import type { Splice } from './applySplices';
import { indentBefore, lineEnd, lineStart } from './lines';
import { commaBetween, endOf, isFlow, pairsOf, startOf, type WrittenPair } from './nodes';

/**
 * Takes a pair out of a map that has others, with its comma and, where nothing else is on them, its lines. Comments stay.
 * Undefined when it begins in the middle of a line of a block map, as after `? `.
 */
export function removePair(text: string, map: YAMLMap, pair: WrittenPair): readonly Splice[] | undefined {
  const start = startOf(pair.key);
  const end = endOf(text, pair.value ?? pair.key);
  if (!isFlow(map)) return indentBefore(text, start) === undefined ? undefined : [removal(text, start, end)];

  const comma = commaBetween(text, end, (map.range?.[1] ?? 0) - 1);
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

/** The whole lines from one offset to another when nothing else is on them, else what is between them and the blanks after it. */
function removal(text: string, start: number, end: number): Splice {
  const stop = lineEnd(text, end);
  if (indentBefore(text, start) === undefined || text.slice(end, stop).trim() !== '') {
    return cut(start, end + (/^[ \t]*/.exec(text.slice(end, stop))?.[0].length ?? 0));
  }
  const from = lineStart(text, start);
  const after = /^\r?\n/.exec(text.slice(stop, stop + 2))?.[0].length;
  if (after !== undefined) return cut(from, stop + after);
  return cut(from - (/\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0), stop);
}

function cut(from: number, to: number): Splice {
  return { from, to, text: '' };
}
