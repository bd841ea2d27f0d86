import type { RuleInfo } from '../RuleInfo';

const rule = (name: string, what: string, example: string): RuleInfo => ({
  name,
  severities: ['error'],
  what,
  example,
});

/** Why a stage cannot be written into a file that is an inventory without an error. */
export const EDIT_RULES = {
  unreadable: rule(
    'edit-unreadable',
    'The file that is to be edited can be read.',
    'inventory.yaml cannot be edited: this is not YAML',
  ),
  wave: rule('edit-wave', 'The file that is to be edited has the wave.', 'teams/shop.yaml has no wave "pilot"'),
  stage: rule(
    'edit-stage',
    'The stage that is to be changed is still the one that was looked at.',
    'wave "pilot" is at cutover in prod, no longer at dual',
  ),
  alias: rule(
    'edit-alias',
    'The wave, its `stages` and the parts of a stage are written where they are, not as an alias.',
    'the stages of wave "core" are the alias *pilot-stages',
  ),
  anchor: rule(
    'edit-anchor',
    'No alias stands for what is to be changed: the change would be made there too.',
    'the stage is written under the anchor &reader, which stands for other values too: *reader in line 14',
  ),
  taken: rule('edit-taken', 'A key that is to be added is not there yet.', '`workloads` has "billing" already'),
  form: rule('edit-form', 'Keys of block maps begin their lines.', 'the key "stage" does not begin its line'),
} as const satisfies Record<string, RuleInfo>;
