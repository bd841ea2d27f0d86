import type { KeptStatement } from '../inventory/Inventory';
import type { Failure } from './Proof';
import type { Subject } from './Subject';

/**
 * Whether people have said that this may be: somebody else gets the role, and what lets them in is a statement of adopted trust that
 * stands there with its reason, or a kept statement that names the whole account. What breaks a pod's own path is never accepted.
 */
export function isAccepted(
  { workload, environment }: Pick<Subject, 'workload' | 'environment'>,
  { rule, decidedBy }: Failure,
): boolean {
  if (rule !== 'proof-attack' || decidedBy === undefined) return false;
  const { keepTrust = [], adoptedTrust = {} } = workload.role;
  const { oidc = [], podIdentity = [], because } = adoptedTrust;
  const accepted = [
    ...(because === undefined ? [] : [...oidc, ...podIdentity]),
    ...keepTrust.filter((statement) => namesAccount(statement, environment.account.id)),
  ];
  return accepted.some((statement) => statement === decidedBy.statement);
}

/** By its id or as its root, which are the same to IAM; and beside principals that are named it names nobody, and nobody by a wildcard. */
function namesAccount({ Principal }: KeptStatement, accountId: string): boolean {
  if (typeof Principal !== 'object' || Object.keys(Principal).join() !== 'AWS') return false;
  const named = [Principal.AWS ?? []].flat();
  return !named.includes('*') && named.some((one) => one === accountId || one.endsWith(`:iam::${accountId}:root`));
}
