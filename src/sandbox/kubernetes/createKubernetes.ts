import { setTimeout } from 'node:timers/promises';
import type { SandboxState } from '../api/SandboxState';
import { podCredentials } from '../podCredentials';
import type { HttpRequest } from '../http/httpServer';
import { newLowerId } from '../world/newEntities';
import { clusterByName, type ClusterState } from '../world/World';
import { admitPodObject } from './admitPod';
import { answerApiServer, apiServerUrl } from './answerKubernetes';
import { deleteObject, deletionOf } from './deleteObject';
import type { ClusterRef, Kubernetes, KubeRequest, KubeResponse, NewPod, Pod } from './Kubernetes';
import { findObject, type NewObject, objectsOf } from './objects';
import type { KubeObject } from './KubeObject';
import { assumedRoles, containerEnds, runContainers } from './podCommands';
import { createPodFiles } from './podFiles';
import { reconcileCluster } from './reconcileCluster';
import { createToken, serviceAccountOf, writeServiceAccount } from './serviceAccounts';
import { ownedBy } from './writeObject';

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function httpRequest(
  state: SandboxState,
  cluster: ClusterState,
  { method, path, body, contentType, userAgent }: KubeRequest,
): HttpRequest {
  const mark = path.indexOf('?');
  const [location, query] = mark < 0 ? [path, ''] : [path.slice(0, mark), path.slice(mark + 1)];
  return {
    method,
    path: `${apiServerUrl('', state, cluster)}${location}`,
    query: new URLSearchParams(query),
    headers: {
      accept: 'application/json',
      'user-agent': userAgent ?? 'podlift-sandbox',
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
    },
    body: bytesOf(body),
  };
}

/** Like http/httpServer.ts: handles the request now and answers when the delay is over. Without an answer the promise stays open. */
async function sendRequest(state: SandboxState, cluster: ClusterState, request: KubeRequest): Promise<KubeResponse> {
  const { status, headers, body, holdMs = 0 } = answerApiServer(state, httpRequest(state, cluster, request));
  if (holdMs === Infinity) return new Promise(() => undefined);
  if (holdMs > 0) await setTimeout(holdMs);
  const isText = headers['content-type'] !== 'application/json';
  return { status, body: isText ? body : (JSON.parse(body) as unknown) };
}

function podObject({ namespace, serviceAccount, name, env = {}, node, graceSeconds }: NewPod): NewObject {
  const variables = Object.entries(env).map(([key, value]) => ({ name: key, value }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: name ?? `${serviceAccount}-${newLowerId(5)}`, namespace },
    spec: {
      serviceAccountName: serviceAccount,
      ...(node === undefined ? {} : { nodeName: node }),
      ...(graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: graceSeconds }),
      containers: [{ name: 'app', image: 'app', ...(variables.length === 0 ? {} : { env: variables }) }],
    },
  };
}

/** Makes the calls of a pod's containers with the credentials of the pod; then the pod ends. Without an answer it runs on. */
async function runPod(state: SandboxState, cluster: ClusterState, pod: KubeObject, endpoint: string, started: Pod) {
  const containers = runContainers(pod);
  const outcome = await podCredentials(started, { endpoint, targets: assumedRoles(containers) });
  const { uid, name, namespace } = pod.metadata;
  if (findObject(cluster, 'pods', namespace, name)?.metadata.uid !== uid) return;
  cluster.containerEnds = { ...cluster.containerEnds, [uid]: containerEnds(containers, outcome) };
  cluster.podsEndAt = { ...cluster.podsEndAt, [uid]: state.clock().toISOString() };
}

/**
 * The Kubernetes of a sandbox that listens at `endpoint`, and a function that removes the files of all pods. `agentUrl` is the URL of the Pod
 * Identity agent for its pods.
 */
export function createKubernetes(
  state: SandboxState,
  endpoint: string,
  agentUrl: string,
): { readonly kubernetes: Kubernetes; readonly removePodFiles: () => void } {
  const files = createPodFiles(state, agentUrl);
  const find = (ref: ClusterRef): ClusterState => {
    const cluster = clusterByName(state.world, ref.account, ref.region, ref.name);
    if (cluster === undefined) {
      const known = Object.keys(state.world.clusters).join(', ');
      throw new Error(
        `the sandbox has no cluster ${ref.name} in ${ref.region} of account ${ref.account}; it has ${known}`,
      );
    }
    return cluster;
  };
  state.runPod = (cluster, pod) => {
    // The calls go to this server: they begin when it has answered the request that created the pod.
    setImmediate(() => {
      runPod(state, cluster, pod, endpoint, files.podOf(cluster, pod)).catch(() => undefined);
    });
  };
  const kubernetes: Kubernetes = {
    setServiceAccount: ({ cluster, ...account }) => {
      writeServiceAccount(find(cluster), account, state.clock());
    },
    admitPod: (pod) => {
      const cluster = find(pod.cluster);
      reconcileCluster(state, cluster);
      serviceAccountOf(cluster, pod.namespace, pod.serviceAccount, state.clock());
      const own = ownedBy({ manager: 'kubectl-run', time: state.clock() });
      return files.podOf(cluster, admitPodObject(state, cluster, podObject(pod), own));
    },
    pods: (ref, namespace) => {
      const cluster = find(ref);
      reconcileCluster(state, cluster);
      return objectsOf(cluster, 'pods', namespace).map((object) => files.podOf(cluster, object));
    },
    deletePod: ({ cluster: ref, namespace, name, uid }) => {
      const cluster = find(ref);
      const pod = findObject(cluster, 'pods', namespace, name);
      if (pod?.metadata.uid === uid) deleteObject(cluster, 'pods', pod, deletionOf(state));
      reconcileCluster(state, cluster);
      if (findObject(cluster, 'pods', namespace, name)?.metadata.uid !== uid) files.remove(uid);
    },
    createToken: (cluster, token) => createToken(find(cluster), token, state.clock()),
    limit: (ref, rules) => {
      const { arn } = find(ref);
      if (rules === undefined) state.clusterRules.delete(arn);
      else state.clusterRules.set(arn, rules);
    },
    token: state.kubernetesToken,
    apiServer: (cluster) => apiServerUrl(endpoint, state, find(cluster)),
    request: (cluster, request) => sendRequest(state, find(cluster), request),
  };
  return { kubernetes, removePodFiles: files.removeAll };
}
