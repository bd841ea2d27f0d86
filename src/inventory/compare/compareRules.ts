import type { CompareRule } from './CompareRule';
import { accessMoved } from './accessMoved';
import { accountSwapped } from './accountSwapped';
import { adoptedAhead } from './adoptedAhead';
import { adoptedRemoved } from './adoptedRemoved';
import { boundsLoosened } from './boundsLoosened';
import { clusterSwapped } from './clusterSwapped';
import { environmentMoved } from './environmentMoved';
import { guardLoosened } from './guardLoosened';
import { keyRenamed } from './keyRenamed';
import { releasedChanged } from './releasedChanged';
import { roleReplaced } from './roleReplaced';
import { serviceAccountManagement } from './serviceAccountManagement';
import { serviceAccountSwapped } from './serviceAccountSwapped';
import { sinceBackdated } from './sinceBackdated';
import { sinceEdited } from './sinceEdited';
import { stageSkipped } from './stageSkipped';
import { stateMoved } from './stateMoved';
import { targetSwapped } from './targetSwapped';
import { trustWidened } from './trustWidened';
import { waveAhead } from './waveAhead';
import { workloadRemoved } from './workloadRemoved';

/** Every rule over two versions of an inventory. */
export const COMPARE_RULES: readonly CompareRule[] = [
  stageSkipped,
  waveAhead,
  sinceEdited,
  sinceBackdated,
  guardLoosened,
  keyRenamed,
  roleReplaced,
  workloadRemoved,
  releasedChanged,
  adoptedRemoved,
  adoptedAhead,
  serviceAccountSwapped,
  serviceAccountManagement,
  targetSwapped,
  clusterSwapped,
  environmentMoved,
  stateMoved,
  accountSwapped,
  trustWidened,
  boundsLoosened,
  accessMoved,
];
