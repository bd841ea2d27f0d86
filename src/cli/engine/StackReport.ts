import type { PlanCounts, PlannedChange } from '../../runners/stackCommands';

/** What became of a stack in `plan` or `apply`. */
export interface StackReport {
  readonly stack: string;
  /** Names of the stacks that come before. */
  readonly dependencies: readonly string[];
  /**
   * `planned`: it has changes, and they were not applied. `skipped`: a stack that it depends on failed (`because`). `stopped`: podlift was interrupted before.
   */
  readonly result: 'planned' | 'unchanged' | 'applied' | 'failed' | 'skipped' | 'stopped';
  /** Of the plan. Absent: there is none. */
  readonly counts?: PlanCounts;
  /** Of the plan, by address. */
  readonly changes: readonly PlannedChange[];
  /** How long Terraform worked on it. */
  readonly seconds: number;
  /** What Terraform said, where it failed. */
  readonly error?: string;
  /** The stack that failed first, of a skipped stack. */
  readonly because?: string;
}

/** True where the stack is as the operator asked for. */
export function isGood({ result }: StackReport): boolean {
  return result === 'planned' || result === 'unchanged' || result === 'applied';
}
