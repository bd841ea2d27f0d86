import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Segments } from '../Issue';
import type { Position, Source, Tree } from './Source';

const pairsByKey = new WeakMap<YAMLMap, ReadonlyMap<unknown, Pair<Node, Node | null>>>();

/**
 * Where a path stands in a file: its value, or its key with `at: 'key'` and where the value is empty. A path that does not
 * exist stands where its nearest ancestor does.
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
      if (!pair) return placeOf(tree, node, key);
      [key, node] = [pair.key, pair.value];
    } else if (isSeq(container) && typeof segment === 'number' && segment < container.items.length) {
      [key, node] = [undefined, container.items[segment] as Node | null];
    } else {
      return placeOf(tree, node, key);
    }
  }
  return at === 'key' && key ? placeOf(tree, key) : placeOf(tree, node, key);
}

/** Maps are looked up again and again when many findings stand in them; their index is made once. */
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

function placeOf(tree: Tree, node: Node | null, key?: Node): Position {
  const empty = node === null || (isScalar(node) && node.value === null && node.source === '');
  const offset = (empty ? key : node)?.range?.[0] ?? node?.range?.[0] ?? 0;
  return tree.positionOf(offset);
}
