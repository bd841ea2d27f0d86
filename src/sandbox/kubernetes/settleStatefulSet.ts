import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { deleteObject, deletionOf, isTerminating } from './deleteObject';
import type { KubeObject } from './KubeObject';
import { numberAt, objectAt, textAt } from './json';
import { activePods, makePod, replicasOf, REVISION, templateHash, untilStable, writeControllerStatus } from './makePod';
import { controlledObjects, findObject } from './objects';

function ordinalOf({ metadata }: KubeObject): number {
  return Number(/-(\d+)$/.exec(metadata.name)?.[1] ?? -1);
}

/**
 * One step towards the pods that a StatefulSet wants: those that are missing are made by their names, one that is too many or of
 * another template is deleted, the highest number first. A pod that terminates keeps its name, and the next step waits for it.
 * Source: kubernetes/kubernetes pkg/controller/statefulset/stateful_set_control.go (updateStatefulSet)
 */
function stepStatefulSet(state: SandboxState, cluster: ClusterState, set: KubeObject, revision: string): void {
  const spec = objectAt(set, 'spec');
  const isOrdered = textAt(spec, 'podManagementPolicy') !== 'Parallel';
  const wanted = replicasOf(set);
  for (let ordinal = 0; ordinal < wanted; ordinal += 1) {
    const name = `${set.metadata.name}-${ordinal}`;
    const pod = findObject(cluster, 'pods', set.metadata.namespace, name);
    const labels = { [REVISION]: revision, 'statefulset.kubernetes.io/pod-name': name };
    if (pod === undefined) makePod(state, cluster, set, name, labels);
    else if (isTerminating(pod) && isOrdered) return;
  }
  const pods = controlledObjects(cluster, 'pods', set).sort((one, other) => ordinalOf(other) - ordinalOf(one));
  for (const pod of pods.filter((candidate) => ordinalOf(candidate) >= wanted)) {
    if (!isTerminating(pod)) deleteObject(cluster, 'pods', pod, deletionOf(state));
    if (isOrdered) return;
  }
  const strategy = objectAt(spec, 'updateStrategy');
  if (textAt(strategy, 'type') === 'OnDelete') return;
  const partition = numberAt(objectAt(strategy, 'rollingUpdate'), 'partition') ?? 0;
  for (const pod of pods.filter((candidate) => ordinalOf(candidate) >= partition)) {
    if (isTerminating(pod)) return;
    if (pod.metadata.labels?.[REVISION] === revision) continue;
    deleteObject(cluster, 'pods', pod, deletionOf(state));
    return;
  }
}

/** Brings the pods of a StatefulSet to what it wants, as far as those that terminate let it. */
export function settleStatefulSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const revision = `${set.metadata.name}-${templateHash(set)}`;
  untilStable(cluster, () => {
    stepStatefulSet(state, cluster, set, revision);
  });
  const pods = activePods(cluster, set);
  const updated = pods.filter(({ metadata }) => metadata.labels?.[REVISION] === revision).length;
  writeControllerStatus(state, cluster, 'statefulsets', set, {
    replicas: controlledObjects(cluster, 'pods', set).length,
    readyReplicas: pods.length,
    availableReplicas: pods.length,
    updatedReplicas: updated,
    currentReplicas: updated,
    currentRevision: revision,
    updateRevision: revision,
  });
}
