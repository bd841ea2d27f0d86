import { createHash } from 'node:crypto';
import type { SandboxState } from '../api/SandboxState';
import { newLowerId } from '../world/newId';
import type { ClusterState } from '../world/World';
import { admitPodObject } from './admitPodObject';
import { updated } from './fields/managedFields';
import type { Writer } from './fields/Owner';
import { controlledBy, type KubeObject } from './KubeObject';
import { type Json, numberAt, objectAt, textAt, textsAt } from './json';
import { KubeFailure } from './KubeFailure';
import { controlledObjects, findObject, objectsOf, removeObject } from './objects';
import { createAs, replaceAs, writeStatus } from './ownedObjects';
import { nodeLabels } from './schedule';

const HASH = 'pod-template-hash';
const REVISION = 'controller-revision-hash';

function templateHash(owner: KubeObject): string {
  const template = JSON.stringify(objectAt(objectAt(owner, 'spec'), 'template'));
  return createHash('sha256').update(template).digest('hex').slice(0, 10);
}

function writerOf(state: SandboxState) {
  return { manager: 'kube-controller-manager', time: state.clock() } as const satisfies Writer;
}

function replicasOf(owner: KubeObject): number {
  return numberAt(objectAt(owner, 'spec'), 'replicas') ?? 1;
}

/** A pod from its owner's template. A service account that is not there makes none, as the owner's events would tell. */
function makePod(
  state: SandboxState,
  cluster: ClusterState,
  owner: KubeObject,
  name: string,
  labels: Readonly<Record<string, string>>,
  spec: Json = {},
): void {
  const template = objectAt(objectAt(owner, 'spec'), 'template');
  const meta = objectAt(template, 'metadata');
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      labels: { ...textsAt(meta, 'labels'), ...labels },
      annotations: textsAt(meta, 'annotations'),
      ownerReferences: controlledBy(owner),
    },
    spec: { ...objectAt(template, 'spec'), ...spec },
  };
  try {
    admitPodObject(state, cluster, pod, (object) => updated(undefined, object, writerOf(state)));
  } catch (error) {
    if (!(error instanceof KubeFailure)) throw error;
  }
}

function withStatus(
  state: SandboxState,
  cluster: ClusterState,
  plural: string,
  object: KubeObject,
  status: Json,
): void {
  const { generation: observedGeneration } = object.metadata;
  writeStatus(cluster, plural, object, { observedGeneration, ...status }, writerOf(state));
}

function settleDeployment(state: SandboxState, cluster: ClusterState, deployment: KubeObject): void {
  const hash = templateHash(deployment);
  const { name, namespace } = deployment.metadata;
  const wanted = replicasOf(deployment);
  const sets = controlledObjects(cluster, 'replicasets', deployment);
  const spec = objectAt(deployment, 'spec');
  const template = objectAt(spec, 'template');
  const current = sets.find((set) => set.metadata.labels?.[HASH] === hash);
  for (const set of sets) {
    const replicas = set === current ? wanted : 0;
    if (replicasOf(set) !== replicas) {
      replaceAs(cluster, 'replicasets', { ...set, spec: { ...objectAt(set, 'spec'), replicas } }, writerOf(state));
    }
  }
  if (current === undefined) {
    const labels = { ...textsAt(objectAt(template, 'metadata'), 'labels'), [HASH]: hash };
    const set = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels,
        ownerReferences: controlledBy(deployment),
      },
      spec: {
        replicas: wanted,
        selector: { matchLabels: { ...textsAt(objectAt(spec, 'selector'), 'matchLabels'), [HASH]: hash } },
        template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
      },
    };
    createAs(cluster, 'replicasets', set, writerOf(state));
  }
}

function settleReplicaSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const wanted = replicasOf(set);
  const pods = controlledObjects(cluster, 'pods', set);
  for (const pod of pods.slice(wanted)) removeObject(cluster, 'pods', pod);
  for (let index = pods.length; index < wanted; index += 1) {
    makePod(state, cluster, set, `${set.metadata.name}-${newLowerId(5)}`, {});
  }
  const count = controlledObjects(cluster, 'pods', set).length;
  const counted = count === 0 ? {} : { readyReplicas: count, availableReplicas: count, fullyLabeledReplicas: count };
  withStatus(state, cluster, 'replicasets', set, { replicas: count, ...counted });
}

function tellDeployment(state: SandboxState, cluster: ClusterState, deployment: KubeObject): void {
  const sets = controlledObjects(cluster, 'replicasets', deployment);
  const count = sets.flatMap((set) => controlledObjects(cluster, 'pods', set)).length;
  const counted =
    count === 0 ? {} : { readyReplicas: count, availableReplicas: count, updatedReplicas: count, replicas: count };
  const available = count >= replicasOf(deployment) ? 'True' : 'False';
  const conditions = [
    { type: 'Available', status: available, reason: 'MinimumReplicasAvailable' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ];
  withStatus(state, cluster, 'deployments', deployment, { ...counted, conditions });
}

function settleStatefulSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const wanted = replicasOf(set);
  const revision = `${set.metadata.name}-${templateHash(set)}`;
  const names = Array.from({ length: wanted }, (_, index) => `${set.metadata.name}-${index}`);
  for (const pod of controlledObjects(cluster, 'pods', set)) {
    if (!names.includes(pod.metadata.name) || pod.metadata.labels?.[REVISION] !== revision) {
      removeObject(cluster, 'pods', pod);
    }
  }
  for (const name of names) {
    if (findObject(cluster, 'pods', set.metadata.namespace, name) === undefined) {
      makePod(state, cluster, set, name, { [REVISION]: revision, 'statefulset.kubernetes.io/pod-name': name });
    }
  }
  const count = controlledObjects(cluster, 'pods', set).length;
  const counts = { replicas: count, readyReplicas: count, availableReplicas: count };
  const updated = { updatedReplicas: count, currentReplicas: count };
  withStatus(state, cluster, 'statefulsets', set, {
    ...counts,
    ...updated,
    currentRevision: revision,
    updateRevision: revision,
  });
}

/** DaemonSets that know no affinity here run where the agent's does: on Linux, and neither on Fargate nor on Auto Mode nodes. */
function settleDaemonSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const revision = templateHash(set);
  const selector = textsAt(objectAt(objectAt(objectAt(set, 'spec'), 'template'), 'spec'), 'nodeSelector');
  const nodes = cluster.nodes.filter((node) => {
    const labels = nodeLabels(node);
    const fits = Object.entries(selector).every(([key, value]) => labels[key] === value);
    return fits && !['auto', 'fargate', 'windows'].includes(node.compute);
  });
  const onNode = (pod: KubeObject): string | undefined => textAt(objectAt(pod, 'spec'), 'nodeName');
  for (const pod of controlledObjects(cluster, 'pods', set)) {
    const stays = nodes.some(({ name }) => name === onNode(pod)) && pod.metadata.labels?.[REVISION] === revision;
    if (!stays) removeObject(cluster, 'pods', pod);
  }
  const covered = controlledObjects(cluster, 'pods', set).map(onNode);
  for (const { name: nodeName } of nodes.filter(({ name }) => !covered.includes(name))) {
    makePod(state, cluster, set, `${set.metadata.name}-${newLowerId(5)}`, { [REVISION]: revision }, { nodeName });
  }
  const ready = controlledObjects(cluster, 'pods', set).length;
  const wanted = nodes.length;
  withStatus(state, cluster, 'daemonsets', set, {
    desiredNumberScheduled: wanted,
    currentNumberScheduled: ready,
    updatedNumberScheduled: ready,
    numberReady: ready,
    numberAvailable: ready,
    numberMisscheduled: 0,
  });
}

/** Brings every controller's pods to what it wants, at once: pods of another template go, and new ones are admitted anew. */
export function settleControllers(state: SandboxState, cluster: ClusterState): void {
  for (const deployment of objectsOf(cluster, 'deployments')) settleDeployment(state, cluster, deployment);
  for (const set of objectsOf(cluster, 'replicasets')) settleReplicaSet(state, cluster, set);
  for (const deployment of objectsOf(cluster, 'deployments')) tellDeployment(state, cluster, deployment);
  for (const set of objectsOf(cluster, 'statefulsets')) settleStatefulSet(state, cluster, set);
  for (const set of objectsOf(cluster, 'daemonsets')) settleDaemonSet(state, cluster, set);
}
