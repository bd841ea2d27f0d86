import type { SandboxState } from '../api/SandboxState';
import type { HttpRequest } from '../http/HttpRequest';
import type { ClusterState } from '../world/World';
import { type Deletion, deleteNamespace, deleteObject, deletionOf } from './deleteObject';
import type { KubeObject } from './KubeObject';
import { listAt, numberAt, objectAt, textAt } from './json';
import { KubeFailure } from './KubeFailure';
import { findObject } from './objects';
import { readBody } from './readBody';
import type { Resource } from './resources';

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
