import type { Call } from '../api/Action';
import { type EarlierStates, elapsedTime, type SandboxState, type Viewer } from '../api/SandboxState';
import { type AssociationState, type ClusterState, roleByArn, type RoleState } from './World';

// Other services see a change late (Timing.propagationMs, the fault `late`): until then each of them sees the earlier state.
//
// EKS: "EKS Pod Identity associations are eventually consistent, and may take several seconds to be effective after the initial API call returns
// successfully" (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html). The webhook of each API server has
// a list of its own of the service accounts that have an association (aws/amazon-eks-pod-identity-webhook,
// pkg/containercredentials/config.go); EKS Auth has the associations. Which of them sees a change first is not documented.

/**
 * The API servers of a cluster, each with a webhook of its own: "at least two API server instances".
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-architecture.html
 */
const API_SERVERS = 2;
const WEBHOOKS = Array.from({ length: API_SERVERS }, (_, index) => `webhook ${index}` as const);

/** The webhook that sees the next pod of a cluster: the API servers take turns. */
export function nextWebhook({ podAddresses = 0 }: Pick<ClusterState, 'podAddresses'>): Viewer {
  return WEBHOOKS[podAddresses % API_SERVERS] ?? WEBHOOKS[0] ?? 'webhook 0';
}

/** A call that changes something. */
type ChangingCall = Pick<Call, 'state' | 'visibleAfterMs'>;

/** Keeps the state before a change for each viewer that sees the change late. Each viewer has a delay of its own. */
function keepEarlier<T>(
  all: EarlierStates<T>,
  key: string,
  value: T | undefined,
  viewers: readonly Viewer[],
  now: number,
  { state, visibleAfterMs }: ChangingCall,
): void {
  const number = (state.changes.get(key) ?? 0) + 1;
  state.changes.set(key, number);
  for (const viewer of viewers) {
    const seeded = viewer === 'sts' ? 0 : state.timing.propagationMs(viewer, `${key} ${number}`, value === undefined);
    const delay = Math.max(visibleAfterMs, seeded);
    if (delay <= 0) continue;
    const pending = (all.get(`${viewer} ${key}`) ?? []).filter(({ until }) => until > now);
    all.set(`${viewer} ${key}`, [...pending, { until: now + delay, value: structuredClone(value) }]);
  }
}

/** The oldest state whose change the viewer does not see yet, else `current`: a viewer sees changes in their order. */
function visibleState<T>(
  all: EarlierStates<T>,
  viewer: Viewer,
  key: string,
  current: T | undefined,
  now: number,
): T | undefined {
  const pending = all.get(`${viewer} ${key}`);
  if (pending === undefined) return current;
  const oldest = pending.find(({ until }) => until > now);
  if (oldest !== undefined) return oldest.value;
  all.delete(`${viewer} ${key}`);
  return current;
}

/** A role as STS or EKS sees it now. IAM's own answers show a change at once. */
export function visibleRole(state: SandboxState, arn: string, viewer: 'sts' | 'eks'): RoleState | undefined {
  return visibleState(state.earlierRoles, viewer, arn, roleByArn(state.world, arn), state.clock().getTime());
}

/**
 * Call this before a role is created (`role` undefined), changed or deleted: STS and EKS see the change late. EKS then answers “Role provided in the
 * request does not exist”, for which Terraform's provider tries again for two minutes.
 * Source: hashicorp/terraform-provider-aws internal/service/eks/pod_identity_association.go and consts.go (propagationTimeout)
 */
export function delayRoleChange(call: ChangingCall, arn: string, role: RoleState | undefined): void {
  keepEarlier(call.state.earlierRoles, arn, role, ['sts', 'eks'], call.state.clock().getTime(), call);
}

function keyOf(cluster: ClusterState, namespace: string, serviceAccount: string): string {
  return `${cluster.arn} ${namespace}/${serviceAccount}`;
}

function associationOf(cluster: ClusterState, namespace: string, serviceAccount: string): AssociationState | undefined {
  return Object.values(cluster.associations).find(
    (candidate) => candidate.namespace === namespace && candidate.serviceAccount === serviceAccount,
  );
}

/** The association of a service account as one viewer sees it now. EKS's own answers show a change at once. */
function visibleAssociation(
  state: SandboxState,
  cluster: ClusterState,
  { namespace, serviceAccount }: Pick<AssociationState, 'namespace' | 'serviceAccount'>,
  viewer: Viewer,
): AssociationState | undefined {
  const current = associationOf(cluster, namespace, serviceAccount);
  const key = keyOf(cluster, namespace, serviceAccount);
  return visibleState(state.earlierAssociations, viewer, key, current, elapsedTime(state));
}

/** The association of a service account as EKS Auth sees it now. */
export function associationForEksAuth(
  state: SandboxState,
  cluster: ClusterState,
  serviceAccount: Pick<AssociationState, 'namespace' | 'serviceAccount'>,
): AssociationState | undefined {
  return visibleAssociation(state, cluster, serviceAccount, 'eks-auth');
}

/** Whether a webhook sees now that a service account has an association. It knows nothing else of the association. */
export function webhookSeesAssociation(
  state: SandboxState,
  cluster: ClusterState,
  serviceAccount: Pick<AssociationState, 'namespace' | 'serviceAccount'>,
  webhook: Viewer,
): boolean {
  return visibleAssociation(state, cluster, serviceAccount, webhook) !== undefined;
}

/**
 * Call this before an association is created, updated or deleted: EKS Auth sees the change late, and so do the webhooks, except for an update,
 * which changes nothing that a webhook knows.
 */
export function delayAssociationChange(
  call: ChangingCall,
  cluster: ClusterState,
  { namespace, serviceAccount }: Pick<AssociationState, 'namespace' | 'serviceAccount'>,
  change: 'create' | 'update' | 'delete',
): void {
  const before = associationOf(cluster, namespace, serviceAccount);
  const viewers: readonly Viewer[] = change === 'update' ? ['eks-auth'] : ['eks-auth', ...WEBHOOKS];
  const key = keyOf(cluster, namespace, serviceAccount);
  keepEarlier(call.state.earlierAssociations, key, before, viewers, elapsedTime(call.state), call);
}
