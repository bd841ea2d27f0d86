import { type Draft, MODE_NAMES } from './Draft';
import { type Case, sourceOf, targetLeg, trustedAtSource } from './credentialPath';
import { newPodMode } from './newPodMode';
import type { Mode } from './Proof';
import type { Steps } from './proveSteps';
import { podsOf } from './proveStages';
import { type Situation, situationAt } from './Situation';
import type { StageParts } from './Subject';
import { pairsOf } from './subjectOf';
import type { Verdict } from './Verdict';

const MODES: readonly Mode[] = ['irsa', 'pod-identity'];

/**
 * At each stage a mode that no pod can hold is closed on one cluster: at the source role, and at every target that can tell the
 * modes apart. Without session tags a hop by the app looks the same in both modes, and only `via: association` has the external
 * id, which is asked for where the untagged hop is not served.
 */
export function proveClosedModes(of: Case, steps: Steps): Draft[] {
  const { workload } = of.subject;
  return of.subject.stages.flatMap((parts) => {
    const { stage, role, targetRoles } = parts;
    const given = newPodOf(of, parts);
    // A step from here may end before all of AWS shows the new stage: what the next stage gives new pods is open already.
    const next = pairsOf(of.subject).flatMap(({ earlier, later }) => {
      if (earlier.stage === stage) return newPodOf(of, later) ?? [];
      return later.stage === stage ? (newPodOf(of, earlier) ?? []) : [];
    });
    const open = new Set([given, ...next, ...steps.held(stage), ...steps.admitted(stage)]);
    return MODES.filter((mode) => !open.has(mode)).flatMap((mode): Draft[] => {
      const draft = (verdict: Verdict, name: string, target?: string): Draft[] =>
        verdict.holds
          ? [
              {
                rule: 'proof-closed-mode',
                cluster: of.cluster.key,
                stage,
                ...(target === undefined ? {} : { target }),
                who: `${podsOf(of)} by way of ${MODE_NAMES[mode]}`,
                what: `still gets role ${name}, though no pod can hold that mode`,
                why: verdict,
              },
            ]
          : [];
      const apart = workload.sessionTags || mode === 'irsa';
      return [
        ...draft(trustedAtSource(of, mode, role.trust, workload.sessionTags), role.name),
        ...targetRoles
          .filter(({ via }) => apart && (workload.sessionTags || via === 'association'))
          .flatMap((target) =>
            draft(
              targetLeg(of, mode, target, withoutAssociation(of, parts, target.target)),
              target.name,
              target.target,
            ),
          ),
      ];
    });
  });
}

function newPodOf(of: Case, parts: StageParts): Mode | undefined {
  return newPodMode(situationAt(parts, of.cluster.key, undefined), sourceOf(of.subject).arn);
}

/** Only the documents count here: whether EKS would make the hop is another question. */
function withoutAssociation(of: Case, parts: StageParts, target: string): Situation {
  return { ...situationAt(parts, of.cluster.key, target), association: undefined };
}
