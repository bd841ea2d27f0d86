import type { CompareRule } from './CompareRule';
import { accountSwapped } from './accountSwapped';
import { clusterSwapped } from './clusterSwapped';
import { environmentMoved } from './environmentMoved';
import { keyRenamed } from './keyRenamed';
import { roleReplaced } from './roleReplaced';
import { serviceAccountSwapped } from './serviceAccountSwapped';
import { sinceEdited } from './sinceEdited';
import { stageSkipped } from './stageSkipped';
import { targetSwapped } from './targetSwapped';
import { waveAhead } from './waveAhead';
import { workloadRemoved } from './workloadRemoved';

/** Every rule over two versions of an inventory. */
export const COMPARE_RULES: readonly CompareRule[] = [
  stageSkipped,
  waveAhead,
  sinceEdited,
  keyRenamed,
  roleReplaced,
  workloadRemoved,
  serviceAccountSwapped,
  targetSwapped,
  clusterSwapped,
  environmentMoved,
  accountSwapped,
];
