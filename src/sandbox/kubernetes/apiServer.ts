import type { SandboxState } from '../api/SandboxState';
import type { HttpAnswer } from '../http/HttpAnswer';
import type { HttpRequest } from '../http/HttpRequest';
import { clusterByName } from '../world/findState';
import type { ClusterState } from '../world/World';
import { answerKubernetes } from './answerKubernetes';
import { kubeFailureAnswer } from './kubeAnswer';
import { KubeFailure } from './KubeFailure';

/** Below this path of the sandbox, the API server of each cluster has its place. */
export const API_SERVER_PATH = '/kubernetes';

/** The URL of a cluster's API server, for a kubeconfig. */
export function apiServerUrl(endpoint: string, { account, region, name }: ClusterState): string {
  return `${endpoint}${API_SERVER_PATH}/${account}/${region}/${name}`;
}

/** Answers a Kubernetes client: the path leads to one cluster's API server, or to a sentence for people. */
export function answerApiServer(state: SandboxState, request: HttpRequest): HttpAnswer {
  const [, , account = '', region = '', name = '', ...rest] = request.path.split('/');
  const cluster = clusterByName(state.world, account, region, name);
  if (cluster === undefined) {
    const message = `the podlift sandbox has no cluster ${name} in ${region} of account ${account}; no cluster was touched`;
    return kubeFailureAnswer(new KubeFailure(404, 'NotFound', message));
  }
  const path = `/${rest.join('/')}`.replace(/(.)\/$/, '$1');
  return answerKubernetes(state, cluster, path, `${API_SERVER_PATH}/${account}/${region}/${name}`, request);
}
