import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import type { ClusterState } from '../world/World';
import { replicasOf } from './controllerPods';
import { badRequest, invalid, kubeAnswer, KubeError, notFound } from './KubeError';
import type { KubeObject } from './KubeObject';
import { isJson, type Json, numberAt, objectAt, textAt, textsAt } from './json';
import { findObject } from './objects';
import type { WriteRequest } from './readRequest';
import type { Target } from './requestTarget';
import type { Resource } from './resources';
import { updateObject } from './writeObject';

/** The group, version and kind of what the subresource `scale` answers. */
export const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

/** The kinds whose number of pods `kubectl scale` sets. Source: kubernetes/kubernetes pkg/registry/apps/rest/storage_apps.go */
const SCALED = ['deployments', 'replicasets', 'statefulsets'];

/** Whether a kind has the subresource `scale`. */
export function isScaled({ group, plural }: Pick<Resource, 'group' | 'plural'>): boolean {
  return group === 'apps' && SCALED.includes(plural);
}

/**
 * The scale of a Deployment, ReplicaSet or StatefulSet. A count of 0 is left out of `spec`, as Go's `omitempty` does.
 * Source: kubernetes/kubernetes pkg/registry/apps/deployment/storage/storage.go (scaleFromDeployment)
 */
function scaleOf(object: KubeObject): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = replicasOf(object);
  const labels = Object.entries(textsAt(objectAt(objectAt(object, 'spec'), 'selector'), 'matchLabels'));
  return {
    kind: SCALE.kind,
    apiVersion: `${SCALE.group}/${SCALE.version}`,
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: numberAt(objectAt(object, 'status'), 'replicas') ?? 0,
      selector: labels.map(([key, value]) => `${key}=${value}`).join(','),
    },
  };
}

/**
 * Answers a request for the subresource `scale`: a read, an update or a patch of the number of replicas, and of nothing else. Throws a `KubeError`.
 * Source: kubernetes/kubernetes pkg/registry/apps/deployment/storage/storage.go (ScaleREST)
 *
 * @param change what the client sends, as the scale after it
 */
export function answerScale(
  cluster: ClusterState,
  { resource, namespace, name }: Target & { readonly name: string },
  { method }: HttpRequest,
  change: (before: KubeObject) => { readonly sent: unknown; readonly write: WriteRequest },
): HttpAnswer {
  const object = findObject(cluster, resource.stored, namespace, name);
  if (object === undefined) throw notFound(resource.group, resource.plural, name);
  const before = scaleOf(object);
  if (method === 'GET') return kubeAnswer(200, before);
  if (method !== 'PUT' && method !== 'PATCH')
    throw new KubeError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  const { sent, write } = change(before as unknown as KubeObject);
  if (!isJson(sent) || sent.kind !== SCALE.kind) throw badRequest('a Scale of autoscaling/v1 is needed');
  const replicas = objectAt(sent, 'spec').replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest('spec.replicas of a Scale is a whole number');
  if (replicas < 0)
    throw invalid(
      SCALE.group,
      SCALE.kind,
      name,
      `spec.replicas: Invalid value: ${replicas}: must be greater than or equal to 0`,
    );
  // Without a version the change is unconditional.
  const resourceVersion = textAt(objectAt(sent, 'metadata'), 'resourceVersion') ?? '';
  const next = {
    ...object,
    metadata: { ...object.metadata, resourceVersion },
    spec: { ...objectAt(object, 'spec'), replicas },
  };
  const writer = { ...write.writer, subresource: 'scale' } as const;
  return kubeAnswer(200, scaleOf(updateObject(cluster, resource, object, next, writer, write.dryRun)));
}
