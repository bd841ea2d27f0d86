import type { Node } from 'yaml';
import { errorAt, errorRule, type Finding, mistake, type Mistake, type RuleInfo } from '../Finding';
import { findingIn, type Source } from '../source/Source';
import { startOf } from './yamlText';

/** Why podlift cannot edit a file of an inventory that has no error. */
export const EDIT_RULES = {
  unreadable: errorRule(
    'edit-unreadable',
    'podlift can read the file that it edits.',
    'inventory.yaml cannot be edited: this is not YAML',
  ),
  wave: errorRule('edit-wave', 'The file that podlift edits has the wave.', 'the file has no wave "pilot"'),
  stage: errorRule(
    'edit-stage',
    'The stage in the file is still the one that podlift checked.',
    'wave "pilot" is now at cutover in prod, not at dual',
  ),
  alias: errorRule(
    'edit-alias',
    'The wave, its `stages` and the parts of a stage are not aliases.',
    '`stages` of wave "core" is the alias *pilot-stages: its value is written elsewhere',
  ),
  anchor: errorRule(
    'edit-anchor',
    'No alias uses the value that changes: the change would apply there too.',
    'the stage has the anchor &reader, and *reader in line 14 uses the same value',
  ),
  agent: errorRule(
    'edit-agent',
    'The file that podlift edits has the agent of the cluster.',
    'the file has no agent of cluster "main"',
  ),
  taken: errorRule('edit-taken', 'A key that podlift adds does not exist yet.', '`workloads` already has "billing"'),
  comment: errorRule(
    'edit-comment',
    'A value that podlift replaces has no comment in it: the comment would be lost.',
    '`workloads.api.clusters` has a comment or a #, which a change would lose',
  ),
  form: errorRule(
    'edit-form',
    'Keys of block maps begin their lines.',
    'podlift cannot edit this map: a key does not begin its line, or has no value',
  ),
} as const satisfies Record<string, RuleInfo>;

/** Why a file cannot be edited, and where the reason is. */
export interface Obstacle extends Mistake {
  /** The path of the finding. Default: the path that was to be written. */
  readonly path?: readonly string[];
  /** The node of the finding. Default: the node at its path. */
  readonly node?: Node;
}

/** A value in a style that podlift does not edit. */
export function badForm(node: Node | null, path?: readonly string[], what = 'this map'): Obstacle {
  return {
    ...mistake(
      EDIT_RULES.form,
      `podlift cannot edit ${what}: a key does not begin its line, or has no value`,
      'Write each of its keys at the beginning of a line (without `? `), or all of them between braces.',
    ),
    ...(path && { path }),
    ...(node && { node }),
  };
}

/** The finding of an obstacle. `wanted` is the path that was to be written. */
export function obstacleFinding(source: Source, obstacle: Obstacle, wanted: readonly string[]): Finding {
  const { path = wanted, node } = obstacle;
  return { ...findingIn(source, errorAt(path, obstacle)), ...(node && source.tree.positionOf(startOf(node))) };
}
