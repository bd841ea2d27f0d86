import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Finding, Issue, Segments } from '../Finding';
import { formatPath, type PlainMap } from './plainData';

/** A position in a text; both numbers count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The YAML tree of a file, for positions. */
export interface YamlTree {
  readonly root: Node | null;
  readonly anchors: ReadonlyMap<string, Node>;
  /** The position of an offset in the text. */
  readonly positionOf: (offset: number) => Position;
}

/** One parsed file of the inventory. */
export interface Source {
  /** The name of the file in findings. */
  readonly file: string;
  readonly data: Readonly<PlainMap>;
  /** The written form of a top-level key that `data` has in its corrected form. */
  readonly written: ReadonlyMap<string, string>;
  /** Paths of values that are in the file but not in `data`: each has a finding. */
  readonly refused: ReadonlySet<string>;
  readonly tree: YamlTree;
}

/** The maps of an inventory that its files share. */
export const SECTIONS = ['accounts', 'environments', 'waves', 'workloads', 'expanded'] as const;
export type Section = (typeof SECTIONS)[number];

/** An issue of a file with its position. */
export function findingIn(source: Source, { severity, rule, path, at, message, hint }: Issue): Finding {
  const place = { file: source.file, ...findPosition(source, path, at) };
  return { severity, rule, path: formatPath(path), ...place, message, hint };
}

const pairsByKey = new WeakMap<YAMLMap, ReadonlyMap<unknown, Pair<Node, Node | null>>>();

/**
 * The position of the value at a path, or of its key with `at: 'key'` and for an empty value. A path that does not exist has the position
 * of its nearest ancestor.
 */
export function findPosition(source: Source, path: Segments, at?: 'key'): Position {
  const { tree, written } = source;
  const [top, ...below] = path;
  const asWritten = top === undefined ? [] : [written.get(String(top)) ?? top, ...below];
  let node = tree.root;
  let key: Node | undefined;
  for (const segment of asWritten) {
    const container: Node | null = isAlias(node) ? (tree.anchors.get(node.source) ?? null) : node;
    if (isMap(container)) {
      const pair = indexOf(container).get(segment);
      if (!pair) return positionOf(tree, node, key);
      [key, node] = [pair.key, pair.value];
    } else if (isSeq(container) && typeof segment === 'number' && segment < container.items.length) {
      [key, node] = [undefined, container.items[segment] as Node | null];
    } else {
      return positionOf(tree, node, key);
    }
  }
  return at === 'key' && key ? positionOf(tree, key) : positionOf(tree, node, key);
}

/** The pairs of a map by key. It is cached, since many findings can be in one map. */
function indexOf(map: YAMLMap): ReadonlyMap<unknown, Pair<Node, Node | null>> {
  const known = pairsByKey.get(map);
  if (known) return known;
  const index = new Map<unknown, Pair<Node, Node | null>>();
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    if (isScalar(pair.key) && !index.has(pair.key.value)) index.set(pair.key.value, pair);
  }
  pairsByKey.set(map, index);
  return index;
}

function positionOf(tree: YamlTree, node: Node | null, key?: Node): Position {
  const empty = node === null || (isScalar(node) && node.value === null && node.source === '');
  const offset = (empty ? key : node)?.range?.[0] ?? node?.range?.[0] ?? 0;
  return tree.positionOf(offset);
}
