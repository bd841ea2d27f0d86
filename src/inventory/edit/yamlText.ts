// Offsets in a YAML text, and the nodes that were parsed from it.

import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/** A piece of a text between two offsets, and its replacement. For an insertion the offsets are equal. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Applies changes to a text. Insertions at an offset come before a replacement there. It throws when two changes overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let done = 0;
  for (const { from, to, text: added } of [...splices].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from < done) throw new Error(`two changes overlap at offset ${from}`);
    result += text.slice(done, from) + added;
    done = to;
  }
  return result + text.slice(done);
}

/** The offset where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset where the line of an offset ends: before its line break, or at the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** The next line break after an offset, else the first one of the text, else `\n`. */
export function lineBreak(text: string, offset: number): string {
  const [found = '\n'] = /\r?\n/.exec(text.slice(lineEnd(text, offset))) ?? /\r?\n/.exec(text) ?? [];
  return found;
}

/** The blanks from the start of the line to an offset; undefined if there is more than blanks. */
export function indentBefore(text: string, offset: number): string | undefined {
  const before = text.slice(lineStart(text, offset), offset);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

/** A pair of a map that was parsed from a text. */
export type WrittenPair = Pair<Node, Node | null>;

export function pairsOf(map: YAMLMap): readonly WrittenPair[] {
  return map.items as WrittenPair[];
}

export function pairOf(map: YAMLMap, key: string): WrittenPair | undefined {
  return pairsOf(map).find((pair) => isScalar(pair.key) && pair.key.value === key);
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** The end of a node without the comment and the line break after it. */
export function endOf(text: string, node: Node): number {
  // A block list ends where its last item ends: the parser counts what follows to the next key.
  if (isSeq(node) && !isFlow(node) && node.items.length > 0) return endOf(text, lastLeaf(node));
  const end = node.range?.[1] ?? 0;
  if (!isBlockScalar(node)) return end;
  const written = text.slice(0, end);
  return end - (/\r?\n$/.exec(written)?.[0].length ?? 0);
}

export function isBlockScalar(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

export function isFlow(node: Node): boolean {
  return (node as { flow?: boolean }).flow === true;
}

/** The end of the last line of a pair of a block map, with its comment. */
export function lastLineEnd(text: string, { key, value }: WrittenPair): number {
  const leaf = lastLeaf(value ?? key);
  return isBlockScalar(leaf) ? endOf(text, leaf) : lineEnd(text, endOf(text, leaf));
}

function lastLeaf(node: Node): Node {
  if (isFlow(node)) return node;
  if (isMap(node)) {
    const last = pairsOf(node).at(-1);
    return last ? lastLeaf(last.value ?? last.key) : node;
  }
  const last = isSeq(node) ? (node.items.at(-1) as Node | undefined) : undefined;
  return last ? lastLeaf(last) : node;
}

/** The offset of the first comma between two offsets, after blanks, breaks and comments; undefined if other text comes first. */
export function commaBetween(text: string, from: number, to: number): number | undefined {
  for (let offset = from; offset < to; offset++) {
    const character = text[offset] ?? '';
    if (character === ',') return offset;
    if (character === '#') offset = lineEnd(text, offset);
    else if (!/\s/.test(character)) return undefined;
  }
  return undefined;
}

/** The difference of two texts: the lines from the first to the last change, without line breaks. */
export interface ChangedLines {
  /** The number of the first line; counts from 1. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The lines that differ between two texts, without equal lines at the beginning and at the end. */
export function changedLines(before: string, after: string): ChangedLines {
  const [oldLines, newLines] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  const shorter = Math.min(oldLines.length, newLines.length);
  let start = 0;
  while (start < shorter && oldLines[start] === newLines[start]) start += 1;
  let end = 0;
  while (end < shorter - start && oldLines.at(-1 - end) === newLines.at(-1 - end)) end += 1;
  return {
    line: start + 1,
    before: oldLines.slice(start, oldLines.length - end),
    after: newLines.slice(start, newLines.length - end),
  };
}
