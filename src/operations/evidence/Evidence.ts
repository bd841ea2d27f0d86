/** Whether a condition holds. Whatever could not be found out is `unknown`, and never counts as `yes`. */
export type Holds = 'yes' | 'no' | 'unknown';

/** One thing that was asked, of whom, when, and what came of it. */
export interface Evidence {
  readonly check: string;
  /** The workload's key; absent where the question is about a cluster or a wave. */
  readonly workload?: string;
  readonly environment: string;
  /** The cluster's key. */
  readonly cluster?: string;
  /** The question: `eks:DescribeAddon eks-pod-identity-agent`, `get pods -n shop`. */
  readonly asked: string;
  /** `apps-prod (333333333333) us-west-2`, `kubectl --context prod-main`, `inventory`. */
  readonly of: string;
  /** ISO 8601. */
  readonly when: string;
  readonly found: string;
  readonly holds: Holds;
  /**
   * What to do, in lines; those that are commands can be pasted. Present unless it holds, and also where it holds but something is
   * to be done before the step (`annotation-agrees`) or after it (`restart-needed`).
   */
  readonly remedy?: string;
  /** An apply would cost running pods their role: no other remedy of the workload may be an apply. */
  readonly blocksApply?: true;
  /** When the remedy of evidence that holds is due. Absent where there is none, and where the evidence does not hold: before the step. */
  readonly remedyDue?: 'before-step' | 'after-step';
}
