import type { Association, ServiceAccount, TargetRole } from '../blueprint/Blueprint';
import { ROLE_ANNOTATION } from '../blueprint/serviceAccounts';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Cluster, Subject } from '../inventory/Inventory';
import type { CredentialMode, Mixture, Slot, Step } from './Proof';
import { type StagedWorkload, type StageParts, stagePairsOf } from './stagedWorkload';

/** A service account of a workload on a cluster. */
export interface StatePlace {
  readonly cluster: Pick<Cluster, 'key'>;
  readonly subject: Pick<Subject, 'namespace' | 'name'>;
}

/** What is applied for a service account of a workload on one cluster at one moment, for one of its targets or for none. */
export interface WorkloadState {
  readonly 'source trust': PolicyDocument;
  readonly 'inline policy': PolicyDocument | undefined;
  readonly association: Association | undefined;
  /** The service account with its annotations. */
  readonly annotation: ServiceAccount | undefined;
  readonly 'target trust': PolicyDocument | undefined;
}

const SLOTS: readonly Slot[] = ['source trust', 'inline policy', 'association', 'annotation', 'target trust'];

/** The state at a stage after a complete apply. `target` is the key of one of the workload's targets. */
export function stateAt(parts: StageParts, { cluster, subject }: StatePlace, target?: string): WorkloadState {
  const { namespace, name } = subject;
  return {
    'source trust': parts.role.trust,
    'inline policy': parts.role.inline,
    association: parts.associations.find(
      (one) => one.cluster === cluster.key && one.namespace === namespace && one.serviceAccount === name,
    ),
    annotation: parts.serviceAccounts.find(
      (one) => one.cluster === cluster.key && one.namespace === namespace && one.name === name,
    ),
    'target trust': parts.targetRoles.find((role) => role.target === target)?.trust,
  };
}

/**
 * What the EKS webhook gives a pod that is admitted now: Pod Identity where an association exists, else IRSA where the annotation
 * names the role, else nothing (the SDK falls through to the node's role).
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go, buildPodPatchConfig.
 */
export function newPodMode({ association, annotation }: WorkloadState, roleArn: string): CredentialMode | undefined {
  if (association !== undefined) return 'pod-identity';
  return annotation?.annotations[ROLE_ANNOTATION] === roleArn ? 'irsa' : undefined;
}

/** One state of a step, with the changes that are applied in it as bits: bit n stands for the n-th slot that the step changes. */
export interface StepState {
  readonly state: WorkloadState;
  readonly applied: number;
  /** What each changed slot is: as before the step, or as after it. */
  readonly mixture: Mixture;
}

/** One step with regard to one target or none: every state that an interrupted apply can leave, both ends included. */
export interface StepStates {
  readonly step: Step;
  readonly forward: boolean;
  readonly target: TargetRole | undefined;
  readonly states: readonly StepState[];
  /** The bits of all changes: the state after the step. */
  readonly complete: number;
}

/** Every single step of a service account on a cluster, forward and back, once without a target and once for each. Entries of a step share its `step` object. */
export function stepStatesOf(staged: StagedWorkload, place: StatePlace): StepStates[] {
  return stagePairsOf(staged).flatMap(({ earlier, later }) =>
    [true, false].flatMap((forward): StepStates[] => {
      const [from, to] = forward ? [earlier, later] : [later, earlier];
      const step: Step = { from: from.stage, to: to.stage };
      return [undefined, ...earlier.targetRoles].map((target) => {
        const states = statesBetween(from, to, place, target?.target);
        return { step, forward, target, states, complete: states.length - 1 };
      });
    }),
  );
}

/** Every mixture of a step's old and new: 2^n states for n slots that change, the old state first, the new one last. */
function statesBetween(from: StageParts, to: StageParts, place: StatePlace, target: string | undefined): StepState[] {
  const before = stateAt(from, place, target);
  const after = stateAt(to, place, target);
  const changed = SLOTS.filter((slot) => before[slot] !== after[slot]);
  return Array.from({ length: 2 ** changed.length }, (_, applied) => {
    const isNew = (bit: number) => ((applied >> bit) & 1) === 1;
    const news = changed.filter((_slot, bit) => isNew(bit)).map((slot) => [slot, after[slot]]);
    return {
      state: { ...before, ...Object.fromEntries(news) } as WorkloadState,
      applied,
      mixture: Object.fromEntries(changed.map((slot, bit) => [slot, isNew(bit) ? 'new' : 'old'])),
    };
  });
}
