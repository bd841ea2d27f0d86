import type { Call } from '../api/Action';
import type { EarlierStates, SandboxState } from '../api/SandboxState';
import { type AssociationState, type ClusterState, roleByArn, type RoleState } from './World';

// Other services see a change late (Timing.associationPropagationMs, the fault `late`): until then they see the earlier state.

/** A call that changes something. */
type ChangingCall = Pick<Call, 'state' | 'visibleAfterMs'>;

function keepEarlier<T>(all: EarlierStates<T>, key: string, value: T | undefined, call: ChangingCall): void {
  if (call.visibleAfterMs <= 0) return;
  const now = call.state.clock().getTime();
  const pending = (all.get(key) ?? []).filter(({ until }) => until > now);
  all.set(key, [...pending, { until: now + call.visibleAfterMs, value: structuredClone(value) }]);
}

/** The oldest state whose change is not visible yet, else `current`. */
function visibleState<T>(all: EarlierStates<T>, key: string, current: T | undefined, time: Date): T | undefined {
  const pending = all.get(key);
  if (pending === undefined) return current;
  const now = time.getTime();
  const oldest = pending.find(({ until }) => until > now);
  if (oldest !== undefined) return oldest.value;
  all.delete(key);
  return current;
}

/** A role as STS and EKS see it now. IAM's own answers show a change at once. */
export function visibleRole(state: SandboxState, arn: string): RoleState | undefined {
  return visibleState(state.earlierRoles, arn, roleByArn(state.world, arn), state.clock());
}

/** Call this before a role is created (`role` undefined), changed or deleted: STS and EKS see the change after `visibleAfterMs`. */
export function delayRoleChange(call: ChangingCall, arn: string, role: RoleState | undefined): void {
  keepEarlier(call.state.earlierRoles, arn, role, call);
}

function keyOf(cluster: ClusterState, namespace: string, serviceAccount: string): string {
  return `${cluster.arn} ${namespace}/${serviceAccount}`;
}

function associationOf(cluster: ClusterState, namespace: string, serviceAccount: string): AssociationState | undefined {
  return Object.values(cluster.associations).find(
    (candidate) => candidate.namespace === namespace && candidate.serviceAccount === serviceAccount,
  );
}

/** The association of a service account as the webhook and EKS Auth see it now. EKS's own answers show a change at once. */
export function visibleAssociation(
  state: SandboxState,
  cluster: ClusterState,
  namespace: string,
  serviceAccount: string,
): AssociationState | undefined {
  return visibleState(
    state.earlierAssociations,
    keyOf(cluster, namespace, serviceAccount),
    associationOf(cluster, namespace, serviceAccount),
    state.clock(),
  );
}

/** Call this before an association is created, changed or deleted: the webhook and EKS Auth see the change after `visibleAfterMs`. */
export function delayAssociationChange(
  call: ChangingCall,
  cluster: ClusterState,
  { namespace, serviceAccount }: Pick<AssociationState, 'namespace' | 'serviceAccount'>,
): void {
  const before = associationOf(cluster, namespace, serviceAccount);
  keepEarlier(call.state.earlierAssociations, keyOf(cluster, namespace, serviceAccount), before, call);
}
