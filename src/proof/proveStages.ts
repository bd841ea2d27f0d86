import type { TargetRole } from '../blueprint/Blueprint';
import { STAGE_TABLE } from '../blueprint/stageTable';
import { editsForSource, pathToSource, pathToTarget, type PodsOnCluster } from './credentialPath';
import { isConditional, type PathResult } from './evaluator';
import { MODE_NAMES, type Sighting } from './failures';
import type { CredentialMode } from './Proof';
import type { StageParts } from './stagedWorkload';
import { editText } from './trustEdits';
import { newPodMode, stateAt } from './workloadState';

/** Rule 1 on one cluster: at each stage a new pod gets the promised mode, the source role, and every target role. */
export function proveStages(pods: PodsOnCluster): { readonly paths: number; readonly sightings: readonly Sighting[] } {
  const { stages } = pods.staged;
  return {
    paths: stages.reduce((sum, { targetRoles }) => sum + 1 + targetRoles.length, 0),
    sightings: stages.flatMap((parts) => proveStage(pods, parts)),
  };
}

function proveStage(pods: PodsOnCluster, parts: StageParts): Sighting[] {
  const { stage } = parts;
  const state = stateAt(parts, pods);
  const promised = STAGE_TABLE[stage].newPodUses;
  const mode = newPodMode(state, pods.source.arn);
  const at = { cluster: pods.cluster.key, stage };
  const found = state.association ? 'there is an association' : 'there is no association';
  const promise: Sighting = {
    rule: 'proof-new-pod',
    ...at,
    who: `a new pod of ${pods.serviceAccount}`,
    what: mode === undefined ? 'gets no credentials' : `gets ${MODE_NAMES[mode]}`,
    reason: {
      note: `the stage table promises ${MODE_NAMES[promised]}; ${found}, and the service account has ${JSON.stringify(state.annotation?.annotations ?? {})}`,
    },
  };
  const broken = mode === promised ? [] : [promise];
  if (mode === undefined) return broken;
  const denied = (result: PathResult, target?: TargetRole): Sighting[] => {
    if (result.isOpen && !isConditional(result)) return [];
    const edits = target === undefined && !result.isOpen ? editsForSource(pods, mode, stage) : [];
    const [edit] = edits;
    const fix = edit && { hint: edits.map(editText).join(' '), path: edit.path };
    return [
      {
        ...lossOf(pods, mode, 'new', target, isConditional(result)),
        ...at,
        rule: 'proof-path',
        reason: result,
        ...fix,
      },
    ];
  };
  return [
    ...broken,
    ...denied(pathToSource(pods, mode, state)),
    ...parts.targetRoles.flatMap((role) =>
      denied(pathToTarget(pods, mode, role, stateAt(parts, pods, role.target)), role),
    ),
  ];
}

/** Describes which pods lose which role. */
export function lossOf(
  { serviceAccount, source }: PodsOnCluster,
  mode: CredentialMode,
  age: 'new' | 'running',
  target?: TargetRole,
  depends = false,
): Pick<Sighting, 'who' | 'what' | 'target'> {
  const who = `a ${age} pod of ${serviceAccount} on ${MODE_NAMES[mode]}`;
  if (target === undefined)
    return {
      who,
      what: depends ? `gets role ${source.name} only under conditions` : `does not get role ${source.name}`,
    };
  const can = depends ? 'can only under conditions' : 'cannot';
  const what = `${can} assume role ${target.name} in ${target.account.key} (target ${target.target})`;
  return { who, what, target: target.target };
}
