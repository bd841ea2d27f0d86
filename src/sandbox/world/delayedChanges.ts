import type { SandboxState } from '../api/SandboxState';
import { type AssociationState, type ClusterState, roleByArn, type RoleState } from './World';

/** What stood under a key before a change, for those who do not see the change yet. */
export interface Earlier<T> {
  /** Milliseconds since 1970: from then on nobody is shown `value` any more. */
  readonly until: number;
  /** Undefined: there was nothing. */
  readonly value: T | undefined;
}

/** Earlier states by key, the oldest first. */
export type EarlierByKey<T> = Map<string, readonly Earlier<T>[]>;

/** Remembers what stood under a key before a change that becomes visible `ms` from `time` on; nothing for a change that is seen at once. */
export function rememberEarlier<T>(
  all: EarlierByKey<T>,
  key: string,
  value: T | undefined,
  time: Date,
  ms: number,
): void {
  if (ms <= 0) return;
  const now = time.getTime();
  const pending = (all.get(key) ?? []).filter(({ until }) => until > now);
  all.set(key, [...pending, { until: now + ms, value: structuredClone(value) }]);
}

/** What is seen under a key at a time: the oldest state whose successor is not visible yet, else `current`. */
export function stillSeen<T>(all: EarlierByKey<T>, key: string, current: T | undefined, time: Date): T | undefined {
  const pending = all.get(key);
  if (pending === undefined) return current;
  const now = time.getTime();
  const earlier = pending.filter(({ until }) => until > now);
  const [oldest] = earlier;
  if (oldest !== undefined) return oldest.value;
  all.delete(key);
  return current;
}

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
