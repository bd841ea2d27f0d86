import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import type { KubeObject } from './KubeObject';
import { objectAt, textAt } from './json';
import { untilStable } from './makePod';
import { controlledObjects, objectsOf } from './objects';
import { settleCronJob } from './settleCronJob';
import { settleDaemonSet } from './settleDaemonSet';
import { settleDeployment, settleReplicaSet, tellDeployment } from './settleDeployment';
import { finishPods, settleJob } from './settleJob';
import { settleStatefulSet } from './settleStatefulSet';

function isRecreated(deployment: KubeObject): boolean {
  return textAt(objectAt(objectAt(deployment, 'spec'), 'strategy'), 'type') === 'Recreate';
}

/**
 * Brings every controller's pods to what it wants: pods of another template go, and new ones are admitted anew. All of it happens at
 * once but what waits for a pod that terminates or runs.
 */
export function settleControllers(state: SandboxState, cluster: ClusterState): void {
  for (const deployment of objectsOf(cluster, 'deployments')) settleDeployment(state, cluster, deployment);
  for (const set of objectsOf(cluster, 'replicasets')) settleReplicaSet(state, cluster, set);
  // Now that the old pods are gone, or terminate, the new ones may come.
  for (const deployment of objectsOf(cluster, 'deployments').filter(isRecreated)) {
    settleDeployment(state, cluster, deployment);
    for (const set of controlledObjects(cluster, 'replicasets', deployment)) settleReplicaSet(state, cluster, set);
  }
  for (const deployment of objectsOf(cluster, 'deployments')) tellDeployment(state, cluster, deployment);
  for (const set of objectsOf(cluster, 'statefulsets')) settleStatefulSet(state, cluster, set);
  for (const set of objectsOf(cluster, 'daemonsets')) settleDaemonSet(state, cluster, set);
  untilStable(cluster, () => {
    finishPods(state, cluster);
    for (const cronJob of objectsOf(cluster, 'cronjobs')) settleCronJob(state, cluster, cronJob);
    for (const job of objectsOf(cluster, 'jobs')) settleJob(state, cluster, job);
  });
}
