import type { YAMLMap } from 'yaml';
import type { Splice } from './applySplices';
import { indentBefore, lineBreak, lineEnd } from './lines';
import { commaBetween, endOf, isFlow, lastLineEnd, pairsOf, startOf, type WrittenPair } from './nodes';

/**
 * Puts pairs into a map, in the map's own style: between its braces, or on lines of their own at its keys' indentation.
 *
 * @param after the pair that they follow; the last one when it is left out
 * @param pairs each as `key: value` on one line, or as lines of which the later ones are indented below the first
 * @returns undefined when the map's first key does not begin its line, as after `? `
 */
export function insertPairs(
  text: string,
  map: YAMLMap,
  pairs: readonly (readonly string[])[],
  after: WrittenPair | undefined = pairsOf(map).at(-1),
): readonly Splice[] | undefined {
  if (isFlow(map)) {
    return insertBetweenBraces(text, map, pairs.map((lines) => lines.join(' ')).join(', '), after);
  }
  const indent = after && indentBefore(text, startOf(after.key));
  if (!after || indent === undefined) return undefined;
  const at = lastLineEnd(text, after);
  const eol = lineBreak(text, at);
  return [insertion(at, pairs.flatMap((lines) => lines.map((line) => eol + indent + line)).join(''))];
}

function insertBetweenBraces(
  text: string,
  map: YAMLMap,
  added: string,
  after: WrittenPair | undefined,
): readonly Splice[] {
  const brace = (map.range?.[1] ?? 0) - 1;
  if (!after) {
    const open = startOf(map) + 1;
    return [insertion(open, ` ${added}${text[open] === '}' ? ' ' : ''}`)];
  }
  const end = endOf(text, after.value ?? after.key);
  const indent = indentBefore(text, startOf(after.key));
  const comma = commaBetween(text, end, brace);
  const ownLine = indent !== undefined && after === pairsOf(map).at(-1) && brace > lineEnd(text, comma ?? end);
  // A comma on a later line than its value is rare enough to be left where it is.
  if (!ownLine || (comma ?? end) > lineEnd(text, end)) return [insertion(end, `, ${added}`)];
  const at = lineEnd(text, end);
  const line = lineBreak(text, at) + indent + added;
  return comma === undefined ? [insertion(end, ','), insertion(at, line)] : [insertion(at, `${line},`)];
}

function insertion(at: number, text: string): Splice {
  return { from: at, to: at, text };
}
