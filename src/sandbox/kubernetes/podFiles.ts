import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { createToken } from './serviceAccounts';
import type { KubeObject } from './KubeObject';
import { listAt, numberAt, objectAt, textAt } from './json';
import type { Pod } from './Kubernetes';
import { AGENT_URL } from './webhook';

/** A token that the kubelet projects into a pod. */
interface ProjectedToken {
  readonly audience: string;
  /** Seconds. */
  readonly expiration: number;
  /** The absolute path in a container. */
  readonly path: string;
}

const CREDENTIALS_BY_VOLUME: Readonly<Record<string, Pod['uses']>> = {
  'eks-pod-identity-token': 'pod-identity',
  'aws-iam-token': 'irsa',
};

function tokensOf(pod: KubeObject): readonly ProjectedToken[] {
  const spec = objectAt(pod, 'spec');
  const mounts = listAt(spec, 'containers').flatMap((container) => listAt(container, 'volumeMounts'));
  return listAt(spec, 'volumes').flatMap((volume) => {
    const mount = mounts.find((candidate) => textAt(candidate, 'name') === textAt(volume, 'name'));
    const folder = textAt(mount, 'mountPath');
    return listAt(objectAt(volume, 'projected'), 'sources').flatMap((source) => {
      const token = objectAt(source, 'serviceAccountToken');
      const path = textAt(token, 'path');
      // The kubelet refuses such paths too: the file would be outside of the pod's folder.
      if (folder === undefined || path === undefined || `${folder}/${path}`.split('/').includes('..')) return [];
      const audience = textAt(token, 'audience') ?? 'https://kubernetes.default.svc';
      return [{ audience, expiration: numberAt(token, 'expirationSeconds') ?? 3600, path: `${folder}/${path}` }];
    });
  });
}

/** The variables of a pod's first container that have a value in the spec. */
function envOf(pod: KubeObject): readonly (readonly [string, string])[] {
  const [container] = listAt(objectAt(pod, 'spec'), 'containers');
  return listAt(container, 'env').flatMap((entry) => {
    const [name, value] = [textAt(entry, 'name'), textAt(entry, 'value')];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

function usesOf(pod: KubeObject): Pod['uses'] {
  const names = listAt(objectAt(pod, 'spec'), 'volumes').flatMap((volume) => textAt(volume, 'name') ?? []);
  return names.map((name) => CREDENTIALS_BY_VOLUME[name]).find((uses) => uses !== undefined) ?? 'nothing';
}

/** Pods with their files on this machine. */
interface PodFiles {
  /** A pod whose environment works for a process on this machine: its token files exist, and the agent is that of the sandbox. */
  readonly podOf: (cluster: ClusterState, object: KubeObject) => Pod;
  readonly remove: (uid: string) => void;
  readonly removeAll: () => void;
}

/** Writes the tokens of a pod into a private folder of this machine, mode 0600, when the pod is first used. */
export function createPodFiles(state: SandboxState, agentUrl: string): PodFiles {
  const folders = new Map<string, string>();
  const remove = (uid: string): void => {
    const folder = folders.get(uid);
    if (folder === undefined) return;
    rmSync(folder, { recursive: true, force: true });
    folders.delete(uid);
  };
  const project = (cluster: ClusterState, pod: KubeObject, tokens: readonly ProjectedToken[]): string => {
    const { uid, name, namespace = '' } = pod.metadata;
    const known = folders.get(uid);
    if (known !== undefined) return known;
    const folder = mkdtempSync(join(tmpdir(), 'podlift-pod-'));
    folders.set(uid, folder);
    const serviceAccount = textAt(objectAt(pod, 'spec'), 'serviceAccountName') ?? 'default';
    for (const { audience, expiration, path } of tokens) {
      const wanted = { namespace, serviceAccount, audience, expiration, pod: { name, uid } };
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, createToken(cluster, wanted, state.clock()), { mode: 0o600 });
    }
    return folder;
  };
  return {
    podOf: (cluster, object) => {
      const { uid, name, namespace = '' } = object.metadata;
      const spec = objectAt(object, 'spec');
      const tokens = tokensOf(object);
      const folder = tokens.length === 0 ? '' : project(cluster, object, tokens);
      const localValue = (value: string): string => {
        if (value === AGENT_URL) return agentUrl;
        return tokens.some(({ path }) => path === value) ? join(folder, value) : value;
      };
      const { account, region, name: clusterName } = cluster;
      const node = textAt(spec, 'nodeName');
      return {
        name,
        uid,
        namespace,
        serviceAccount: textAt(spec, 'serviceAccountName') ?? 'default',
        cluster: { account, region, name: clusterName },
        ...(node === undefined ? {} : { node }),
        uses: usesOf(object),
        env: Object.fromEntries(envOf(object).map(([key, value]) => [key, localValue(value)])),
      };
    },
    remove,
    removeAll: () => {
      for (const uid of [...folders.keys()]) remove(uid);
    },
  };
}
