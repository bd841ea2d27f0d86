import { setTimeout } from 'node:timers/promises';
import type { FieldWriter } from '../Seed';
import type { SandboxState } from '../api/SandboxState';
import type { HttpRequest } from '../http/httpServer';
import { clusterByName, type ClusterState } from '../world/World';
import { newLowerId } from '../world/newEntities';
import { admitPodObject } from './admitPod';
import { answerApiServer, apiServerUrl } from './answerKubernetes';
import { deleteObject, deletionOf } from './deleteObject';
import { findObject, objectsOf, removeObject } from './objects';
import { createPodFiles } from './podFiles';
import { settleCluster } from './reconcileCluster';
import type { PolicyRule } from './requestTarget';
import { createToken, serviceAccountOf, type TokenRequest, writeServiceAccount } from './serviceAccounts';
import { ownedBy } from './writeObject';

/** Names a cluster of the sandbox. */
export interface ClusterRef {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

/** A pod that was admitted, as far as its AWS credentials go. */
export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly cluster: ClusterRef;
  /** Absent: no node would take it. */
  readonly node?: string;
  /** What the webhook gave it. */
  readonly uses: 'pod-identity' | 'irsa' | 'nothing';
  /**
   * The environment of its first container, its own variables and the webhook's; a token file that the webhook projects is a
   * real one here, mode 0600, in a private folder.
   */
  readonly env: Readonly<Record<string, string>>;
}

/** A request to a cluster's API server. */
export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API server's root, with the query: `/api/v1/namespaces/shop/serviceaccounts/orders?fieldManager=podlift`. */
  readonly path: string;
  /** A text and a Buffer are sent as they are, anything else as JSON. Default: no body. */
  readonly body?: unknown;
  /** Default: `application/json`. A patch must state its kind: `application/apply-patch+yaml`, `application/merge-patch+json`, … */
  readonly contentType?: string;
  /** Names the field manager of a write whose query names none. Default: `podlift-sandbox`. */
  readonly userAgent?: string;
}

export interface KubeResponse {
  /** HTTP status. */
  readonly status: number;
  /** What the JSON of the answer says; a text where the answer is no JSON. */
  readonly body: unknown;
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function httpRequest(cluster: ClusterState, { method, path, body, contentType, userAgent }: KubeRequest): HttpRequest {
  const mark = path.indexOf('?');
  const [location, query] = mark < 0 ? [path, ''] : [path.slice(0, mark), path.slice(mark + 1)];
  return {
    method,
    path: `${apiServerUrl('', cluster)}${location}`,
    query: new URLSearchParams(query),
    headers: {
      accept: 'application/json',
      'user-agent': userAgent ?? 'podlift-sandbox',
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
    },
    body: bytesOf(body),
  };
}

/**
 * Answers a request to a cluster's API server without the network, as `http/startServer.ts` does over it: handled at once, and told
 * when the answer is due. An answer that never comes leaves the promise open.
 */
export async function sendRequest(
  state: SandboxState,
  cluster: ClusterState,
  request: KubeRequest,
): Promise<KubeResponse> {
  const { status, headers, body, holdMs = 0 } = answerApiServer(state, httpRequest(cluster, request));
  if (holdMs === Infinity) return new Promise(() => undefined);
  if (holdMs > 0) await setTimeout(holdMs);
  const isText = headers['content-type'] !== 'application/json';
  return { status, body: isText ? body : (JSON.parse(body) as unknown) };
}

/** Names a service account of a cluster. */
interface ServiceAccountRef {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly name: string;
}

/** As much of Kubernetes as decides over AWS credentials. Every function throws for a cluster that the sandbox does not have. */
export interface Kubernetes {
  /**
   * Declares a service account; its annotations replace the ones it had, its uid and all else stays. `writer` says who owns what
   * that changes: by default `kubectl-create` where the account is new, else `kubectl-annotate`. One that applies (`operation`) keeps
   * the annotations of others, as server-side apply with force does.
   */
  readonly setServiceAccount: (
    account: ServiceAccountRef & {
      readonly annotations?: Readonly<Record<string, string>>;
      readonly writer?: FieldWriter;
    },
  ) => void;
  readonly removeServiceAccount: (account: ServiceAccountRef) => void;
  /**
   * Admits a pod as API server and webhook would, and writes its token. A service account that nobody declared is made,
   * without annotations. It is the same object that `kubectl get pods` shows.
   */
  readonly admitPod: (pod: {
    readonly cluster: ClusterRef;
    readonly namespace: string;
    readonly serviceAccount: string;
    /** Default: the service account's, with a random end. */
    readonly name?: string;
    /** Variables of the pod's own spec, which the webhook keeps. Default: none. */
    readonly env?: Readonly<Record<string, string>>;
    /** The node that it is put on. Default: as the scheduler finds one. */
    readonly node?: string;
    readonly labels?: Readonly<Record<string, string>>;
    /** Seconds that it is given to end once it is deleted. Default: 30, as Kubernetes has it. */
    readonly graceSeconds?: number;
  }) => Pod;
  /** Every pod of a cluster, or of one namespace of it, whoever made it: `admitPod`, `kubectl`, a Deployment. */
  readonly pods: (cluster: ClusterRef, namespace?: string) => readonly Pod[];
  /** Deletes the pod, its files with it; one that terminates keeps them until it is gone. A pod that is gone already is no error. */
  readonly deletePod: (pod: Pod) => void;
  /** A token outside any pod, as `kubectl create token` gives one. */
  readonly createToken: (cluster: ClusterRef, request: TokenRequest) => string;
  /** Lets whoever talks to a cluster's API server do only what these rules of RBAC allow; without rules, everything again. */
  readonly limit: (cluster: ClusterRef, rules?: readonly PolicyRule[]) => void;
  /** The URL of a cluster's API server, which `kubectl` talks to. It asks nobody who they are. */
  readonly apiServer: (cluster: ClusterRef) => string;
  /**
   * Sends one request to a cluster's API server, in this process: what it does and how it is answered is the same as over the network,
   * faults that are set included. Resolves when a network client would have the answer.
   */
  readonly request: (cluster: ClusterRef, request: KubeRequest) => Promise<KubeResponse>;
  /** Removes the files of all pods. */
  readonly deleteAllPods: () => void;
}

/** The Kubernetes side of a sandbox that listens at `endpoint`. `agentUrl` is where its pods find the Pod Identity agent. */
export function createKubernetes(state: SandboxState, endpoint: string, agentUrl: string): Kubernetes {
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
  return {
    setServiceAccount: ({ cluster: ref, ...account }) => {
      writeServiceAccount(find(ref), account, state.clock());
    },
    removeServiceAccount: ({ cluster: ref, namespace, name }) => {
      const cluster = find(ref);
      const account = findObject(cluster, 'serviceaccounts', namespace, name);
      if (account !== undefined) removeObject(cluster, 'serviceaccounts', account);
    },
    admitPod: ({ cluster: ref, namespace, serviceAccount, name, env = {}, node, labels, graceSeconds }) => {
      const cluster = find(ref);
      settleCluster(state, cluster);
      serviceAccountOf(cluster, namespace, serviceAccount, state.clock());
      const variables = Object.entries(env).map(([key, value]) => ({ name: key, value }));
      const sent = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: name ?? `${serviceAccount}-${newLowerId(5)}`,
          namespace,
          ...(labels === undefined ? {} : { labels: { ...labels } }),
        },
        spec: {
          serviceAccountName: serviceAccount,
          ...(node === undefined ? {} : { nodeName: node }),
          ...(graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: graceSeconds }),
          containers: [{ name: 'app', image: 'app', ...(variables.length === 0 ? {} : { env: variables }) }],
        },
      };
      const own = ownedBy({ manager: 'kubectl-run', time: state.clock() });
      const object = admitPodObject(state, cluster, sent, own);
      return files.podOf(cluster, object);
    },
    pods: (ref, namespace) => {
      const cluster = find(ref);
      settleCluster(state, cluster);
      return objectsOf(cluster, 'pods', namespace).map((object) => files.podOf(cluster, object));
    },
    deletePod: ({ cluster: ref, namespace, name, uid }) => {
      const cluster = find(ref);
      const pod = findObject(cluster, 'pods', namespace, name);
      if (pod?.metadata.uid === uid) deleteObject(cluster, 'pods', pod, deletionOf(state));
      settleCluster(state, cluster);
      if (findObject(cluster, 'pods', namespace, name)?.metadata.uid !== uid) files.remove(uid);
    },
    createToken: (cluster, request) => createToken(find(cluster), request, state.clock()),
    limit: (ref, rules) => {
      const { arn } = find(ref);
      if (rules === undefined) state.clusterRules.delete(arn);
      else state.clusterRules.set(arn, rules);
    },
    apiServer: (cluster) => apiServerUrl(endpoint, find(cluster)),
    request: (cluster, request) => sendRequest(state, find(cluster), request),
    deleteAllPods: files.removeAll,
  };
}
