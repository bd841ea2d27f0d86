import type { SandboxState } from '../api/SandboxState';
import { newLowerId } from '../world/newId';
import type { ClusterState } from '../world/World';
import { deleteObject, deletionOf, isTerminating } from './deleteObject';
import type { KubeObject } from './KubeObject';
import { type Json, objectAt, textAt, textsAt } from './json';
import { activePods, makePod, REVISION, templateHash, untilStable, writeControllerStatus } from './makePod';
import { controlledObjects } from './objects';
import { nodeLabels } from './schedule';

/** DaemonSets that know no affinity here run where the agent's does: on Linux, and neither on Fargate nor on Auto Mode nodes. */
function nodesOf(cluster: ClusterState, set: KubeObject): readonly string[] {
  const selector = textsAt(objectAt(objectAt(objectAt(set, 'spec'), 'template'), 'spec'), 'nodeSelector');
  return cluster.nodes
    .filter((node) => {
      const labels = nodeLabels(node);
      const fits = Object.entries(selector).every(([key, value]) => labels[key] === value);
      return fits && !['auto', 'fargate', 'windows'].includes(node.compute);
    })
    .map(({ name }) => name);
}

function nodeOf(pod: KubeObject): string {
  return textAt(objectAt(pod, 'spec'), 'nodeName') ?? '';
}

/** On how many nodes the pod may be missing while another template is rolled out. Default: 1. */
function maxUnavailable(strategy: Json, nodes: number): number {
  const value = objectAt(strategy, 'rollingUpdate').maxUnavailable;
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? 1 : Math.max(1, Math.ceil((nodes * Number(percent)) / 100));
}

/**
 * One step towards a pod on each node: a node whose pod terminates waits until it is gone.
 * Source: kubernetes/kubernetes pkg/controller/daemon/update.go (rollingUpdate)
 */
function stepDaemonSet(state: SandboxState, cluster: ClusterState, set: KubeObject, revision: string): void {
  const nodes = nodesOf(cluster, set);
  const pods = controlledObjects(cluster, 'pods', set);
  for (const pod of pods) {
    if (!nodes.includes(nodeOf(pod)) && !isTerminating(pod)) deleteObject(cluster, 'pods', pod, deletionOf(state));
  }
  const covered = new Set(pods.map(nodeOf));
  for (const nodeName of nodes.filter((name) => !covered.has(name))) {
    makePod(state, cluster, set, `${set.metadata.name}-${newLowerId(5)}`, { [REVISION]: revision }, { nodeName });
  }
  const strategy = objectAt(objectAt(set, 'spec'), 'updateStrategy');
  if (textAt(strategy, 'type') === 'OnDelete') return;
  const active = activePods(cluster, set).filter((pod) => nodes.includes(nodeOf(pod)));
  const spare = maxUnavailable(strategy, nodes.length) - (nodes.length - active.length);
  const old = active.filter(({ metadata }) => metadata.labels?.[REVISION] !== revision);
  for (const pod of old.slice(0, Math.max(0, spare))) deleteObject(cluster, 'pods', pod, deletionOf(state));
}

/** Brings the pods of a DaemonSet to what it wants, as far as those that terminate let it. */
export function settleDaemonSet(state: SandboxState, cluster: ClusterState, set: KubeObject): void {
  const revision = templateHash(set);
  untilStable(cluster, () => {
    stepDaemonSet(state, cluster, set, revision);
  });
  const pods = activePods(cluster, set);
  const updated = pods.filter(({ metadata }) => metadata.labels?.[REVISION] === revision).length;
  writeControllerStatus(state, cluster, 'daemonsets', set, {
    desiredNumberScheduled: nodesOf(cluster, set).length,
    currentNumberScheduled: pods.length,
    updatedNumberScheduled: updated,
    numberReady: pods.length,
    numberAvailable: pods.length,
    numberMisscheduled: 0,
  });
}
