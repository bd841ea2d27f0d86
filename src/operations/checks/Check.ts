import { compileWorkload, type WorkloadParts } from '../../blueprint/compileWorkload';
import { STAGE_TABLE, type StageRow } from '../../blueprint/stageTable';
import type { Ask, NoAnswer } from '../../estate/ask';
import type { Remedy, RemedyStep } from '../../estate/Remedy';
import type { Reason } from '../remedies';
import type { Cluster, Environment, Stage, Workload } from '../../inventory/Inventory';

/** A workload on one of its clusters, with what must exist for it at its stage. */
export interface WorkloadOnCluster {
  readonly environment: Environment;
  readonly workload: Workload;
  readonly cluster: Cluster;
  readonly parts: WorkloadParts;
  /** The row of its stage. */
  readonly row: StageRow;
  /** The stage to which a step leads; absent where no step is judged. */
  readonly next?: Stage;
}

/** A workload on each of its clusters. `next`: the stage to which a step leads. */
export function onClusters(environment: Environment, workload: Workload, next?: Stage): readonly WorkloadOnCluster[] {
  const parts = compileWorkload(environment, workload);
  const row = STAGE_TABLE[workload.stage];
  return environment.clusters
    .filter(({ key }) => workload.clusters.includes(key))
    .map((cluster) => ({ environment, workload, cluster, parts, row, ...(next !== undefined && { next }) }));
}

/** Whether the workload needs Pod Identity on its cluster: at its stage, or at the one to which a step leads. */
export function needsPodIdentity({ row, next }: Pick<WorkloadOnCluster, 'row' | 'next'>): boolean {
  return row.trustsPodIdentity || (next !== undefined && STAGE_TABLE[next].trustsPodIdentity);
}

/** `warning`: it works now, and it needs attention. `unknown`: it could not be checked, which never counts as `ok`. */
export type State = 'ok' | 'problem' | 'warning' | 'unknown';

/** What a check found. */
export interface CheckResult {
  readonly state: State;
  /** In lines; the first stands for itself. */
  readonly found: string;
  /** What to do. Present unless the state is `ok`, and also there where something is to be done before or after a step. */
  readonly remedy?: Remedy;
  /** When the remedy of a result that is `ok` is due. */
  readonly due?: 'before-step' | 'after-step';
  /** Names of the pods that the result is about. */
  readonly pods?: readonly string[];
  /** A command that shows what was found. Default: the command that reads the same as the check. */
  readonly inspect?: RemedyStep;
  /** An apply would cost running pods their role: no other remedy may be an apply. */
  readonly blocksApply?: true;
  /** Why a question had no answer. */
  readonly reason?: Reason;
}

/** What a check gives: results, and questions from which further results come. Each ask is judged by itself: one without an answer hides no other. */
export type Checked = readonly (CheckResult | CheckAsk)[];

/** Questions, and what a check gives after their answers. */
export type CheckAsk = Ask<Checked | NoAnswer>;

/** One check of a workload on a cluster. No result: there is nothing to judge, or another check says what is missing. */
export type CheckFunction = (subject: WorkloadOnCluster) => Checked;

/** The check passes. */
export function pass(found: string, more: Pick<CheckResult, 'inspect' | 'remedy' | 'due'> = {}): CheckResult {
  return { state: 'ok', found, ...more };
}

/** The check fails, or needs attention. */
export function fail(
  state: Exclude<State, 'ok'>,
  found: string,
  remedy: Remedy,
  more: Pick<CheckResult, 'inspect' | 'pods' | 'blocksApply'> = {},
): CheckResult {
  const { pods = [], ...rest } = more;
  return { state, found, remedy, ...rest, ...(pods.length > 0 && { pods }) };
}
