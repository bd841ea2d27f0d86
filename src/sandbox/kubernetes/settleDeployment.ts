import type { SandboxState } from '../api/SandboxState';
import { newLowerId } from '../world/newId';
import type { ClusterState } from '../world/World';
import { deleteObject, deletionOf, isFinished } from './deleteObject';
import { controlledBy, type KubeObject } from './KubeObject';
import { objectAt, textAt, textsAt } from './json';
import { activePods, controllerWriter, makePod, replicasOf, templateHash, writeControllerStatus } from './makePod';
import { controlledObjects } from './objects';
import { createAs, replaceAs } from './ownedObjects';

const HASH = 'pod-template-hash';

/**
 * How many pods the ReplicaSet of the current template may have now: with the strategy `Recreate` none until the last pod of another
 * template is gone. Source: kubernetes/kubernetes pkg/controller/deployment/recreate.go (oldPodsRunning)
 */
function allowedReplicas(cluster: ClusterState, deployment: KubeObject, others: readonly KubeObject[]): number {
  const wanted = replicasOf(deployment);
  if (textAt(objectAt(objectAt(deployment, 'spec'), 'strategy'), 'type') !== 'Recreate') return wanted;
  const old = others.flatMap((set) => controlledObjects(cluster, 'pods', set)).filter((pod) => !isFinished(pod));
  return old.length === 0 ? wanted : 0;
}

/** Brings the ReplicaSets of a Deployment to what it wants: all its pods are of the current template. */
export function settleDeployment(state: SandboxState, cluster: ClusterState, deployment: KubeObject): void {
  const hash = templateHash(deployment);
  const { name, namespace } = deployment.metadata;
  const sets = controlledObjects(cluster, 'replicasets', deployment);
  const spec = objectAt(deployment, 'spec');
  const template = objectAt(spec, 'template');
  const current = sets.find((set) => set.metadata.labels?.[HASH] === hash);
  const others = sets.filter((set) => set !== current);
  const allowed = allowedReplicas(cluster, deployment, others);
  for (const set of sets) {
    const replicas = set === current ? allowed : 0;
    const next = { ...set, spec: { ...objectAt(set, 'spec'), replicas } };
    if (replicasOf(set) !== replicas) replaceAs(cluster, 'replicasets', next, controllerWriter(state));
  }
  if (current !== undefined) return;
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
      replicas: allowed,
      selector: { matchLabels: { ...textsAt(objectAt(spec, 'selector'), 'matchLabels'), [HASH]: hash } },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
  };
  createAs(cluster, 'replicasets', set, controllerWriter(state));
}

/** Brings the pods of a ReplicaSet to its number. One that terminates does not count: its replacement is made at once. */
export function settleReplicaSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const wanted = replicasOf(set);
  const pods = activePods(cluster, set);
  for (const pod of pods.slice(wanted)) deleteObject(cluster, 'pods', pod, deletionOf(state));
  for (let index = pods.length; index < wanted; index += 1) {
    makePod(state, cluster, set, `${set.metadata.name}-${newLowerId(5)}`, {});
  }
  const count = activePods(cluster, set).length;
  const counted = count === 0 ? {} : { readyReplicas: count, availableReplicas: count, fullyLabeledReplicas: count };
  writeControllerStatus(state, cluster, 'replicasets', set, { replicas: count, ...counted });
}

/** Writes what a Deployment has to its status. */
export function tellDeployment(state: SandboxState, cluster: ClusterState, deployment: KubeObject): void {
  const sets = controlledObjects(cluster, 'replicasets', deployment);
  const count = sets.flatMap((set) => activePods(cluster, set)).length;
  const counted =
    count === 0 ? {} : { readyReplicas: count, availableReplicas: count, updatedReplicas: count, replicas: count };
  const available = count >= replicasOf(deployment) ? 'True' : 'False';
  const conditions = [
    { type: 'Available', status: available, reason: 'MinimumReplicasAvailable' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ];
  writeControllerStatus(state, cluster, 'deployments', deployment, { ...counted, conditions });
}
