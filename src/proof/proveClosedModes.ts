import { ownTarget } from './keptTargetTrust';
import { pathToTarget, type PodsOnCluster, trustedAtSource } from './credentialPath';
import type { PathResult } from './evaluator';
import { MODE_NAMES, type Sighting } from './failures';
import type { CredentialMode } from './Proof';
import type { StepResults } from './proveSteps';
import { type StageParts, stagePairsOf } from './stagedWorkload';
import { newPodMode, stateAt } from './workloadState';

const MODES: readonly CredentialMode[] = ['irsa', 'pod-identity'];

/**
 * At each stage, on one cluster, a mode that no pod can have is closed: at the source role, and at each target that can tell the
 * modes apart. Without session tags a hop by the app looks the same in both modes. Only `via: association` has the external id, which
 * is required where the untagged hop is not served.
 */
export function proveClosedModes(pods: PodsOnCluster, steps: StepResults): Sighting[] {
  return pods.staged.stages.flatMap((parts) => {
    const open = openModes(pods, steps, parts);
    return MODES.filter((mode) => !open.has(mode)).flatMap((mode) => openPaths(pods, parts, mode));
  });
}

/** The modes that pods can have at a stage. */
function openModes(
  pods: PodsOnCluster,
  steps: StepResults,
  parts: StageParts,
): ReadonlySet<CredentialMode | undefined> {
  const { stage } = parts;
  const newPods = (at: StageParts) => newPodMode(stateAt(at, pods), pods.source.arn);
  // A stage can begin with what the step back from the next one leaves. New pods of the stage before are among those held.
  const next = stagePairsOf(pods.staged).filter(({ earlier }) => earlier.stage === stage);
  return new Set([newPods(parts), ...next.map(({ later }) => newPods(later)), ...steps.held(stage)]);
}

function openPaths(pods: PodsOnCluster, parts: StageParts, mode: CredentialMode): Sighting[] {
  const { sessionTags } = pods.staged.workload;
  const sightings = (result: PathResult, name: string, target?: string): Sighting[] =>
    result.isOpen
      ? [
          {
            rule: 'proof-closed-mode',
            cluster: pods.cluster.key,
            stage: parts.stage,
            target,
            who: `${pods.serviceAccount} through ${MODE_NAMES[mode]}`,
            what: `still gets role ${name}, though no pod can use that mode`,
            reason: result,
          },
        ]
      : [];
  const tellsModesApart = ({ via }: StageParts['targetRoles'][number]) =>
    sessionTags || (mode === 'irsa' && via === 'association');
  return [
    ...sightings(trustedAtSource(pods, mode, parts.role.trust, sessionTags), parts.role.name),
    // A kept statement stays open: the inventory says so.
    ...parts.targetRoles.filter(tellsModesApart).flatMap((role) => {
      const target = ownTarget(pods.staged.workload, role);
      // Only the documents count here, not whether EKS makes the hop.
      const own = { ...parts, targetRoles: [target] };
      const state = { ...stateAt(own, pods, target.target), association: undefined };
      return sightings(pathToTarget(pods, mode, target, state), target.name, target.target);
    }),
  ];
}
