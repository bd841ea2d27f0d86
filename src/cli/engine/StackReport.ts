import type { Loss } from '../../operations/engine/losses';
import type { OtherChange } from '../../operations/engine/waveScope';
import type { PlanCounts, PlannedChange } from '../../runners/stackCommands';
import type { Root } from '../../../stacks/roots';
import type { RenderedRoots } from '../renderRoots';

/** What became of a stack in `plan` or `apply`. */
export interface StackReport {
  readonly stack: string;
  /** Names of the stacks that come before. */
  readonly dependencies: readonly string[];
  /**
   * `planned`: it has changes, and they were not applied. `skipped`: a stack that it depends on failed (`because`). `stopped`: podlift was interrupted before. `earlier`: the
   * run that is resumed has applied it.
   */
  readonly result: 'planned' | 'unchanged' | 'applied' | 'failed' | 'skipped' | 'stopped' | 'earlier';
  /** Of the plan. Absent: there is none. */
  readonly counts?: PlanCounts;
  /** Of the plan, by address. */
  readonly changes: readonly PlannedChange[];
  /** Terraform's own text of the plan, where it is asked for. */
  readonly diff?: string;
  /** How long Terraform worked on it. */
  readonly seconds: number;
  /** What Terraform said, where it failed. */
  readonly error?: string;
  /** The stack that failed first, of a skipped stack. */
  readonly because?: string;
}

/** True where the stack is as the operator asked for. */
export function isGood({ result }: Pick<StackReport, 'result'>): boolean {
  return result === 'planned' || result === 'unchanged' || result === 'applied' || result === 'earlier';
}

/** The stacks that were planned: their plans are in the folders of the roots until the next run. */
export interface PlannedStacks {
  readonly rendered: RenderedRoots;
  /** The folder of the roots. */
  readonly folder: string;
  /** The stacks that were asked for, in the order in which they are written. */
  readonly roots: readonly Root[];
  readonly reports: readonly StackReport[];
  /** Roles and associations that are destroyed or replaced: they need `--allow-destroy`. */
  readonly losses: readonly Loss[];
  /** Changes that are none of the wave's: they need `--with-others`. Empty without a wave. */
  readonly others: readonly OtherChange[];
}
