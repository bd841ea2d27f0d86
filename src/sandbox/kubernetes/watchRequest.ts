import type { SandboxState } from '../api/SandboxState';
import type { HttpAnswer } from '../http/HttpAnswer';
import type { HttpRequest } from '../http/HttpRequest';
import type { ClusterState } from '../world/World';
import { goneAt } from './deleteObject';
import { KubeFailure } from './KubeFailure';
import { findObject } from './objects';
import type { Target } from './target';

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
