import type { CompareRule } from './CompareRule';
import { accessMoved } from './rules/accessMoved';
import { accountSwapped } from './rules/accountSwapped';
import { adoptedAhead } from './rules/adoptedAhead';
import { adoptedRemoved } from './rules/adoptedRemoved';
import { boundsLoosened } from './rules/boundsLoosened';
import { clusterSwapped } from './rules/clusterSwapped';
import { environmentMoved } from './rules/environmentMoved';
import { guardLoosened } from './rules/guardLoosened';
import { keyRenamed } from './rules/keyRenamed';
import { releasedChanged } from './rules/releasedChanged';
import { roleReplaced } from './rules/roleReplaced';
import { serviceAccountManagement } from './rules/serviceAccountManagement';
import { serviceAccountSwapped } from './rules/serviceAccountSwapped';
import { sinceBackdated } from './rules/sinceBackdated';
import { sinceEdited } from './rules/sinceEdited';
import { stageSkipped } from './rules/stageSkipped';
import { stateMoved } from './rules/stateMoved';
import { targetSwapped } from './rules/targetSwapped';
import { trustWidened } from './rules/trustWidened';
import { waveAhead } from './rules/waveAhead';
import { workloadRemoved } from './rules/workloadRemoved';

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
