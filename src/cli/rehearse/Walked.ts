import type { PlanCounts } from '../../runners/stackCommands';
import type { DeniedPod } from './askAlways';
import type { Move } from './planWalk';

/** A pod's denial, and whether it is one of the two that the migration names. */
export interface Denied extends DeniedPod {
  readonly named: boolean;
}

/** What came of one step, or of the apply that the walk begins with. */
export interface Walked {
  readonly environment: string;
  /** Absent: the inventory as it stands. */
  readonly move?: Move;
  readonly changes: PlanCounts;
  /** Calls to AWS by the operator's side: Terraform and the gate. */
  readonly calls: number;
  /** How often a pod asked for its roles. */
  readonly asked: number;
  readonly denied: readonly Denied[];
  /** Addresses of roles that the plan would have destroyed: there must be none. */
  readonly rolesLost: readonly string[];
}

/** Whether the step kept what it must: no role destroyed, and nobody denied but in the two cases that the migration names. */
export function held({ denied, rolesLost }: Walked): boolean {
  return rolesLost.length === 0 && denied.every(({ named }) => named);
}

/**
 * The two denials that no order of changes avoids. Source: docs/MIGRATION.md
 * - into `pod-identity`: a pod that was admitted before `dual` and never restarted holds web identity;
 * - back from `dual`: a pod that was admitted since holds Pod Identity until it is restarted.
 */
export function isNamed({ uses }: Pick<DeniedPod, 'uses'>, { from, to }: Move): boolean {
  if (uses === 'irsa') return to === 'pod-identity';
  return uses === 'pod-identity' && from === 'dual' && to === 'prepared';
}
