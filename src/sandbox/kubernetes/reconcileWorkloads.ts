import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { newLowerId } from '../world/newEntities';
import { controlledBy, type KubeObject } from './KubeObject';
import {
  activePods,
  controllerWriter,
  makePod,
  readyCount,
  replicasOf,
  REVISION,
  templateHash,
  untilStable,
  writeControllerStatus,
} from './controllerPods';
import { deleteObject, deletionOf, isFinished, isTerminating } from './deleteObject';
import { type Json, numberAt, objectAt, textAt, textsAt } from './json';
import { controlledObjects, createAs, findObject, removeObject, replaceAs } from './objects';
import { affinityToNode, isSelected, nodesToSchedule, toleratesTaints, wantedNode } from './scheduling';

const HASH = 'pod-template-hash';

/**
 * The replicas that the ReplicaSet of the current template can have now: with the strategy `Recreate` none until the last pod of an older
 * template is removed. Source: kubernetes/kubernetes pkg/controller/deployment/recreate.go (oldPodsRunning)
 */
function allowedReplicas(cluster: ClusterState, deployment: KubeObject, others: readonly KubeObject[]): number {
  const wanted = replicasOf(deployment);
  if (textAt(objectAt(objectAt(deployment, 'spec'), 'strategy'), 'type') !== 'Recreate') return wanted;
  const old = others.flatMap((set) => controlledObjects(cluster, 'pods', set)).filter((pod) => !isFinished(pod));
  return old.length === 0 ? wanted : 0;
}

/** Reconciles the ReplicaSets of a Deployment: all pods are of the current template. */
export function reconcileDeployment(state: SandboxState, cluster: ClusterState, deployment: KubeObject): void {
  const hash = templateHash(deployment);
  const { name, namespace } = deployment.metadata;
  const sets = controlledObjects(cluster, 'replicasets', deployment);
  const spec = objectAt(deployment, 'spec');
  const template = objectAt(spec, 'template');
  const current = sets.find((set) => set.metadata.labels?.[HASH] === hash);
  const others = sets.filter((set) => set !== current);
  // A new template waits until the Deployment is resumed; the pods of the last one stay. Source: kubernetes/kubernetes pkg/controller/deployment/sync.go (sync)
  if (current === undefined && objectAt(deployment, 'spec').paused === true) {
    const [newest] = others.toSorted((one, other) => replicasOf(other) - replicasOf(one));
    if (newest === undefined) return;
    const next = { ...newest, spec: { ...objectAt(newest, 'spec'), replicas: replicasOf(deployment) } };
    replaceAs(cluster, 'replicasets', next, controllerWriter(state));
    return;
  }
  const allowed = allowedReplicas(cluster, deployment, others);
  for (const set of sets) {
    const replicas = set === current ? allowed : 0;
    const next = { ...set, spec: { ...objectAt(set, 'spec'), replicas } };
    if (replicasOf(set) !== replicas) replaceAs(cluster, 'replicasets', next, controllerWriter(state));
  }
  if (current !== undefined) return;
  const labels = { ...textsAt(objectAt(template, 'metadata'), 'labels'), [HASH]: hash };
  const set = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      ownerReferences: controlledBy(deployment),
    },
    spec: {
      replicas: allowed,
      selector: { matchLabels: { ...textsAt(objectAt(spec, 'selector'), 'matchLabels'), [HASH]: hash } },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
  };
  createAs(cluster, 'replicasets', set, controllerWriter(state));
}

/** The counts of ready pods in a status; Go leaves out a count of 0. */
function readyReplicas(pods: readonly KubeObject[]): Json {
  const ready = readyCount(pods);
  return ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready };
}

/** Reconciles the pods of a ReplicaSet. A terminating pod does not count: its replacement is created at once. */
export function reconcileReplicaSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const wanted = replicasOf(set);
  const pods = activePods(cluster, set);
  for (const pod of pods.slice(wanted)) deleteObject(cluster, 'pods', pod, deletionOf(state));
  for (let index = pods.length; index < wanted; index += 1) {
    makePod(state, cluster, set, `${set.metadata.name}-${newLowerId(5)}`, {});
  }
  const active = activePods(cluster, set);
  const count = active.length;
  const counted = { ...readyReplicas(active), ...(count === 0 ? {} : { fullyLabeledReplicas: count }) };
  writeControllerStatus(state, cluster, 'replicasets', set, { replicas: count, ...counted });
}

/** Writes the status of a Deployment. */
export function writeDeploymentStatus(state: SandboxState, cluster: ClusterState, deployment: KubeObject): void {
  const sets = controlledObjects(cluster, 'replicasets', deployment);
  const active = sets.flatMap((set) => activePods(cluster, set));
  const hash = templateHash(deployment);
  const updated = active.filter(({ metadata }) => metadata.labels?.[HASH] === hash).length;
  const counted = {
    ...readyReplicas(active),
    ...(updated === 0 ? {} : { updatedReplicas: updated }),
    ...(active.length === 0 ? {} : { replicas: active.length }),
  };
  const available = readyCount(active) >= replicasOf(deployment) ? 'True' : 'False';
  const conditions = [
    { type: 'Available', status: available, reason: 'MinimumReplicasAvailable' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ];
  writeControllerStatus(state, cluster, 'deployments', deployment, { ...counted, conditions });
}

function ordinalOf({ metadata }: KubeObject): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? -1);
}

const REVISIONS = 'controllerrevisions';

/** The first number of a StatefulSet's pods that gets a new template. */
function partitionOf(set: KubeObject): number {
  return numberAt(objectAt(objectAt(objectAt(set, 'spec'), 'updateStrategy'), 'rollingUpdate'), 'partition') ?? 0;
}

function isOnDelete(set: KubeObject): boolean {
  return textAt(objectAt(objectAt(set, 'spec'), 'updateStrategy'), 'type') === 'OnDelete';
}

/** The revision of the pods below the partition: the last one that all pods had. */
function currentRevisionOf(set: KubeObject, revision: string): string {
  return textAt(objectAt(set, 'status'), 'currentRevision') ?? revision;
}

/** Keeps the template of a revision as long as pods can be made from it. */
function keepRevision(state: SandboxState, cluster: ClusterState, set: KubeObject, revision: string): void {
  const { namespace } = set.metadata;
  if (findObject(cluster, REVISIONS, namespace, revision) !== undefined) return;
  const metadata = {
    name: revision,
    ...(namespace !== undefined && { namespace }),
    ownerReferences: controlledBy(set),
  };
  const data = { spec: { template: objectAt(objectAt(set, 'spec'), 'template') } };
  createAs(
    cluster,
    REVISIONS,
    { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, data },
    controllerWriter(state),
  );
}

/**
 * A StatefulSet with the template of a pod's number: below the partition that of the current revision, also for a pod that is made again.
 * Source: kubernetes/kubernetes pkg/controller/statefulset/stateful_set_utils.go (newVersionedStatefulSetPod, isCurrentRevisionNeeded)
 */
function versioned(
  cluster: ClusterState,
  set: KubeObject,
  ordinal: number,
  revision: string,
): { readonly owner: KubeObject; readonly revision: string } {
  const current = currentRevisionOf(set, revision);
  const kept = findObject(cluster, REVISIONS, set.metadata.namespace, current);
  if (isOnDelete(set) || ordinal >= partitionOf(set) || kept === undefined) return { owner: set, revision };
  const template = objectAt(objectAt(objectAt(kept, 'data'), 'spec'), 'template');
  return { owner: { ...set, spec: { ...objectAt(set, 'spec'), template } }, revision: current };
}

/**
 * One step in the reconciliation of a StatefulSet: missing pods are created with their names; one surplus or outdated pod is deleted, the highest
 * number first. A terminating pod keeps its name, and the next step waits for it.
 * Source: kubernetes/kubernetes pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)
 */
function stepStatefulSet(state: SandboxState, cluster: ClusterState, set: KubeObject, revision: string): void {
  const spec = objectAt(set, 'spec');
  const isOrdered = textAt(spec, 'podManagementPolicy') !== 'Parallel';
  const wanted = replicasOf(set);
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const name = `${set.metadata.name}-${ordinal}`;
    const pod = findObject(cluster, 'pods', set.metadata.namespace, name);
    const made = versioned(cluster, set, ordinal, revision);
    const labels = { [REVISION]: made.revision, 'statefulset.kubernetes.io/pod-name': name };
    if (pod === undefined) makePod(state, cluster, made.owner, name, labels);
    else if (isTerminating(pod) && isOrdered) return;
  }
  const pods = controlledObjects(cluster, 'pods', set).sort((one, other) => ordinalOf(other) - ordinalOf(one));
  for (const pod of pods.filter((candidate) => ordinalOf(candidate) >= wanted)) {
    if (!isTerminating(pod)) deleteObject(cluster, 'pods', pod, deletionOf(state));
    if (isOrdered) return;
  }
  if (isOnDelete(set)) return;
  const partition = partitionOf(set);
  for (const pod of pods.filter((candidate) => ordinalOf(candidate) >= partition)) {
    if (isTerminating(pod)) return;
    if (pod.metadata.labels?.[REVISION] === revision) continue;
    deleteObject(cluster, 'pods', pod, deletionOf(state));
    return;
  }
}

/**
 * Reconciles the pods of a StatefulSet, as far as terminating pods allow it. The current revision becomes the new one when each pod has it and is ready; with `OnDelete` never.
 * Source: kubernetes/kubernetes pkg/controller/statefulset/stateful_set_utils.go (completeRollingUpdate)
 */
export function reconcileStatefulSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const revision = `${set.metadata.name}-${templateHash(set)}`;
  keepRevision(state, cluster, set, revision);
  untilStable(cluster, () => {
    stepStatefulSet(state, cluster, set, revision);
  });
  const pods = activePods(cluster, set);
  const replicas = controlledObjects(cluster, 'pods', set).length;
  const countOf = (one: string) => pods.filter(({ metadata }) => metadata.labels?.[REVISION] === one).length;
  const wanted = replicasOf(set);
  const isComplete = [countOf(revision), readyCount(pods), replicas].every((count) => count === wanted);
  const current = isComplete && !isOnDelete(set) ? revision : currentRevisionOf(set, revision);
  for (const kept of controlledObjects(cluster, REVISIONS, set))
    if (![current, revision].includes(kept.metadata.name)) removeObject(cluster, REVISIONS, kept);
  writeControllerStatus(state, cluster, 'statefulsets', set, {
    replicas,
    ...readyReplicas(pods),
    updatedReplicas: countOf(revision),
    currentReplicas: countOf(current),
    currentRevision: current,
    updateRevision: revision,
  });
}

/**
 * The nodes of a DaemonSet: Linux, but not Fargate and not Auto Mode, as add-ons have it by their affinity. A taint that came later takes the pod from the
 * node only if its effect is `NoExecute`. Source: kubernetes/kubernetes pkg/controller/daemon/daemon_controller.go (NodeShouldRunDaemonPod)
 *
 * @param effects the effects of taints that count
 */
function nodesOf(cluster: ClusterState, set: KubeObject, effects?: readonly string[]): readonly string[] {
  const spec = objectAt(objectAt(objectAt(set, 'spec'), 'template'), 'spec');
  return nodesToSchedule(cluster)
    .filter((node) => !['auto', 'fargate', 'windows'].includes(node.compute))
    .filter((node) => isSelected(spec, node) && toleratesTaints(spec, node, effects))
    .map(({ name }) => name);
}

function nodeOf(pod: KubeObject): string {
  return wantedNode(objectAt(pod, 'spec'));
}

/** The number of nodes that can be without the pod during a rollout. Default: 1. */
function maxUnavailable(strategy: Json, nodes: number): number {
  const value = objectAt(strategy, 'rollingUpdate').maxUnavailable;
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? 1 : Math.max(1, Math.ceil((nodes * Number(percent)) / 100));
}

/**
 * One step in the reconciliation of a DaemonSet: a node with a terminating pod waits until the pod is removed.
 * Source: kubernetes/kubernetes pkg/controller/daemon/update.go (rollingUpdate)
 */
function stepDaemonSet(state: SandboxState, cluster: ClusterState, set: KubeObject, revision: string): void {
  const nodes = nodesOf(cluster, set);
  const pods = controlledObjects(cluster, 'pods', set);
  const staying = nodesOf(cluster, set, ['NoExecute']);
  for (const pod of pods) {
    if (!staying.includes(nodeOf(pod)) && !isTerminating(pod)) deleteObject(cluster, 'pods', pod, deletionOf(state));
  }
  const covered = new Set(pods.map(nodeOf));
  const spec = objectAt(objectAt(objectAt(set, 'spec'), 'template'), 'spec');
  for (const name of nodes.filter((one) => !covered.has(one))) {
    makePod(
      state,
      cluster,
      set,
      `${set.metadata.name}-${newLowerId(5)}`,
      { [REVISION]: revision },
      { affinity: affinityToNode(spec, name) },
    );
  }
  const strategy = objectAt(objectAt(set, 'spec'), 'updateStrategy');
  if (textAt(strategy, 'type') === 'OnDelete') return;
  const active = activePods(cluster, set).filter((pod) => nodes.includes(nodeOf(pod)));
  const spare = maxUnavailable(strategy, nodes.length) - (nodes.length - active.length);
  const old = active.filter(({ metadata }) => metadata.labels?.[REVISION] !== revision);
  for (const pod of old.slice(0, Math.max(0, spare))) deleteObject(cluster, 'pods', pod, deletionOf(state));
}

/** Reconciles the pods of a DaemonSet, as far as terminating pods allow it. */
export function reconcileDaemonSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const revision = templateHash(set);
  untilStable(cluster, () => {
    stepDaemonSet(state, cluster, set, revision);
  });
  const pods = activePods(cluster, set);
  const updated = pods.filter(({ metadata }) => metadata.labels?.[REVISION] === revision).length;
  writeControllerStatus(state, cluster, 'daemonsets', set, {
    desiredNumberScheduled: nodesOf(cluster, set).length,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: updated,
    numberReady: readyCount(pods),
    numberAvailable: readyCount(pods),
    numberMisscheduled: 0,
  });
}
