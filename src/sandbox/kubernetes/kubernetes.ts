import type { SandboxState } from '../api/SandboxState';
import type { FieldWriter } from '../Seed';
import { clusterByName } from '../world/findState';
import { newLowerId } from '../world/newId';
import type { ClusterState } from '../world/World';
import { admitPodObject } from './admitPodObject';
import { apiServerUrl } from './apiServer';
import type { PolicyRule } from './authorize';
import type { ClusterRef } from './ClusterRef';
import { ownedBy } from './changeObject';
import { createToken, type TokenRequest } from './createToken';
import { findObject, objectsOf, removeObject } from './objects';
import type { Pod } from './Pod';
import { deleteObject, deletionOf } from './deleteObject';
import { createPodFiles } from './podFiles';
import { type KubeRequest, type KubeResponse, sendRequest } from './sendRequest';
import { serviceAccountOf } from './serviceAccounts';
import { settleCluster } from './settleCluster';
import { writeServiceAccount } from './writeServiceAccount';

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
