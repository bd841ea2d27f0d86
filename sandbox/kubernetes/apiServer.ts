import type { HttpAnswer } from '../http/HttpAnswer';
import type { ClusterState } from '../world/World';

/** Below this path of the sandbox, the API server of each cluster has its place. */
export const API_SERVER_PATH = '/kubernetes';

/** The URL of a cluster's API server, for a kubeconfig. */
export function apiServerUrl(endpoint: string, { account, region, name }: ClusterState): string {
  return `${endpoint}${API_SERVER_PATH}/${account}/${region}/${name}`;
}

/**
 * Answers a Kubernetes client: the sandbox serves no Kubernetes API, and says so in the form that clients show to people.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export function answerApiServer(): HttpAnswer {
  const status = 501;
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'NotImplemented',
      code: status,
      message:
        'the podlift sandbox serves no Kubernetes API: plan and apply service accounts outside of it; no cluster was touched',
    }),
  };
}
