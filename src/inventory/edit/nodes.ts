import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { lineEnd } from './lines';

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

/** Where what is written of a node ends, without the comment and the line break after it. */
export function endOf(text: string, node: Node): number {
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

/** The end of the last line that a pair of a block map takes, its comment included. */
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

/** The offset of the first comma between two offsets, past blanks, breaks and comments; undefined when something else comes first. */
export function commaBetween(text: string, from: number, to: number): number | undefined {
  for (let offset = from; offset < to; offset++) {
    const character = text[offset] ?? '';
    if (character === ',') return offset;
    if (character === '#') offset = lineEnd(text, offset);
    else if (!/\s/.test(character)) return undefined;
  }
  return undefined;
}
