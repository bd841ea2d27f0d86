import type { DecidingCondition, FailedCondition, StatementRef } from '../iam/Decision';
import type { Problem } from '../inventory/Finding';
import type { Stage } from '../inventory/Inventory';
import type { ProofRule } from './proofRules';

/** How a pod gets its credentials. EKS decides this once, when it admits the pod. */
export type CredentialMode = 'irsa' | 'pod-identity';

/** A single step between neighbouring stages, forward or back. */
export interface Step {
  readonly from: Stage;
  readonly to: Stage;
}

/** One thing that a step can change for a workload on one cluster, with regard to one of its targets. */
export type Slot = 'source trust' | 'inline policy' | 'association' | 'annotation' | 'target trust';

/** The state that an interrupted apply leaves: each slot that the step changes is old or new. */
export type Mixture = Readonly<Partial<Record<Slot, 'old' | 'new'>>>;

/** A broken promise, or access that should be denied, with its evidence. */
export interface Failure extends Problem {
  /** A warning: the inventory accepts it and gives the reason. */
  readonly severity: 'error' | 'warning';
  readonly rule: ProofRule;
  readonly environment: string;
  readonly workload: string;
  /** Keys of the clusters where it was found; empty for a failure that does not depend on a cluster. */
  readonly clusters: readonly string[];
  readonly target?: string;
  /** The stages where it was found; empty for a step. */
  readonly stages: readonly Stage[];
  readonly step?: Step;
  readonly mixture?: Mixture;
  /** Who requests the role: `a new pod of shop/billing on IRSA`. */
  readonly who: string;
  /** Others that the same statement allows. */
  readonly also?: readonly string[];
  /** What happens: `does not get role prod-billing`. */
  readonly what: string;
  /** The statement that allowed or denied; absent where no statement applied. */
  readonly decidedBy?: StatementRef;
  /** The conditions on which it depends; absent: it happens whatever else the requests have. */
  readonly dependsOn?: readonly DecidingCondition[];
  /** The conditions that failed in statements that would have allowed the request. */
  readonly failedConditions?: readonly FailedCondition[];
}

/** A loss that no order of changes avoids, and the gate that guards it. */
export interface GatedLoss {
  readonly step: Step;
  readonly mode: CredentialMode;
  /** Which pods lose what. */
  readonly loses: string;
  /** What must be checked or done for the step. */
  readonly gate: string;
  /** The number of workloads that can have the loss, by environment. */
  readonly workloads: Readonly<Record<string, number>>;
}

/** What was evaluated. */
export interface Counts {
  readonly workloads: number;
  /** Credential paths that must be open: stage × cluster × source role or target. */
  readonly paths: number;
  /** States that an interrupted apply can leave, both ends of each step included. */
  readonly mixtures: number;
  /** Attempts by other identities, counted for each distinct trust policy of a role. */
  readonly attacks: number;
  /** Distinct evaluations of documents. */
  readonly decisions: number;
}

/** The result of one environment. */
export interface EnvironmentProof extends Counts {
  readonly environment: string;
  readonly failures: number;
}

/** The result of the proof. It passes without failures. */
export interface Proof {
  readonly workloads: number;
  readonly counts: Counts;
  readonly environments: readonly EnvironmentProof[];
  /** The losses that gates must guard. */
  readonly gated: readonly GatedLoss[];
  readonly failures: readonly Failure[];
  /**
   * What the inventory accepts with a reason (`because`): access of others through a statement, and access of the workload's pods that
   * depends on conditions.
   */
  readonly accepted: readonly Failure[];
}
