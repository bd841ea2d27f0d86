import type { Estate } from '../../estate/Estate';
import type { Inventory } from '../../inventory/Inventory';
import type { GateCheckName } from '../checks/checkTable';
import { INVENTORY } from '../checks/judge';
import { type Evidence, gate } from './gate';
import type { StepRequest } from './Step';

/** Checks that compare with the present time: the time is that of AWS, which was not asked. */
const TIMED: ReadonlySet<GateCheckName> = new Set<GateCheckName>(['soak', 'web-identity-unused', 'role-used']);

/**
 * The evidence of a gate that the inventory alone gives: an SDK that is not declared, a wave that comes too early, a trust policy that is too long. AWS and the clusters
 * are not asked. Throws when the inventory has no such wave or environment.
 */
export function staticEvidence(inventory: Inventory, request: StepRequest): readonly Evidence[] {
  const nothing: Estate = { format: 'podlift.estate/1', at: new Date().toISOString(), accounts: {}, clusters: {} };
  return gate(inventory, request, nothing).evidence.filter(({ of, check }) => of === INVENTORY && !TIMED.has(check));
}
