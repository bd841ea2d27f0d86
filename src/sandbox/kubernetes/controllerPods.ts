import { createHash } from 'node:crypto';
import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { KubeFailure } from './KubeError';
import { controlledBy, type KubeObject } from './KubeObject';
import { admitPodObject } from './admitPod';
import { isFinished, isTerminating } from './deleteObject';
import type { Writer } from './fields/fieldOwners';
import { updated } from './fields/managedFields';
import { type Json, numberAt, objectAt, textsAt } from './json';
import { controlledObjects, writeStatus } from './objects';

/** On a pod of a StatefulSet or DaemonSet: the template that it was made from. */
export const REVISION = 'controller-revision-hash';

/** The controllers' name in `managedFields`. */
export function controllerWriter(state: SandboxState): Writer {
  return { manager: 'kube-controller-manager', time: state.clock() };
}

/** Ten digits that tell one template of pods from another. */
export function templateHash(owner: KubeObject): string {
  const template = JSON.stringify(objectAt(objectAt(owner, 'spec'), 'template'));
  return createHash('sha256').update(template).digest('hex').slice(0, 10);
}

/** How many pods a Deployment, ReplicaSet or StatefulSet wants. */
export function replicasOf(owner: KubeObject): number {
  return numberAt(objectAt(owner, 'spec'), 'replicas') ?? 1;
}

/** The pods that an object controls and that are neither terminating nor at their end. */
export function activePods(cluster: ClusterState, owner: KubeObject): KubeObject[] {
  return controlledObjects(cluster, 'pods', owner).filter((pod) => !isTerminating(pod) && !isFinished(pod));
}

/**
 * Makes a pod from its owner's template, and gives it. A service account that is not there makes none, as the owner's events would
 * tell: undefined.
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
    return admitPodObject(state, cluster, pod, (object) => updated(undefined, object, controllerWriter(state)));
  } catch (error) {
    if (error instanceof KubeFailure) return undefined;
    throw error;
  }
}

/** Writes what a controller has seen of an object's generation. */
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

/** Repeats a step of a controller until it changes nothing any more. */
export function untilStable(cluster: ClusterState, step: () => void): void {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const version = cluster.objectVersion;
    step();
    if (cluster.objectVersion === version) return;
  }
}

/** More rounds than any controller needs; what is left then is done with the next request. */
const MOST_ROUNDS = 1000;
