import type { SandboxState } from '../api/SandboxState';
import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import type { ClusterState } from '../world/World';
import { badRequest, KubeError } from './KubeError';
import { type KubeObject, kubeTime } from './KubeObject';
import { isJson, listAt, numberAt, objectAt, textAt } from './json';
import { DEFINITIONS } from './customResources';
import { findObject, objectsIn, objectsOf, ownedObjects, removeObject, replaceObject } from './objects';
import { readBody } from './readRequest';
import type { Target } from './requestTarget';
import type { Resource } from './resources';

/** The options of a deletion. */
export interface Deletion {
  readonly time: Date;
  /** How long a pod is terminating, in milliseconds of the sandbox's clock, but at most its grace period. */
  readonly terminationMs: number;
  /** The grace period of the request. Default: that of the pod's spec, else 30. With 0 a pod is removed at once. */
  readonly graceSeconds?: number;
}

/** Source: k8s.io/api core/v1 types.go, DefaultTerminationGracePeriodSeconds */
const DEFAULT_GRACE = 30;

/** The deletion by a controller of the cluster. */
export function deletionOf(state: SandboxState): Deletion {
  return { time: state.clock(), terminationMs: state.timing.podTerminationMs };
}

/** True when an object is being deleted and still exists. */
export function isTerminating({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** True when a pod has ended. */
export function isFinished(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(objectAt(pod, 'status'), 'phase') ?? '');
}

/** When a terminating object is removed. Undefined when it is not terminating. */
export function removalTime(cluster: ClusterState, { kind, metadata }: KubeObject): Date | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  const pods =
    kind === 'Namespace' ? objectsIn(cluster, metadata.name).map(([, object]) => object.metadata) : [metadata];
  const times = pods.flatMap(({ uid }) => cluster.podsGoneAt?.[uid] ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times.map((time) => Date.parse(time))));
}

/**
 * Starts the termination of a pod: it exists, with its credentials, until it is removed. A second deletion can only shorten this time. Returns
 * false for a pod that is removed at once: it has no node, has ended or has no time left.
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
  const removedAt = new Date(time.getTime() + takes).toISOString();
  const { uid, generation } = pod.metadata;
  const known = cluster.podsGoneAt?.[uid];
  if (known !== undefined && (graceSeconds === undefined || removedAt >= known)) return true;
  cluster.podsGoneAt = { ...cluster.podsGoneAt, [uid]: removedAt };
  const metadata = {
    ...pod.metadata,
    deletionTimestamp: kubeTime(new Date(time.getTime() + grace * 1000)),
    deletionGracePeriodSeconds: grace,
    ...(generation === undefined ? {} : { generation: generation + 1 }),
  };
  replaceObject(cluster, 'pods', { ...pod, metadata });
  return true;
}

/** Removes an object and its times. */
function removeWithTimes(cluster: ClusterState, plural: string, object: KubeObject): void {
  const { uid } = object.metadata;
  removeObject(cluster, plural, object);
  if (cluster.podsGoneAt?.[uid] !== undefined) Reflect.deleteProperty(cluster.podsGoneAt, uid);
  if (cluster.podsEndAt?.[uid] !== undefined) Reflect.deleteProperty(cluster.podsEndAt, uid);
  if (cluster.containerEnds?.[uid] !== undefined) Reflect.deleteProperty(cluster.containerEnds, uid);
}

/**
 * Deletes an object and the objects that it owns. A pod terminates first.
 * Source: https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
export function deleteObject(cluster: ClusterState, plural: string, object: KubeObject, deletion: Deletion): void {
  if (plural === 'pods' && terminatePod(cluster, object, deletion)) return;
  const owned = ownedObjects(cluster, object);
  removeWithTimes(cluster, plural, object);
  for (const [kind, other] of owned) deleteObject(cluster, kind, other, deletion);
}

/**
 * Deletes a namespace and all objects in it. The namespace is terminating until its last pod is removed.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
export function deleteNamespace(cluster: ClusterState, namespace: KubeObject, deletion: Deletion): void {
  const { name } = namespace.metadata;
  for (const [plural, object] of objectsIn(cluster, name)) {
    if (plural !== 'pods' || !terminatePod(cluster, object, deletion)) removeWithTimes(cluster, plural, object);
  }
  if (objectsIn(cluster, name).length === 0) {
    removeObject(cluster, 'namespaces', namespace);
    return;
  }
  if (isTerminating(namespace)) return;
  const metadata = { ...namespace.metadata, deletionTimestamp: kubeTime(deletion.time) };
  replaceObject(cluster, 'namespaces', { ...namespace, metadata, status: { phase: 'Terminating' } });
}

/** Removes the pods whose termination is complete at `time`, and the namespaces that waited for them. */
export function removeTerminated(cluster: ClusterState, pods: readonly KubeObject[], time: Date): void {
  for (const pod of pods) {
    const removedAt = cluster.podsGoneAt?.[pod.metadata.uid];
    if (removedAt === undefined || new Date(removedAt) > time) continue;
    removeWithTimes(cluster, 'pods', pod);
    const namespace = findObject(cluster, 'namespaces', undefined, pod.metadata.namespace ?? '');
    if (namespace !== undefined && isTerminating(namespace) && objectsIn(cluster, namespace.metadata.name).length === 0)
      removeObject(cluster, 'namespaces', namespace);
  }
}

/** The kinds whose deletion is answered with the object; for other kinds it is a Status. Source: ReturnDeletedObject of pkg/registry */
const RETURNED_KINDS = new Set(['pods', 'serviceaccounts']);

/** Refuses delete options that the sandbox does not implement. kubectl sends them only for `--cascade=orphan`. */
function checkOptions(options: unknown, query: URLSearchParams): void {
  const policy = textAt(options, 'propagationPolicy') ?? query.get('propagationPolicy');
  const refused = isJson(options)
    ? ['preconditions', 'orphanDependents'].find((name) => ![undefined, null, false].includes(options[name] as null))
    : undefined;
  const what = policy === 'Orphan' ? 'propagationPolicy Orphan' : refused;
  if (what !== undefined) throw badRequest(`the podlift sandbox does not implement the delete option ${what}`);
}

/**
 * Deletes an object for a request, and returns the body of the answer. Throws a `KubeError`.
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
  checkOptions(options, request.query);
  const inQuery = request.query.get('gracePeriodSeconds');
  const graceSeconds = numberAt(options, 'gracePeriodSeconds') ?? (inQuery === null ? undefined : Number(inQuery));
  const isDryRun = listAt(options, 'dryRun').length > 0 || request.query.get('dryRun') === 'All';
  const deletion: Deletion = {
    ...deletionOf(state),
    ...(graceSeconds === undefined ? {} : { graceSeconds }),
  };
  if (!isDryRun) {
    if (resource.plural === 'namespaces') deleteNamespace(cluster, object, deletion);
    else deleteObject(cluster, resource.stored, object, deletion);
    // The name of a definition is the stored name of its objects.
    if (resource.stored === DEFINITIONS)
      for (const custom of objectsOf(cluster, name)) deleteObject(cluster, name, custom, deletion);
  }
  const left = findObject(cluster, resource.stored, namespace, name);
  if (RETURNED_KINDS.has(resource.plural) || (resource.plural === 'namespaces' && left !== undefined))
    return left ?? object;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, group: resource.group, kind: resource.plural, uid },
  };
}

/**
 * Answers a watch of one terminating object, by its name, which `kubectl delete` waits for: the answer is delayed until the object is removed.
 * Any other watch is refused. Throws a `KubeError`: `Expired` for an object that does not exist any more; clients then list again.
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
  const object = watched === undefined ? undefined : findObject(cluster, resource.stored, namespace, watched);
  if (watched !== undefined && object === undefined) {
    throw new KubeError(410, 'Expired', 'too old resource version: the object is deleted');
  }
  const removedAt = object === undefined ? undefined : removalTime(cluster, object);
  if (removedAt === undefined) {
    throw new KubeError(405, 'MethodNotAllowed', 'the podlift sandbox serves no watches: list again instead');
  }
  const left = Math.max(0, removedAt.getTime() - state.clock().getTime());
  const timeout = Number(query.get('timeoutSeconds') ?? Infinity) * 1000;
  const body = left > timeout ? '' : `${JSON.stringify({ type: 'DELETED', object })}\n`;
  return { status: 200, headers: { 'content-type': 'application/json' }, body, holdMs: Math.min(left, timeout) };
}
