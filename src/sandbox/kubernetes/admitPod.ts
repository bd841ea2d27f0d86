import { randomUUID } from 'node:crypto';
import type { SeedNode } from '../Seed';
import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { seenAssociation } from '../world/delayedChanges';
import { KubeFailure } from './KubeError';
import { type KubeObject, kubeTime } from './KubeObject';
import { updated } from './fields/managedFields';
import { isJson, type Json, listAt, objectAt, textAt, textsAt } from './json';
import { addObject, findObject, type NewObject, objectsOf } from './objects';
import { webhookEnv, type WebhookPatch, webhookPatch } from './webhook';

/** The labels of a node, as the kubelet and EKS set them. */
export function nodeLabels({ name, compute, labels }: SeedNode): Record<string, string> {
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': compute === 'windows' ? 'windows' : 'linux',
    'kubernetes.io/arch': 'amd64',
    'eks.amazonaws.com/compute-type': compute === 'windows' ? 'ec2' : compute,
    ...labels,
  };
}

/** Nodes that take a pod only when it asks for them: Windows and hybrid by their selector, Fargate by its profile. */
const ASKED_FOR = new Set(['fargate', 'windows', 'hybrid']);

function takes(node: SeedNode, selector: Readonly<Record<string, string>>): boolean {
  const labels = nodeLabels(node);
  const asked = Object.entries(selector);
  if (asked.length === 0) return !ASKED_FOR.has(node.compute);
  return asked.every(([key, value]) => labels[key] === value);
}

/**
 * The node that a pod is put on: the one that its spec names, else of those that have the labels it selects the one with the
 * fewest pods. Undefined when none fits. A cluster that has no other nodes puts it on any.
 */
export function scheduledNode(cluster: ClusterState, spec: Json): string | undefined {
  const named = textAt(spec, 'nodeName');
  if (named !== undefined && named !== '') return named;
  const selector = textsAt(spec, 'nodeSelector');
  const fitting = cluster.nodes.filter((node) => takes(node, selector));
  const candidates = fitting.length === 0 && Object.keys(selector).length === 0 ? cluster.nodes : fitting;
  if (candidates.length < 2) return candidates[0]?.name;
  const load = new Map<string, number>();
  for (const pod of objectsOf(cluster, 'pods')) {
    const node = textAt(objectAt(pod, 'spec'), 'nodeName') ?? '';
    load.set(node, (load.get(node) ?? 0) + 1);
  }
  return [...candidates].sort((one, other) => (load.get(one.name) ?? 0) - (load.get(other.name) ?? 0))[0]?.name;
}

const SKIP_CONTAINERS = 'eks.amazonaws.com/skip-containers';

function patchedContainer(container: Json, patch: WebhookPatch, cluster: ClusterState): Json {
  const env = listAt(container, 'env');
  const own = new Set(env.flatMap((entry) => textAt(entry, 'name') ?? []));
  const mounts = listAt(container, 'volumeMounts');
  const mount = { name: patch.volume, readOnly: true, mountPath: patch.mountPath };
  const mounted = mounts.some((other) => textAt(other, 'name') === patch.volume);
  return {
    ...container,
    env: [...env, ...webhookEnv(patch, cluster, own)],
    volumeMounts: mounted ? mounts : [...mounts, mount],
  };
}

/**
 * A pod as the webhook leaves it: environment and mount in every container that is not to be skipped, the projected token, and
 * the label of container credentials.
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go (getPodSpecPatch, addEnvToContainer)
 */
function patched(pod: NewObject, patch: WebhookPatch, cluster: ClusterState): NewObject {
  const spec = objectAt(pod, 'spec');
  const skipped = new Set((textsAt(pod.metadata, 'annotations')[SKIP_CONTAINERS] ?? '').split(','));
  const containersOf = (key: string): Json[] =>
    listAt(spec, key)
      .filter(isJson)
      .map((container) =>
        skipped.has(textAt(container, 'name') ?? '') ? container : patchedContainer(container, patch, cluster),
      );
  const { audience, tokenExpiration: expirationSeconds, tokenName: path, volume } = patch;
  const token = { serviceAccountToken: { audience, expirationSeconds, path } };
  const volumes = listAt(spec, 'volumes');
  const exists = volumes.some((other) => textAt(other, 'name') === volume);
  const labels = textsAt(pod.metadata, 'labels');
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(patch.uses === 'pod-identity' ? { labels: { ...labels, 'eks.amazonaws.com/pod-identity': 'enabled' } } : {}),
    },
    spec: {
      ...spec,
      containers: containersOf('containers'),
      ...(listAt(spec, 'initContainers').length === 0 ? {} : { initContainers: containersOf('initContainers') }),
      volumes: exists ? volumes : [{ name: volume, projected: { sources: [token], defaultMode: 420 } }, ...volumes],
    },
  };
}

/** What the kubelet reports at once: there is nothing in a pod here that could fail to start. */
function runningStatus(pod: NewObject, cluster: ClusterState, time: Date): Json {
  const at = kubeTime(time);
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  const address = ((cluster.podAddresses ?? 0) % 32_000) + 1;
  cluster.podAddresses = address;
  return {
    phase: 'Running',
    startTime: at,
    podIP: `10.0.${128 + Math.floor(address / 256)}.${address % 256}`,
    qosClass: 'BestEffort',
    conditions: conditions.map((type) => ({ type, status: 'True', lastTransitionTime: at })),
    containerStatuses: listAt(objectAt(pod, 'spec'), 'containers').map((container) => ({
      name: textAt(container, 'name'),
      image: textAt(container, 'image'),
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: at } },
    })),
  };
}

function pendingStatus(time: Date): Json {
  const message = '0 nodes are available: none has the labels that the pod selects.';
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  return {
    phase: 'Pending',
    conditions: [{ ...condition, lastTransitionTime: kubeTime(time) }],
    qosClass: 'BestEffort',
  };
}

/**
 * Makes a pod as API server, webhook and scheduler do, all at once: defaults, admission, a node, running and ready. `own` writes down
 * who owns its fields: what was sent and its defaults, but not what admission sets.
 * Throws a `KubeFailure` where its service account is not there.
 * Source: kubernetes/kubernetes staging/src/k8s.io/apiserver pkg/endpoints/handlers/create.go (managed fields, then admission)
 */
export function admitPodObject(
  state: SandboxState,
  cluster: ClusterState,
  sent: NewObject,
  own: (object: NewObject) => NewObject,
): KubeObject {
  const time = state.clock();
  const { namespace = 'default' } = sent.metadata;
  const sentSpec = objectAt(sent, 'spec');
  const serviceAccountName = textAt(sentSpec, 'serviceAccountName') ?? textAt(sentSpec, 'serviceAccount') ?? 'default';
  const account = findObject(cluster, 'serviceaccounts', namespace, serviceAccountName);
  const { name } = sent.metadata;
  if (account === undefined) {
    const missing = `serviceaccount "${serviceAccountName}" not found`;
    const message = `pods "${name}" is forbidden: error looking up service account ${namespace}/${serviceAccountName}: ${missing}`;
    throw new KubeFailure(403, 'Forbidden', message, { name, kind: 'pods' });
  }
  const defaulted = own({
    ...sent,
    metadata: { ...sent.metadata, namespace },
    spec: { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', ...sentSpec },
  });
  const spec = { ...objectAt(defaulted, 'spec'), serviceAccountName, serviceAccount: serviceAccountName };
  const pod: NewObject = { ...defaulted, metadata: { ...defaulted.metadata, uid: randomUUID() }, spec };
  const patch = webhookPatch(
    textsAt(account.metadata, 'annotations'),
    textsAt(sent.metadata, 'annotations'),
    seenAssociation(state, cluster, namespace, serviceAccountName),
  );
  const admitted = patch === undefined ? pod : patched(pod, patch, cluster);
  const nodeName = scheduledNode(cluster, spec);
  const placed: NewObject =
    nodeName === undefined ? admitted : { ...admitted, spec: { ...objectAt(admitted, 'spec'), nodeName } };
  const status = nodeName === undefined ? pendingStatus(time) : runningStatus(admitted, cluster, time);
  const manager = nodeName === undefined ? 'kube-scheduler' : 'kubelet';
  const live = placed as unknown as KubeObject;
  return addObject(
    cluster,
    'pods',
    updated(live, { ...placed, status }, { manager, time, subresource: 'status' }),
    time,
  );
}
