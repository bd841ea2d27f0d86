import type { Workload } from '../inventory/Inventory';
import type { Failure } from './Proof';

/**
 * Whether the inventory says why this may be: somebody else gets the role, a statement of adopted trust lets them in, and it stands there
 * with its reason. What breaks a pod's own path is never accepted.
 */
export function isAccepted({ role }: Pick<Workload, 'role'>, { rule, decidedBy }: Failure): boolean {
  const { oidc = [], podIdentity = [], because } = role.adoptedTrust ?? {};
  if (because === undefined || rule !== 'proof-attack' || decidedBy === undefined) return false;
  return [...oidc, ...podIdentity].some((statement) => statement === decidedBy.statement);
}
