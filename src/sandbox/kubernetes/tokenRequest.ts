import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { createToken } from './serviceAccounts';
import { listAt, numberAt, objectAt, textAt } from './json';
import { notFound } from './KubeError';
import { kubeTime } from './KubeObject';
import { findObject } from './objects';

const DEFAULT_AUDIENCE = 'https://kubernetes.default.svc';

/**
 * Answers a TokenRequest, as `kubectl create token` sends it: for the first audience asked for. Throws a `KubeFailure`.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
 */
export function answerTokenRequest(
  state: SandboxState,
  cluster: ClusterState,
  namespace: string,
  serviceAccount: string,
  sent: unknown,
): unknown {
  if (findObject(cluster, 'serviceaccounts', namespace, serviceAccount) === undefined) {
    throw notFound('', 'serviceaccounts', serviceAccount);
  }
  const spec = objectAt(sent, 'spec');
  const [first] = listAt(spec, 'audiences');
  const audience = typeof first === 'string' ? first : DEFAULT_AUDIENCE;
  const expiration = Math.max(600, numberAt(spec, 'expirationSeconds') ?? 3600);
  const bound = objectAt(spec, 'boundObjectRef');
  const pod = findObject(cluster, 'pods', namespace, textAt(bound, 'name') ?? '');
  if (textAt(bound, 'kind') === 'Pod' && pod === undefined) throw notFound('', 'pods', textAt(bound, 'name') ?? '');
  const request = { namespace, serviceAccount, audience, expiration };
  const to = pod === undefined ? request : { ...request, pod: { name: pod.metadata.name, uid: pod.metadata.uid } };
  const now = state.clock();
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: serviceAccount, namespace, creationTimestamp: kubeTime(now) },
    spec: { audiences: [audience], expirationSeconds: expiration, boundObjectRef: spec.boundObjectRef ?? null },
    status: {
      token: createToken(cluster, to, now),
      expirationTimestamp: kubeTime(new Date(now.getTime() + expiration * 1000)),
    },
  };
}
