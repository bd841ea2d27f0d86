import { type Alias, isAlias, isMap, isNode, isSeq, type Node, visit, type YAMLMap } from 'yaml';
import { mistake } from '../Finding';
import type { YamlTree } from '../source/Source';
import { EDIT_RULES, type Obstacle } from './obstacles';
import { pairOf, startOf, type WrittenPair } from './yamlText';

/** A pair and its map. */
export interface PairInMap {
  readonly map: YAMLMap;
  readonly pair: WrittenPair;
}

/** How far the maps of a file follow a path. */
interface Descent {
  /** The number of keys of the path that exist. */
  readonly depth: number;
  /** The node at this depth: the map of the whole path, a map without the next key, or no map. */
  readonly node: Node | null;
  /** The pair that has `node` as its value; undefined at the top of the file. */
  readonly parent?: PairInMap;
  /** Why `node` cannot be edited. */
  readonly obstacle?: Obstacle;
}

/**
 * Follows a path down the maps of a file, up to the first node that cannot be edited, is no map, or does not have the next key. A list on the
 * way is followed by the position that the path has for it (`0`).
 *
 * @param nameOf the name of a depth for messages
 * @param edited the name of the edited value for messages; default: the name of its depth
 */
export function walkDown(
  tree: YamlTree,
  path: readonly string[],
  nameOf: (depth: number) => string,
  edited?: string,
): Descent {
  let node = tree.root;
  let parent: PairInMap | undefined;
  for (let depth = 0; ; depth++) {
    const obstacle = closed(tree, node, nameOf(depth), edited);
    const key = path[depth];
    const item: unknown = !obstacle && isSeq(node) && key !== undefined ? node.items[Number(key)] : undefined;
    if (isNode(item)) {
      parent = undefined;
      node = item;
      continue;
    }
    const pair = !obstacle && isMap(node) && key !== undefined ? pairOf(node, key) : undefined;
    if (!isMap(node) || !pair) return { depth, node, ...(parent && { parent }), ...(obstacle && { obstacle }) };
    parent = { map: node, pair };
    node = pair.value;
  }
}

/** An anchor with aliases inside a value that will be replaced. An alias inside it is replaced with the value. */
export function anchorWithin(tree: YamlTree, node: Node | null, edited: string): Obstacle | undefined {
  let found: Obstacle | undefined;
  visit(node, {
    Value: (_key, value) => {
      found = anchored(tree, value, edited);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

/** An alias cannot be edited, and a value with aliases cannot either: the change would apply in two places. */
function closed(tree: YamlTree, node: Node | null, what: string, edited = what): Obstacle | undefined {
  if (!isAlias(node)) return anchored(tree, node, edited);
  const message = `${what} is the alias *${node.source}: its value is written elsewhere`;
  const hint = `Write the value in full instead of *${node.source}, then run the command again.`;
  return { ...mistake(EDIT_RULES.alias, message, hint), node };
}

function anchored(tree: YamlTree, node: Node | null, edited: string): Obstacle | undefined {
  const { anchor } = (node ?? {}) as { anchor?: string };
  const alias = anchor === undefined ? undefined : firstAlias(tree.root, anchor);
  if (!node || anchor === undefined || !alias) return undefined;
  const { line } = tree.positionOf(startOf(alias));
  const message = `${edited} has the anchor &${anchor}, and *${anchor} in line ${line} uses the same value`;
  const hint = `Write the value in full instead of *${anchor}, remove &${anchor}, then run the command again.`;
  return { ...mistake(EDIT_RULES.anchor, message, hint), node };
}

function firstAlias(root: Node | null, anchor: string): Alias | undefined {
  let found: Alias | undefined;
  visit(root, {
    Alias: (_key, alias) => {
      if (alias.source !== anchor) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}
