import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { updated } from './fields/managedFields';
import type { KubeObject } from './KubeObject';
import { numberAt, objectAt, textAt } from './json';
import { kubeTime } from './kubeTime';
import { findObject, objectsIn, ownedObjects, removeObject, replaceObject } from './objects';

/** How an object is deleted. */
export interface Deletion {
  readonly time: Date;
  /** How long a pod takes to end, in milliseconds of the sandbox's clock; never longer than its grace period. */
  readonly terminationMs: number;
  /** Of the request. Default: what the pod's spec says, else 30. With 0 a pod is gone at once. */
  readonly graceSeconds?: number;
  /** What the object owns stays, and has no owner from then on. Default: it is deleted too. */
  readonly orphan?: boolean;
}

/** Source: k8s.io/api core/v1 types.go, DefaultTerminationGracePeriodSeconds */
const DEFAULT_GRACE = 30;

/** A deletion as the cluster's own controllers ask for it. */
export function deletionOf(state: SandboxState): Deletion {
  return { time: state.clock(), terminationMs: state.timing.podTerminationMs };
}

/** Whether an object is being deleted, and still there. */
export function isTerminating({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Whether a pod has run to its end. */
export function isFinished(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(objectAt(pod, 'status'), 'phase') ?? '');
}

/** When a terminating object is gone; undefined for one that is not terminating. */
export function goneAt(cluster: ClusterState, { kind, metadata }: KubeObject): Date | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  const pods =
    kind === 'Namespace' ? objectsIn(cluster, metadata.name).map(([, object]) => object.metadata) : [metadata];
  const times = pods.flatMap(({ uid }) => cluster.podsGoneAt?.[uid] ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times.map((time) => Date.parse(time))));
}

/**
 * Lets a pod terminate, when it takes its time: it is still there, with its credentials, until it is gone. A second deletion can only
 * shorten that. Gives false for a pod that goes at once: it has no node, it has run to its end, or no time is left to it.
 * Source: kubernetes/kubernetes pkg/registry/core/pod/strategy.go (CheckGracefulDelete), staging/src/k8s.io/apiserver
 * pkg/registry/rest/delete.go (BeforeDelete)
 */
function terminatePod(
  cluster: ClusterState,
  pod: KubeObject,
  { time, terminationMs, graceSeconds }: Deletion,
): boolean {
  const spec = objectAt(pod, 'spec');
  const grace = graceSeconds ?? numberAt(spec, 'terminationGracePeriodSeconds') ?? DEFAULT_GRACE;
  const takes = Math.min(terminationMs, grace * 1000);
  if (takes <= 0 || (textAt(spec, 'nodeName') ?? '') === '' || isFinished(pod)) {
    return isTerminating(pod) && graceSeconds !== 0;
  }
  const gone = new Date(time.getTime() + takes).toISOString();
  const { uid, generation } = pod.metadata;
  const known = cluster.podsGoneAt?.[uid];
  if (known !== undefined && (graceSeconds === undefined || gone >= known)) return true;
  cluster.podsGoneAt = { ...cluster.podsGoneAt, [uid]: gone };
  const metadata = {
    ...pod.metadata,
    deletionTimestamp: kubeTime(new Date(time.getTime() + grace * 1000)),
    deletionGracePeriodSeconds: grace,
    ...(generation === undefined ? {} : { generation: generation + 1 }),
  };
  replaceObject(cluster, 'pods', { ...pod, metadata });
  return true;
}

/** Removes an object that nothing holds any more. */
function drop(cluster: ClusterState, plural: string, object: KubeObject): void {
  const { uid } = object.metadata;
  removeObject(cluster, plural, object);
  if (cluster.podsGoneAt?.[uid] !== undefined) Reflect.deleteProperty(cluster.podsGoneAt, uid);
  if (cluster.podsEndAt?.[uid] !== undefined) Reflect.deleteProperty(cluster.podsEndAt, uid);
}

/**
 * Deletes an object, and what it owns. A pod terminates first.
 * Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export function deleteObject(cluster: ClusterState, plural: string, object: KubeObject, deletion: Deletion): void {
  if (plural === 'pods' && terminatePod(cluster, object, deletion)) return;
  const { uid } = object.metadata;
  const owned = ownedObjects(cluster, object);
  drop(cluster, plural, object);
  for (const [kind, other] of owned) {
    if (deletion.orphan === true) {
      const ownerReferences = (other.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      const next = { ...other, metadata: { ...other.metadata, ownerReferences } };
      replaceObject(cluster, kind, updated(other, next, { manager: 'kube-controller-manager', time: deletion.time }));
    } else deleteObject(cluster, kind, other, { ...deletion, orphan: false });
  }
}

/**
 * Deletes a namespace with all that stands in it. It stays, terminating, until its last pod is gone.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
export function deleteNamespace(cluster: ClusterState, namespace: KubeObject, deletion: Deletion): void {
  const { name } = namespace.metadata;
  for (const [plural, object] of objectsIn(cluster, name)) {
    if (plural !== 'pods' || !terminatePod(cluster, object, deletion)) drop(cluster, plural, object);
  }
  if (objectsIn(cluster, name).length === 0) {
    removeObject(cluster, 'namespaces', namespace);
    return;
  }
  if (isTerminating(namespace)) return;
  const metadata = { ...namespace.metadata, deletionTimestamp: kubeTime(deletion.time) };
  replaceObject(cluster, 'namespaces', { ...namespace, metadata, status: { phase: 'Terminating' } });
}

/** Removes the pods whose time to terminate is over at `time`, and the namespaces that waited for them. */
export function removeTerminated(cluster: ClusterState, pods: readonly KubeObject[], time: Date): void {
  for (const pod of pods) {
    const gone = cluster.podsGoneAt?.[pod.metadata.uid];
    if (gone === undefined || new Date(gone) > time) continue;
    drop(cluster, 'pods', pod);
    const namespace = findObject(cluster, 'namespaces', undefined, pod.metadata.namespace ?? '');
    if (namespace !== undefined && isTerminating(namespace) && objectsIn(cluster, namespace.metadata.name).length === 0)
      removeObject(cluster, 'namespaces', namespace);
  }
}
