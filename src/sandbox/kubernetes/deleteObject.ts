import type { SandboxState } from '../api/SandboxState';
import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import type { ClusterState } from '../world/World';
import { KubeFailure } from './KubeError';
import { type KubeObject, kubeTime } from './KubeObject';
import { updated } from './fields/managedFields';
import { listAt, numberAt, objectAt, textAt } from './json';
import { findObject, objectsIn, ownedObjects, removeObject, replaceObject } from './objects';
import { readBody } from './readRequest';
import type { Target } from './requestTarget';
import type { Resource } from './resources';

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

/** Kinds whose deletion is answered with the object; of others it is a Status. Source: ReturnDeletedObject of pkg/registry */
const RETURNED = new Set(['pods', 'serviceaccounts']);

function checkPreconditions({ group, plural }: Resource, { metadata }: KubeObject, options: unknown): void {
  const { name, uid, resourceVersion } = metadata;
  const wanted = objectAt(options, 'preconditions');
  for (const [what, key, found] of [
    ['UID', 'uid', uid],
    ['ResourceVersion', 'resourceVersion', resourceVersion],
  ] as const) {
    const value = textAt(wanted, key);
    if (value === undefined || value === found) continue;
    const message = `Operation cannot be fulfilled on ${plural} "${name}": Precondition failed: ${what} in precondition: ${value}, ${what} in object meta: ${found}`;
    throw new KubeFailure(409, 'Conflict', message, { name, group, kind: plural });
  }
}

/**
 * Deletes an object as a request asks, and gives the body of the answer. Throws a `KubeFailure`.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/
 */
export function deleteByRequest(
  state: SandboxState,
  cluster: ClusterState,
  resource: Resource,
  object: KubeObject,
  request: HttpRequest,
): unknown {
  const options = request.body.length === 0 ? {} : readBody(request);
  const { name, namespace, uid } = object.metadata;
  checkPreconditions(resource, object, options);
  const policy = textAt(options, 'propagationPolicy') ?? request.query.get('propagationPolicy');
  const inQuery = request.query.get('gracePeriodSeconds');
  const graceSeconds = numberAt(options, 'gracePeriodSeconds') ?? (inQuery === null ? undefined : Number(inQuery));
  const isDryRun = listAt(options, 'dryRun').length > 0 || request.query.get('dryRun') === 'All';
  const deletion: Deletion = {
    ...deletionOf(state),
    orphan: policy === 'Orphan',
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
  };
  if (!isDryRun) {
    if (resource.plural === 'namespaces') deleteNamespace(cluster, object, deletion);
    else deleteObject(cluster, resource.plural, object, deletion);
  }
  const left = findObject(cluster, resource.plural, namespace, name);
  if (RETURNED.has(resource.plural) || (resource.plural === 'namespaces' && left !== undefined)) return left ?? object;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, group: resource.group, kind: resource.plural, uid },
  };
}

/**
 * Answers a watch of one object, by its name, that is terminating: the answer is held back until it is gone, and tells that. It is
 * what `kubectl delete` waits for. Any other watch is refused. Throws a `KubeFailure`: `Expired` for an object that is gone already,
 * upon which clients list again.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes; k8s.io/kubectl
 * pkg/cmd/wait/delete.go
 */
export function answerWatch(
  state: SandboxState,
  cluster: ClusterState,
  { resource, namespace, name }: Target,
  { query }: HttpRequest,
): HttpAnswer {
  const [, selected] = /^metadata\.name=([^,=!]+)$/.exec(query.get('fieldSelector') ?? '') ?? [];
  const watched = name ?? selected;
  const object = watched === undefined ? undefined : findObject(cluster, resource.plural, namespace, watched);
  if (watched !== undefined && object === undefined) {
    throw new KubeFailure(410, 'Expired', 'too old resource version: the object is gone');
  }
  const gone = object === undefined ? undefined : goneAt(cluster, object);
  if (gone === undefined) {
    throw new KubeFailure(405, 'MethodNotAllowed', 'the podlift sandbox serves no watches: list again instead');
  }
  const left = Math.max(0, gone.getTime() - state.clock().getTime());
  const timeout = Number(query.get('timeoutSeconds') ?? Infinity) * 1000;
  const body = left > timeout ? '' : `${JSON.stringify({ type: 'DELETED', object })}\n`;
  return { status: 200, headers: { 'content-type': 'application/json' }, body, holdMs: Math.min(left, timeout) };
}
