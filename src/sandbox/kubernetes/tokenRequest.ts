import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import type { ClusterState } from '../world/World';
import { isJson, listAt, numberAt, objectAt, textAt } from './json';
import { badRequest, invalid, kubeAnswer, KubeError, notFound } from './KubeError';
import { findObject } from './objects';
import { readBody } from './readRequest';
import type { Target } from './requestTarget';
import { createToken } from './serviceAccounts';

/** Seconds. Source: kubernetes/kubernetes pkg/apis/authentication/v1/defaults.go, pkg/apis/authentication/validation/validation.go */
const [DEFAULT_EXPIRATION, MIN_EXPIRATION] = [3600, 600];

/** The longest life of a token on EKS, in seconds. Source: https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html */
const MAX_EXPIRATION = 24 * 3600;

/**
 * Answers `kubectl create token`: a token of a service account, as controllers request it for the accounts of others.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/ and
 * kubernetes/kubernetes pkg/registry/core/serviceaccount/storage/token.go
 */
export function answerToken(
  cluster: ClusterState,
  { resource, namespace = '', name }: Target & { readonly name: string },
  request: HttpRequest,
  time: Date,
): HttpAnswer {
  if (request.method !== 'POST')
    throw new KubeError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
  if (findObject(cluster, resource.plural, namespace, name) === undefined)
    throw notFound(resource.group, resource.plural, name);
  const sent = readBody(request);
  const spec = objectAt(sent, 'spec');
  const audiences = listAt(spec, 'audiences').filter((one): one is string => typeof one === 'string' && one !== '');
  const seconds = numberAt(spec, 'expirationSeconds') ?? DEFAULT_EXPIRATION;
  if (seconds < MIN_EXPIRATION)
    throw invalid(
      'authentication.k8s.io',
      'TokenRequest',
      '',
      `spec.expirationSeconds: Invalid value: ${seconds}: may not specify a duration less than 10 minutes`,
    );
  const expiration = Math.min(seconds, MAX_EXPIRATION);
  const pod = boundPod(cluster, namespace, objectAt(spec, 'boundObjectRef'));
  const token = createToken(
    cluster,
    {
      namespace,
      serviceAccount: name,
      audience: audiences.length === 0 ? [cluster.issuer] : audiences,
      expiration,
      ...(pod !== undefined && { pod }),
    },
    time,
  );
  const expirationTimestamp = new Date((Math.floor(time.getTime() / 1000) + expiration) * 1000).toISOString();
  return kubeAnswer(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace },
    spec: {
      audiences,
      expirationSeconds: expiration,
      ...(pod !== undefined && { boundObjectRef: objectAt(spec, 'boundObjectRef') }),
    },
    status: { token, expirationTimestamp: expirationTimestamp.replace(/\.\d+Z$/, 'Z') },
  });
}

/** The pod that a token is bound to. */
function boundPod(cluster: ClusterState, namespace: string, reference: unknown) {
  const [kind, name = ''] = [textAt(reference, 'kind'), textAt(reference, 'name')];
  if (!isJson(reference) || kind === undefined) return undefined;
  if (kind !== 'Pod') throw badRequest(`the podlift sandbox binds no token to a ${kind}`);
  const pod = findObject(cluster, 'pods', namespace, name);
  if (pod === undefined) throw notFound('', 'pods', name);
  return { name, uid: pod.metadata.uid };
}
