import type { ClusterState } from '../world/World';
import type { KubeObject } from './KubeObject';
import { textsAt } from './json';
import { addObject, findObject, type NewObject } from './objects';
import { createAs } from './ownedObjects';
import { updated } from './fields/managedFields';

/**
 * Makes a namespace, active, with the label of its name and the service account `default`. `own` writes down who owns its fields:
 * the label is one of them, what the server sets beside it belongs to nobody.
 */
export function addNamespace(
  cluster: ClusterState,
  sent: NewObject,
  own: (object: NewObject) => NewObject,
  time: Date,
): KubeObject {
  const { name } = sent.metadata;
  const labels = { ...textsAt(sent.metadata, 'labels'), 'kubernetes.io/metadata.name': name };
  const owned = own({ ...sent, metadata: { ...sent.metadata, labels } });
  const made = { ...owned, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
  const namespace = addObject(cluster, 'namespaces', made, time);
  serviceAccountOf(cluster, name, 'default', time);
  return namespace;
}

/** The namespace of that name, made when it is not there. A namespace has the service account `default` from the start. */
export function namespaceOf(cluster: ClusterState, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'namespaces', undefined, name);
  const sent = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const writer = { manager: 'kube-apiserver', time };
  return found ?? addNamespace(cluster, sent, (object) => updated(undefined, object, writer), time);
}

/** The service account of that name; made without annotations, and its namespace with it, when nobody declared it. */
export function serviceAccountOf(cluster: ClusterState, namespace: string, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'serviceaccounts', namespace, name);
  if (found !== undefined) return found;
  namespaceOf(cluster, namespace, time);
  const existing = findObject(cluster, 'serviceaccounts', namespace, name);
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  return existing ?? createAs(cluster, 'serviceaccounts', object, { manager: 'kube-controller-manager', time });
}
