import { createHash } from 'node:crypto';
import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { KubeError } from './KubeError';
import { controlledBy, type KubeObject } from './KubeObject';
import { admitPodObject } from './admitPod';
import { isFinished, isTerminating } from './deleteObject';
import type { Writer } from './fields/fieldOwners';
import { trackUpdate } from './fields/managedFields';
import { type Json, listAt, numberAt, objectAt, textAt, textsAt } from './json';
import { controlledObjects, writeStatus } from './objects';

/** The label of a pod of a StatefulSet or DaemonSet with the template that the pod was created from. */
export const REVISION = 'controller-revision-hash';

/** The field manager of the controllers. */
export function controllerWriter(state: SandboxState): Writer {
  return { manager: 'kube-controller-manager', time: state.clock() };
}

/** Ten digits that identify a pod template. */
export function templateHash(owner: KubeObject): string {
  const template = JSON.stringify(objectAt(objectAt(owner, 'spec'), 'template'));
  return createHash('sha256').update(template).digest('hex').slice(0, 10);
}

/** The replicas in the spec of a Deployment, ReplicaSet or StatefulSet. */
export function replicasOf(owner: KubeObject): number {
  return numberAt(objectAt(owner, 'spec'), 'replicas') ?? 1;
}

/** The pods that an object controls and that are neither terminating nor ended. */
export function activePods(cluster: ClusterState, owner: KubeObject): KubeObject[] {
  return controlledObjects(cluster, 'pods', owner).filter((pod) => !isTerminating(pod) && !isFinished(pod));
}

/** How many of some pods are ready. */
export function readyCount(pods: readonly KubeObject[]): number {
  return pods.filter((pod) =>
    listAt(objectAt(pod, 'status'), 'conditions').some(
      (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
    ),
  ).length;
}

/**
 * Creates a pod from its owner's template. Undefined when the service account does not exist: on a real cluster an event of the owner says so.
 */
export function makePod(
  state: SandboxState,
  cluster: ClusterState,
  owner: KubeObject,
  name: string,
  labels: Readonly<Record<string, string>>,
  spec: Json = {},
): KubeObject | undefined {
  const template = objectAt(objectAt(owner, 'spec'), 'template');
  const meta = objectAt(template, 'metadata');
  const annotations = textsAt(meta, 'annotations');
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      labels: { ...textsAt(meta, 'labels'), ...labels },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: controlledBy(owner),
    },
    spec: { ...objectAt(template, 'spec'), ...spec },
  };
  try {
    return admitPodObject(state, cluster, pod, (object) => trackUpdate(undefined, object, controllerWriter(state)));
  } catch (error) {
    if (error instanceof KubeError) return undefined;
    throw error;
  }
}

/** Writes the status of an object with the generation that the controller observed. */
export function writeControllerStatus(
  state: SandboxState,
  cluster: ClusterState,
  plural: string,
  object: KubeObject,
  status: Json,
): void {
  const { generation: observedGeneration } = object.metadata;
  writeStatus(cluster, plural, object, { observedGeneration, ...status }, controllerWriter(state));
}

/** Repeats a step of a controller until it changes nothing. */
export function untilStable(cluster: ClusterState, step: () => void): void {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const version = cluster.objectVersion;
    step();
    if (cluster.objectVersion === version) return;
  }
}

/** More rounds than any controller needs. The next request continues. */
const MAX_ROUNDS = 1000;
