import { isAlias, isMap, visit, type Alias, type Node, type YAMLMap } from 'yaml';
import type { RuleInfo } from '../RuleInfo';
import type { Tree } from '../source/Source';
import { EDIT_RULES } from './editRules';
import { pairOf, startOf, type WrittenPair } from './nodes';

/** Why a file cannot be edited, and where the reason stands. */
export interface Obstacle {
  readonly rule: RuleInfo;
  /** The path that the finding names. Default: the path that was to be written. */
  readonly path?: readonly string[];
  /** Where the finding stands. Default: at its path. */
  readonly node?: Node;
  readonly message: string;
  readonly hint: string;
}

/** A pair and the map that has it. */
export interface Held {
  readonly map: YAMLMap;
  readonly pair: WrittenPair;
}

/** How far down a path a file has maps. */
export interface WayDown {
  /** How many keys of the path were passed. */
  readonly depth: number;
  /** What stands there: the map of the whole path, a map without the next key, or no map. */
  readonly node: Node | null;
  /** The pair that has `node` as its value; undefined at the top of the file. */
  readonly parent?: Held;
  /** What keeps `node` from being edited. */
  readonly obstacle?: Obstacle;
}

/**
 * Goes down the maps of a file along a path, up to the first that cannot be edited, is no map, or does not have the next key.
 *
 * @param nameOf how a message names what stands at a depth
 * @param edited how a message names what is written under an anchor; what stands there when it is left out
 */
export function walkDown(
  tree: Tree,
  path: readonly string[],
  nameOf: (depth: number) => string,
  edited?: string,
): WayDown {
  let node = tree.root;
  let parent: Held | undefined;
  for (let depth = 0; ; depth++) {
    const obstacle = closed(tree, node, nameOf(depth), edited);
    const key = path[depth];
    const pair = !obstacle && isMap(node) && key !== undefined ? pairOf(node, key) : undefined;
    if (!isMap(node) || !pair) return { depth, node, ...(parent && { parent }), ...(obstacle && { obstacle }) };
    parent = { map: node, pair };
    node = pair.value;
  }
}

/** An anchor with aliases in a value that is to be replaced. An alias in the value is replaced itself. */
export function anchorWithin(tree: Tree, node: Node | null, edited: string): Obstacle | undefined {
  let found: Obstacle | undefined;
  visit(node, {
    Value: (_key, value) => {
      found = anchored(tree, value, edited);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

/** An alias cannot be edited, and neither can what an alias stands for: the change would be made in two places. */
function closed(tree: Tree, node: Node | null, what: string, edited = what): Obstacle | undefined {
  if (!isAlias(node)) return anchored(tree, node, edited);
  return {
    rule: EDIT_RULES.alias,
    node,
    message: `${what} is the alias *${node.source}: what it stands for is written elsewhere`,
    hint: `Write it out in place of *${node.source}, then run the command again.`,
  };
}

function anchored(tree: Tree, node: Node | null, edited: string): Obstacle | undefined {
  const { anchor } = (node ?? {}) as { anchor?: string };
  const alias = anchor === undefined ? undefined : firstAlias(tree.root, anchor);
  if (!node || anchor === undefined || !alias) return undefined;
  const { line } = tree.positionOf(startOf(alias));
  return {
    rule: EDIT_RULES.anchor,
    node,
    message: `${edited} is written under the anchor &${anchor}, which stands for other values too: *${anchor} in line ${line}`,
    hint: `Write the value out in place of *${anchor}, take &${anchor} away, then run the command again.`,
  };
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
