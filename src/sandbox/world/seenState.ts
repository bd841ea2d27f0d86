import type { SandboxState } from '../api/SandboxState';
import { rememberEarlier, stillSeen } from './earlier';
import { roleByArn } from './findState';
import type { AssociationState, ClusterState, RoleState } from './World';

/** A role as STS and EKS see it now: IAM's own answers are ahead of it while a change is on its way. */
export function seenRole(state: SandboxState, arn: string): RoleState | undefined {
  return stillSeen(state.earlierRoles, arn, roleByArn(state.world, arn), state.clock());
}

/** To be called before a role is made (`role` undefined), changed or deleted: for `ms` STS and EKS go on seeing what there was. */
export function keepSeenRole(state: SandboxState, arn: string, role: RoleState | undefined, ms: number): void {
  rememberEarlier(state.earlierRoles, arn, role, state.clock(), ms);
}

function associationKey(cluster: ClusterState, namespace: string, serviceAccount: string): string {
  return `${cluster.arn} ${namespace}/${serviceAccount}`;
}

function associationOf(cluster: ClusterState, namespace: string, serviceAccount: string): AssociationState | undefined {
  return Object.values(cluster.associations).find(
    (candidate) => candidate.namespace === namespace && candidate.serviceAccount === serviceAccount,
  );
}

/** The association of a service account as the webhook and EKS Auth see it now; EKS's own answers are ahead of it. */
export function seenAssociation(
  state: SandboxState,
  cluster: ClusterState,
  namespace: string,
  serviceAccount: string,
): AssociationState | undefined {
  return stillSeen(
    state.earlierAssociations,
    associationKey(cluster, namespace, serviceAccount),
    associationOf(cluster, namespace, serviceAccount),
    state.clock(),
  );
}

/** To be called before the association of a service account is made, changed or deleted: for `ms` it is seen as it was. */
export function keepSeenAssociation(
  state: SandboxState,
  cluster: ClusterState,
  namespace: string,
  serviceAccount: string,
  ms: number,
): void {
  const before = associationOf(cluster, namespace, serviceAccount);
  rememberEarlier(
    state.earlierAssociations,
    associationKey(cluster, namespace, serviceAccount),
    before,
    state.clock(),
    ms,
  );
}
