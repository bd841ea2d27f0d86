import { randomUUID } from 'node:crypto';
import type { SandboxState } from '../api/SandboxState';
import { nextWebhook, webhookSeesAssociation } from '../world/delayedChanges';
import type { ClusterState } from '../world/World';
import { isFinished, isTerminating } from './deleteObject';
import { trackUpdate } from './fields/managedFields';
import { type Json, listAt, objectAt, textAt, textsAt } from './json';
import { KubeError } from './KubeError';
import { type KubeObject, kubeTime } from './KubeObject';
import { addObject, findObject, type NewObject, objectsOf, type RecordOwners, replaceAs } from './objects';
import { hasFreePorts, isSelected, type NodeToSchedule, nodesToSchedule, toleratesTaints } from './scheduling';
import { mutatePod } from './webhook';

/** Nodes that only get pods that select them: Windows and hybrid by node selector, Fargate by profile. */
const ONLY_SELECTED = new Set(['fargate', 'windows', 'hybrid']);

function accepts(node: NodeToSchedule, spec: Json): boolean {
  return !(isPlain(spec) && ONLY_SELECTED.has(node.compute)) && isSelected(spec, node);
}

/** A pod spec that selects no nodes. */
function isPlain(spec: Json): boolean {
  return Object.keys(textsAt(spec, 'nodeSelector')).length === 0 && spec.affinity === undefined;
}

/**
 * The node for a pod: the one in its spec, else the node with the fewest pods among those that the pod selects, whose taints it tolerates and whose
 * ports are free for it. Undefined when no node fits. A pod without a selector gets any node when the cluster has only nodes that must be selected.
 */
function scheduledNode(cluster: ClusterState, spec: Json): string | undefined {
  const named = textAt(spec, 'nodeName');
  if (named !== undefined && named !== '') return named;
  const placed = objectsOf(cluster, 'pods')
    .filter((pod) => !isFinished(pod))
    .map((pod) => objectAt(pod, 'spec'));
  const nodes = nodesToSchedule(cluster).filter(
    (node) => toleratesTaints(spec, node) && hasFreePorts(spec, node, placed),
  );
  const fitting = nodes.filter((node) => accepts(node, spec));
  const candidates = fitting.length === 0 && isPlain(spec) ? nodes : fitting;
  if (candidates.length < 2) return candidates[0]?.name;
  const load = new Map<string, number>();
  for (const pod of objectsOf(cluster, 'pods')) {
    const node = textAt(objectAt(pod, 'spec'), 'nodeName') ?? '';
    load.set(node, (load.get(node) ?? 0) + 1);
  }
  return [...candidates].sort((one, other) => (load.get(one.name) ?? 0) - (load.get(other.name) ?? 0))[0]?.name;
}

/**
 * The status of a running pod. A pod of the sandbox runs at once. It is ready, unless it has a readiness gate: nobody sets the condition of one
 * here.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate
 */
function runningStatus(pod: NewObject, cluster: ClusterState, time: Date): Json {
  const at = kubeTime(time);
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  const gates = listAt(objectAt(pod, 'spec'), 'readinessGates');
  const address = ((cluster.podAddresses ?? 0) % 32_000) + 1;
  cluster.podAddresses = address;
  return {
    phase: 'Running',
    startTime: at,
    podIP: `10.0.${128 + Math.floor(address / 256)}.${address % 256}`,
    qosClass: 'BestEffort',
    conditions: conditions.map((type) =>
      type === 'Ready' && gates.length > 0
        ? { type, status: 'False', reason: 'ReadinessGatesNotReady', lastTransitionTime: at }
        : { type, status: 'True', lastTransitionTime: at },
    ),
    containerStatuses: listAt(objectAt(pod, 'spec'), 'containers').map((container) => ({
      name: textAt(container, 'name'),
      image: textAt(container, 'image'),
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: at } },
    })),
  };
}

function pendingStatus(time: Date): Json {
  const message =
    '0 nodes are available: none has the labels that the pod selects, only taints that it tolerates, and free ports.';
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  return {
    phase: 'Pending',
    conditions: [{ ...condition, lastTransitionTime: kubeTime(time) }],
    qosClass: 'BestEffort',
  };
}

/**
 * Creates a pod as API server, webhook, scheduler and kubelet do, all at once. `own` records the owners of the sent fields and of the defaults;
 * the fields that admission sets have no owner. Throws a `KubeError` when the service account does not exist.
 * Source: kubernetes/kubernetes staging/src/k8s.io/apiserver pkg/endpoints/handlers/create.go (managed fields, then admission)
 */
export function admitPodObject(
  state: SandboxState,
  cluster: ClusterState,
  sent: NewObject,
  own: RecordOwners,
): KubeObject {
  const time = state.clock();
  const { name, namespace = 'default' } = sent.metadata;
  const sentSpec = objectAt(sent, 'spec');
  const serviceAccountName = textAt(sentSpec, 'serviceAccountName') ?? textAt(sentSpec, 'serviceAccount') ?? 'default';
  const account = findObject(cluster, 'serviceaccounts', namespace, serviceAccountName);
  if (account === undefined) {
    const missing = `serviceaccount "${serviceAccountName}" not found`;
    const message = `pods "${name}" is forbidden: error looking up service account ${namespace}/${serviceAccountName}: ${missing}`;
    throw new KubeError(403, 'Forbidden', message, { name, kind: 'pods' });
  }
  const defaulted = own({
    ...sent,
    metadata: { ...sent.metadata, namespace },
    spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', ...sentSpec },
  });
  const spec = { ...objectAt(defaulted, 'spec'), serviceAccountName, serviceAccount: serviceAccountName };
  const pod: NewObject = { ...defaulted, metadata: { ...defaulted.metadata, uid: randomUUID() }, spec };
  const annotations = textsAt(account.metadata, 'annotations');
  const names = { namespace, serviceAccount: serviceAccountName };
  const hasAssociation = webhookSeesAssociation(state, cluster, names, nextWebhook(cluster));
  const admitted = mutatePod(pod, cluster, annotations, hasAssociation);
  const nodeName = scheduledNode(cluster, spec);
  const placed: NewObject =
    nodeName === undefined ? admitted : { ...admitted, spec: { ...objectAt(admitted, 'spec'), nodeName } };
  const status = nodeName === undefined ? pendingStatus(time) : runningStatus(admitted, cluster, time);
  const manager = nodeName === undefined ? 'kube-scheduler' : 'kubelet';
  const live = placed as unknown as KubeObject;
  return addObject(
    cluster,
    'pods',
    trackUpdate(live, { ...placed, status }, { manager, time, subresource: 'status' }),
    time,
  );
}

/** Places the pods that no node fitted so far, as the scheduler does when something changes in the cluster. */
export function schedulePending(cluster: ClusterState, time: Date): void {
  for (const pod of objectsOf(cluster, 'pods')) {
    const spec = objectAt(pod, 'spec');
    if ((textAt(spec, 'nodeName') ?? '') !== '' || isFinished(pod) || isTerminating(pod)) continue;
    const nodeName = scheduledNode(cluster, spec);
    if (nodeName === undefined) continue;
    const status = runningStatus(pod, cluster, time);
    replaceAs(
      cluster,
      'pods',
      { ...pod, spec: { ...spec, nodeName }, status },
      { manager: 'kubelet', time, subresource: 'status' },
    );
  }
}
