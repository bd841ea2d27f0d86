import { isAlias, isMap, visit, type Alias, type Node, type YAMLMap } from 'yaml';
import type { RuleInfo } from '../RuleInfo';
import type { Tree } from '../source/Source';
import { EDIT_RULES } from './editRules';
import { pairOf, startOf, type WrittenPair } from './nodes';

/** Why there is nothing to edit, and where that stands. */
export interface Obstacle {
  readonly rule: RuleInfo;
  readonly node?: Node;
  readonly message: string;
  readonly hint: string;
}

/** Where a wave's stage in an environment is written, as far as it is. */
export interface StagePlace {
  readonly wave: YAMLMap;
  readonly stages?: YAMLMap;
  readonly pair?: WrittenPair;
}

/** Finds a wave's stage in an environment, or what keeps it from being edited there. */
export function locateStage(tree: Tree, wave: string, environment: string): StagePlace | Obstacle {
  const aliases = aliasesOf(tree.root);
  let node: Node | null = tree.root;
  let passed = 'the file';
  const maps: YAMLMap[] = [];
  for (const key of ['waves', wave, 'stages']) {
    const obstacle = closed(node, passed, aliases, tree);
    if (obstacle) return obstacle;
    if (!isMap(node)) return noWave(wave);
    maps.push(node);
    const pair = pairOf(node, key);
    if (!pair) break;
    node = pair.value;
    passed = key === wave ? `wave "${wave}"` : `\`${key}\``;
  }
  const [, , waveMap] = maps;
  if (!waveMap) return noWave(wave);
  if (node === waveMap) return { wave: waveMap };
  const obstacle = closed(node, `\`stages\` of wave "${wave}"`, aliases, tree);
  if (obstacle) return obstacle;
  if (!isMap(node)) return noWave(wave);
  const pair = pairOf(node, environment);
  if (!pair) return { wave: waveMap, stages: node };
  return used(pair.value, aliases, tree) ?? { wave: waveMap, stages: node, pair };
}

function noWave(wave: string): Obstacle {
  return {
    rule: EDIT_RULES.wave,
    message: `the file has no wave "${wave}" that could be edited`,
    hint: 'Look for it in the other files of the inventory: `podlift validate` names them.',
  };
}

/** An alias cannot be edited, and neither can what an alias stands for: the change would be made in two places. */
function closed(
  node: Node | null,
  what: string,
  aliases: ReadonlyMap<string, Alias>,
  tree: Tree,
): Obstacle | undefined {
  if (isAlias(node)) {
    return {
      rule: EDIT_RULES.alias,
      node,
      message: `${what} is the alias *${node.source}: what it stands for is written elsewhere`,
      hint: `Write it out in place of *${node.source}, then run the command again.`,
    };
  }
  return anchored(node, aliases, tree);
}

/** The same for everything that stands in a value which is replaced; an alias in there is replaced itself. */
function used(node: Node | null, aliases: ReadonlyMap<string, Alias>, tree: Tree): Obstacle | undefined {
  let found: Obstacle | undefined;
  visit(node, {
    Value: (_key, value) => {
      found = anchored(value, aliases, tree);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

function anchored(node: Node | null, aliases: ReadonlyMap<string, Alias>, tree: Tree): Obstacle | undefined {
  const { anchor } = (node ?? {}) as { anchor?: string };
  const alias = anchor === undefined ? undefined : aliases.get(anchor);
  if (!node || anchor === undefined || !alias) return undefined;
  const { line } = tree.positionOf(startOf(alias));
  return {
    rule: EDIT_RULES.anchor,
    node,
    message: `the stage is written under the anchor &${anchor}, which stands for other values too: *${anchor} in line ${line}`,
    hint: `Write the value out in place of *${anchor}, take &${anchor} away, then run the command again.`,
  };
}

/** The first alias of each anchor. */
function aliasesOf(root: Node | null): ReadonlyMap<string, Alias> {
  const aliases = new Map<string, Alias>();
  visit(root, {
    Alias: (_key, alias) => {
      if (!aliases.has(alias.source)) aliases.set(alias.source, alias);
    },
  });
  return aliases;
}
