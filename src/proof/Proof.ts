import type { FailedCondition, StatementRef } from '../iam/Decision';
import type { Problem } from '../inventory/Finding';
import type { Stage } from '../inventory/Inventory';
import type { ProofRule } from './proofRules';

/** How a pod gets its credentials; decided once, when it is admitted. */
export type Mode = 'irsa' | 'pod-identity';

/** A single step between neighbouring stages, forward or back. */
export interface Step {
  readonly from: Stage;
  readonly to: Stage;
}

/** What stands for one workload on one cluster, with regard to one of its targets, and can be changed by a step. */
export type Slot = 'source trust' | 'inline policy' | 'association' | 'annotation' | 'target trust';

/** What a half-finished apply has left: each slot that the step changes, as it was or as it will be. */
export type Mixture = Readonly<Partial<Record<Slot, 'old' | 'new'>>>;

/** A promise that does not hold, or a door that stands open; a problem with its evidence. */
export interface Failure extends Problem {
  /** A warning: the inventory says why it may be so. */
  readonly severity: 'error' | 'warning';
  readonly rule: ProofRule;
  readonly environment: string;
  readonly workload: string;
  /** Keys of the clusters on which it was found; empty where it is not a matter of clusters. */
  readonly clusters: readonly string[];
  readonly target?: string;
  /** The stages at which it was found; empty for a step. */
  readonly stages: readonly Stage[];
  readonly step?: Step;
  readonly mixture?: Mixture;
  /** Who asks: `a new pod of shop/billing on IRSA`. */
  readonly who: string;
  /** Who else is let in by the same statement. */
  readonly also?: readonly string[];
  /** What becomes of it: `does not get role prod-billing`. */
  readonly what: string;
  /** The statement that allowed or denied; absent where nothing spoke for the request. */
  readonly decidedBy?: StatementRef;
  /** Of the statements that would have allowed it: the conditions that kept it back. */
  readonly failedConditions?: readonly FailedCondition[];
}

/** A loss that no order of changes avoids: who loses what in which step, and what guards it. */
export interface GatedLoss {
  readonly step: Step;
  readonly mode: Mode;
  /** Which pods lose what. */
  readonly loses: string;
  /** What must be seen or done before the step. */
  readonly gate: string;
  /** How many workloads it concerns, by environment. */
  readonly workloads: Readonly<Record<string, number>>;
}

/** What was looked at. */
export interface Counts {
  readonly workloads: number;
  /** Credential paths that must be open: stage × cluster × source role or target. */
  readonly paths: number;
  /** States that a half-finished apply can leave, both ends of each step included. */
  readonly mixtures: number;
  /** Attempts by others, one for each distinct trust policy of a role. */
  readonly attacks: number;
  /** Distinct evaluations of documents. */
  readonly decisions: number;
}

/** What was proved of one environment. */
export interface EnvironmentProof extends Counts {
  readonly environment: string;
  readonly failures: number;
}

/** What came of the proof; it holds when there is no failure. */
export interface Proof {
  readonly workloads: number;
  readonly counts: Counts;
  readonly environments: readonly EnvironmentProof[];
  /** The steps that cannot hold by themselves. */
  readonly gated: readonly GatedLoss[];
  readonly failures: readonly Failure[];
  /**
   * Whom people's statements let in beside the workload, where the inventory says that they may: adopted trust with its reason
   * (`adoptedTrust.because`), and kept statements that name the whole account.
   */
  readonly accepted: readonly Failure[];
}
