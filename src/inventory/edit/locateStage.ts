import { isMap, type YAMLMap } from 'yaml';
import type { Tree } from '../source/Source';
import { EDIT_RULES } from './editRules';
import { pairOf, type WrittenPair } from './nodes';
import { anchorWithin, type Obstacle, walkDown } from './walkDown';

/** Where a wave's stage in an environment is written, as far as it is. */
export interface StagePlace {
  readonly wave: YAMLMap;
  readonly stages?: YAMLMap;
  readonly pair?: WrittenPair;
}

/** Finds a wave's stage in an environment, or what keeps it from being edited there. */
export function locateStage(tree: Tree, wave: string, environment: string): StagePlace | Obstacle {
  const names = ['the file', '`waves`', `wave "${wave}"`, `\`stages\` of wave "${wave}"`];
  const nameOf = (depth: number): string => names[depth] ?? '';
  const { depth, node, parent, obstacle } = walkDown(tree, ['waves', wave, 'stages'], nameOf, 'the stage');
  if (obstacle) return obstacle;
  if (!isMap(node) || depth < 2) return noWave(wave);
  if (depth < 3 || !parent) return { wave: node };
  const pair = pairOf(node, environment);
  if (!pair) return { wave: parent.map, stages: node };
  return anchorWithin(tree, pair.value, 'the stage') ?? { wave: parent.map, stages: node, pair };
}

function noWave(wave: string): Obstacle {
  return {
    rule: EDIT_RULES.wave,
    message: `the file has no wave "${wave}" that could be edited`,
    hint: 'Look for it in the other files of the inventory: `podlift validate` names them.',
  };
}
