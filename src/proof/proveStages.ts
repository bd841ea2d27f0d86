import type { TargetRole } from '../blueprint/Blueprint';
import { STAGE_TABLE } from '../blueprint/stageTable';
import { type Draft, MODE_NAMES } from './Draft';
import { type Case, sourceLeg, sourceOf, targetLeg } from './credentialPath';
import { newPodMode } from './newPodMode';
import type { Mode } from './Proof';
import { situationAt } from './Situation';
import type { StageParts } from './Subject';
import type { Verdict } from './Verdict';

/** Rule 1 on one cluster: at each stage a new pod gets what the table promises, the source role, and every target. */
export function proveStages(of: Case): { readonly paths: number; readonly drafts: readonly Draft[] } {
  const { stages } = of.subject;
  return {
    paths: stages.reduce((sum, { targetRoles }) => sum + 1 + targetRoles.length, 0),
    drafts: stages.flatMap((parts) => proveStage(of, parts)),
  };
}

function proveStage(of: Case, parts: StageParts): Draft[] {
  const { stage } = parts;
  const { arn } = sourceOf(of.subject);
  const situation = situationAt(parts, of.cluster.key, undefined);
  const promised = STAGE_TABLE[stage].newPodUses;
  const mode = newPodMode(situation, arn);
  const at = { cluster: of.cluster.key, stage };
  const promise: Draft[] =
    mode === promised
      ? []
      : [
          {
            rule: 'proof-new-pod',
            ...at,
            who: `a new pod of ${podsOf(of)}`,
            what: `is given ${mode === undefined ? 'nothing' : MODE_NAMES[mode]}`,
            why: `the stage table promises ${MODE_NAMES[promised]}; ${situation.association ? 'there is an association' : 'there is no association'}, and the service account has ${JSON.stringify(situation.annotation?.annotations ?? {})}`,
          },
        ];
  if (mode === undefined) return promise;
  const denied = (verdict: Verdict, target?: TargetRole): Draft[] =>
    verdict.holds ? [] : [{ ...lossOf(of, mode, 'new', target), ...at, rule: 'proof-path', why: verdict }];
  return [
    ...promise,
    ...denied(sourceLeg(of, mode, situation)),
    ...parts.targetRoles.flatMap((role) =>
      denied(targetLeg(of, mode, role, situationAt(parts, of.cluster.key, role.target)), role),
    ),
  ];
}

/** Who loses what, in words. */
export function lossOf(
  of: Case,
  mode: Mode,
  age: 'new' | 'running',
  target?: TargetRole,
): Pick<Draft, 'who' | 'what' | 'target'> {
  return {
    who: `a ${age} pod of ${podsOf(of)} on ${MODE_NAMES[mode]}`,
    what:
      target === undefined
        ? `does not get role ${sourceOf(of.subject).name}`
        : `does not reach role ${target.name} in ${target.account.key} (target ${target.target})`,
    ...(target === undefined ? {} : { target: target.target }),
  };
}

/** `namespace/serviceAccount` */
export function podsOf({ subject: { workload } }: Case): string {
  return `${workload.namespace}/${workload.serviceAccount.name}`;
}
