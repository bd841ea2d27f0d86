import type { ClusterState } from '../world/World';
import type { KubeObject } from './KubeObject';
import { addObject, findObject } from './objects';

/** The namespace of that name, made when it is not there. A namespace has the service account `default` from the start. */
export function namespaceOf(cluster: ClusterState, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'namespaces', undefined, name);
  if (found !== undefined) return found;
  const metadata = { name, labels: { 'kubernetes.io/metadata.name': name } };
  const spec = { finalizers: ['kubernetes'] };
  const made = { apiVersion: 'v1', kind: 'Namespace', metadata, spec, status: { phase: 'Active' } };
  const namespace = addObject(cluster, 'namespaces', made, time);
  serviceAccountOf(cluster, name, 'default', time);
  return namespace;
}

/** The service account of that name; made without annotations, and its namespace with it, when nobody declared it. */
export function serviceAccountOf(cluster: ClusterState, namespace: string, name: string, time: Date): KubeObject {
  const found = findObject(cluster, 'serviceaccounts', namespace, name);
  if (found !== undefined) return found;
  if (name !== 'default') namespaceOf(cluster, namespace, time);
  const existing = findObject(cluster, 'serviceaccounts', namespace, name);
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  return existing ?? addObject(cluster, 'serviceaccounts', object, time);
}
