import type { DoctorCheck } from './DoctorCheck';

/** `warning`: it works now, and something should be seen to. `unknown`: it could not be found out, which is never taken for health. */
export type State = 'ok' | 'problem' | 'warning' | 'unknown';

/** What a check found, before it is said of which workload and why it matters. */
export interface Judgement {
  readonly state: State;
  /** In lines; the first stands for itself. */
  readonly found: string;
  /** Who was asked: `apps-prod (333333333333) us-west-2`, `kubectl --context prod-main`, `inventory`. */
  readonly of: string;
  /** A command that shows it. */
  readonly shows: string;
  /** What to do, in lines; those that are commands can be pasted. Present unless all is well. */
  readonly mends?: string;
  /** Names of the pods that it is about. */
  readonly pods?: readonly string[];
}

/** One answer of the doctor about a workload on a cluster. */
export interface DoctorFinding extends Judgement {
  readonly check: DoctorCheck;
  /** The environment's, the workload's and the cluster's key. */
  readonly environment: string;
  readonly workload: string;
  readonly cluster: string;
  /** Why it matters, in a sentence. */
  readonly explains: string;
  /** The earlier check whose finding explains this one: mend that first, and ask again. */
  readonly follows?: DoctorCheck;
}
