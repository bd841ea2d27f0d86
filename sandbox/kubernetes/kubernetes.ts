import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxState } from '../api/SandboxState';
import { clusterByName } from '../world/findState';
import type { ClusterState } from '../world/World';
import { apiServerUrl } from './apiServer';
import type { ClusterRef } from './ClusterRef';
import { createToken, serviceAccountOf, type TokenRequest } from './createToken';
import type { Pod } from './Pod';
import { webhookPatch } from './webhookPatch';

/** Names a service account of a cluster. */
interface ServiceAccountRef {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly name: string;
}

/** As much of Kubernetes as decides over AWS credentials. Every function throws for a cluster that the sandbox does not have. */
export interface Kubernetes {
  /** Declares a service account; its annotations replace the ones it had, its uid stays. */
  readonly setServiceAccount: (
    account: ServiceAccountRef & { readonly annotations?: Readonly<Record<string, string>> },
  ) => void;
  readonly removeServiceAccount: (account: ServiceAccountRef) => void;
  /**
   * Admits a pod as API server and webhook would, and writes its token. A service account that nobody declared is made,
   * without annotations. `name` defaults to the service account's with a random end.
   */
  readonly admitPod: (pod: {
    readonly cluster: ClusterRef;
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly name?: string;
  }) => Pod;
  /** Removes the pod's files. A pod that is gone already is no error. */
  readonly deletePod: (pod: Pod) => void;
  /** A token outside any pod, as `kubectl create token` gives one. */
  readonly createToken: (cluster: ClusterRef, request: TokenRequest) => string;
  /** The URL of a cluster's API server. It answers every request with 501 and a sentence for people. */
  readonly apiServer: (cluster: ClusterRef) => string;
  /** Removes the files of all pods. */
  readonly deleteAllPods: () => void;
}

/** The Kubernetes side of a sandbox that listens at `endpoint`. `agentUrl` is where its pods find the Pod Identity agent. */
export function createKubernetes(state: SandboxState, endpoint: string, agentUrl: string): Kubernetes {
  const folders = new Map<string, string>();
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
  const deleteFolder = (uid: string): void => {
    const folder = folders.get(uid);
    if (folder === undefined) return;
    rmSync(folder, { recursive: true, force: true });
    folders.delete(uid);
  };
  const writeToken = (uid: string, path: string, token: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'podlift-pod-'));
    folders.set(uid, folder);
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, token, { mode: 0o600 });
    return file;
  };
  return {
    setServiceAccount: ({ cluster, namespace, name, annotations = {} }) => {
      serviceAccountOf(find(cluster), namespace, name).annotations = { ...annotations };
    },
    removeServiceAccount: ({ cluster, namespace, name }) => {
      Reflect.deleteProperty(find(cluster).serviceAccounts, `${namespace}/${name}`);
    },
    admitPod: ({ cluster: ref, namespace, serviceAccount, name }) => {
      const cluster = find(ref);
      const uid = randomUUID();
      const pod = { name: name ?? `${serviceAccount}-${uid.slice(0, 5)}`, uid };
      const common = { ...pod, namespace, serviceAccount, cluster: ref };
      const association = Object.values(cluster.associations).find(
        (candidate) => candidate.namespace === namespace && candidate.serviceAccount === serviceAccount,
      );
      const { annotations } = serviceAccountOf(cluster, namespace, serviceAccount);
      const patch = webhookPatch(cluster, annotations, association, agentUrl);
      if (patch === undefined) return { ...common, uses: 'nothing', env: {} };
      const { audience, tokenExpiration: expiration } = patch;
      const token = createToken(cluster, { namespace, serviceAccount, audience, expiration, pod }, state.clock());
      return { ...common, uses: patch.uses, env: patch.env(writeToken(uid, patch.tokenPath, token)) };
    },
    deletePod: ({ uid }) => {
      deleteFolder(uid);
    },
    createToken: (cluster, request) => createToken(find(cluster), request, state.clock()),
    apiServer: (cluster) => apiServerUrl(endpoint, find(cluster)),
    deleteAllPods: () => {
      for (const uid of [...folders.keys()]) deleteFolder(uid);
    },
  };
}
