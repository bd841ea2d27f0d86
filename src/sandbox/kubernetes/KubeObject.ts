import type { Json } from './json';

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export interface ObjectMeta extends Json {
  name: string;
  /** Absent for a cluster-scoped object. */
  namespace?: string;
  uid: string;
  resourceVersion: string;
  /** ISO 8601, whole seconds. */
  creationTimestamp: string;
  generation?: number;
  /** ISO 8601, whole seconds: the object is being deleted. */
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: ManagedFieldsEntry[];
}

/** Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export interface ManagedFieldsEntry extends Json {
  manager: string;
  operation: 'Update' | 'Apply';
  apiVersion: string;
  /** ISO 8601, whole seconds. */
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Json;
  subresource?: string;
}

export interface OwnerReference extends Json {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

/** An object of the Kubernetes API. */
export interface KubeObject extends Json {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** The owner that controls an object. Undefined without one. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** The owner references of the objects that an object creates and controls. */
export function controlledBy({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference[] {
  return [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }];
}

/** A time in Kubernetes' format. */
export function kubeTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
