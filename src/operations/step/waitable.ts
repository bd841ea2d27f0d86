import type { GateCheckName } from '../checks/checkTable';
import type { Evidence } from '../gate/gate';

/** The checks that settle by themselves after an apply: AWS and the clusters show a change late, and an agent needs time to start. */
const SETTLES: ReadonlySet<GateCheckName> = new Set<GateCheckName>([
  'agent',
  'agent-on-nodes',
  'annotation',
  'association',
  'role',
  'trust',
]);

/** The checks that count pods which are ending still. */
const ENDS: ReadonlySet<GateCheckName> = new Set<GateCheckName>(['pod-credentials', 'restart-needed']);

/** Reasons without an answer that can be gone at the next try. */
const PASSES: ReadonlySet<Evidence['reason']> = new Set<Evidence['reason']>(['throttled', 'timeout', 'unreachable']);

/**
 * The evidence that waiting does not change: a person has to do something, or hours have to pass. Empty: it is worth to ask again. Evidence that is not judged because of another
 * check does not count.
 *
 * @param restarted the pods were restarted just now: the old ones are ending
 */
export function needsPeople(evidence: readonly Evidence[], restarted: boolean): readonly Evidence[] {
  return evidence.filter(({ check, holds, accepted, reason, dependsOn, identity }) => {
    if (holds === 'yes' || accepted === true) return false;
    if (identity === true || dependsOn !== undefined) return true;
    if (holds === 'unknown') return reason !== 'not-judged' && !PASSES.has(reason);
    return !SETTLES.has(check) && !(restarted && ENDS.has(check));
  });
}
