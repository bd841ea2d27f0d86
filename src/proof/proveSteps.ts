import type { TargetRole } from '../blueprint/Blueprint';
import type { Stage } from '../inventory/Inventory';
import { pathToSource, pathToTarget, type PodsOnCluster, trustedAtSource } from './credentialPath';
import type { PathResult } from './evaluator';
import type { Sighting } from './failures';
import type { CredentialMode, GatedLoss, Step } from './Proof';
import { lossOf } from './proveStages';
import { newPodMode, stateAt, type StepStates, stepStatesOf, type WorkloadState } from './workloadState';

/** The losses that no order of changes avoids, each with its gate. The proof must find these and no third. Source: docs/MIGRATION.md. */
export const EXPECTED_LOSSES: readonly Omit<GatedLoss, 'workloads'>[] = [
  {
    step: { from: 'cutover', to: 'pod-identity' },
    mode: 'irsa',
    loses: 'Pods admitted before dual and not restarted since lose the role: they still use IRSA.',
    gate: 'No AssumeRoleWithWebIdentity for the role since the stage began, for at least the soak of the wave. Restart the pods that still use it.',
  },
  {
    step: { from: 'dual', to: 'prepared' },
    mode: 'pod-identity',
    loses: 'Pods admitted since dual lose the role: they use Pod Identity, and the step removes the association.',
    gate: 'After the apply, wait until EKS sees the change, then restart these pods at once. New pods use IRSA again.',
  },
];

/** A mode whose pods lose their path in a step, and the first state in which they lose it. */
export interface Loss {
  readonly step: Step;
  readonly mode: CredentialMode;
  readonly sighting: Sighting;
}

/** The results of rule 2 on one cluster. */
export interface StepResults {
  /** The number of evaluated states. */
  readonly mixtures: number;
  /** The modes that pods can have at a stage, whatever steps led there. */
  readonly held: (stage: Stage) => readonly CredentialMode[];
  readonly losses: readonly Loss[];
  /** Pods that get nothing during a step, and associations that EKS would refuse during it. */
  readonly sightings: readonly Sighting[];
}

const MODES: readonly CredentialMode[] = ['irsa', 'pod-identity'];

/**
 * Rule 2 on one cluster, for each single step forward and back. The possible pods are the smallest set closed under the steps: new
 * pods of each stage, pods that survive a step, and pods admitted during one. A pod admitted in a state must keep its credentials in
 * every state that can follow, which has at least the same changes applied.
 */
export function proveSteps(pods: PodsOnCluster): StepResults {
  const all = stepStatesOf(pods.staged, pods);
  const admitted = new Map<Step, Set<CredentialMode>>(all.map(({ step }) => [step, new Set()]));
  const held = new Set<string>();
  const losses = new Map<string, Loss>();
  const broken = new Set<string>();
  for (const parts of pods.staged.stages) {
    const mode = newPodMode(stateAt(parts, pods), pods.source.arn);
    if (mode === undefined) continue;
    const isWhole = [undefined, ...parts.targetRoles].every(
      (target) => wholePath(pods, mode, target, stateAt(parts, pods, target?.target)).isOpen,
    );
    (isWhole ? held : broken).add(`${parts.stage} ${mode}`);
  }
  const sightings = all.flatMap((states) => admissions(pods, states, (mode) => admitted.get(states.step)?.add(mode)));

  let before: number;
  do {
    before = held.size;
    for (const [step, during] of admitted) {
      for (const mode of MODES) {
        const isHeld = held.has(`${step.from} ${mode}`);
        // A path that is broken at either end of the step is a failure of rule 1.
        const isBrokenAnyway = broken.has(`${step.from} ${mode}`) || broken.has(`${step.to} ${mode}`);
        if (!isHeld && (isBrokenAnyway || !during.has(mode))) continue;
        const ofStep = all.filter((states) => states.step === step);
        const [sighting] = ofStep.flatMap((states) => lossIn(pods, states, mode, isHeld));
        if (sighting === undefined) held.add(`${step.to} ${mode}`);
        else losses.set(`${step.from} ${step.to} ${mode}`, { step, mode, sighting });
      }
    }
  } while (held.size > before);
  return {
    mixtures: all.reduce((sum, { forward, states }) => sum + (forward ? states.length : 0), 0),
    held: (stage) => MODES.filter((mode) => held.has(`${stage} ${mode}`)),
    losses: [...losses.values()],
    sightings,
  };
}

/** The path to the source role and from there to the target, if there is one. */
function wholePath(
  pods: PodsOnCluster,
  mode: CredentialMode,
  target: TargetRole | undefined,
  state: WorkloadState,
): PathResult {
  const source = pathToSource(pods, mode, state);
  return !source.isOpen || target === undefined ? source : pathToTarget(pods, mode, target, state);
}

/** Reports what pods get that are admitted during a step. Its ends belong to rule 1. */
function admissions(
  pods: PodsOnCluster,
  { step, states, complete }: StepStates,
  admit: (mode: CredentialMode) => void,
): Sighting[] {
  return states
    .filter(({ applied }) => applied !== 0 && applied !== complete)
    .flatMap(({ state, mixture }): Sighting[] => {
      const { association } = state;
      const at = { cluster: pods.cluster.key, step, mixture };
      if (association !== undefined) {
        const tagged = !association.disableSessionTags;
        const trusted = trustedAtSource(pods, 'pod-identity', state['source trust'], tagged);
        // EKS answers "Trust policy of the role provided is invalid", and the provider does not retry it.
        if (!trusted.isOpen)
          return [
            {
              ...at,
              rule: 'proof-association',
              who: `the association of ${pods.serviceAccount}`,
              what: 'is refused by EKS',
              reason: trusted,
            },
          ];
      }
      const mode = newPodMode(state, pods.source.arn);
      if (mode === undefined)
        return [
          {
            ...at,
            rule: 'proof-step',
            who: `a new pod of ${pods.serviceAccount}`,
            what: 'gets no credentials',
            reason: {
              note: 'without an association and without the annotation the SDK falls through to the node role',
            },
          },
        ];
      admit(mode);
      return [];
    });
}

/** The first state in which a pod loses its path: a pod from before the step (`isHeld`), or one admitted during the step. */
function lossIn(
  pods: PodsOnCluster,
  { step, target, states }: StepStates,
  mode: CredentialMode,
  isHeld: boolean,
): Sighting[] {
  const begins = states.filter(
    ({ applied, state }) => (isHeld && applied === 0) || (applied !== 0 && newPodMode(state, pods.source.arn) === mode),
  );
  for (const { state, applied, mixture } of states) {
    if (!begins.some((begin) => (begin.applied & applied) === begin.applied)) continue;
    const result = wholePath(pods, mode, target, state);
    if (result.isOpen) continue;
    const isAtSource = !pathToSource(pods, mode, state).isOpen;
    return [
      {
        rule: 'proof-step',
        ...lossOf(pods, mode, isHeld ? 'running' : 'new', isAtSource ? undefined : target),
        cluster: pods.cluster.key,
        step,
        mixture,
        reason: result,
      },
    ];
  }
  return [];
}
