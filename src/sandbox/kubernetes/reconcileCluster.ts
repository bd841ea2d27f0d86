import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { type KubeObject, kubeTime } from './KubeObject';
import { reconcileAddon } from './addonObjects';
import { schedulePending } from './admitPod';
import { nodeLabels } from './scheduling';
import { untilStable } from './controllerPods';
import { nextRun, reconcileCronJob } from './cronJobs';
import { removeTerminated } from './deleteObject';
import { finishPods, jobDeadline, jobExpiry, reconcileJob } from './jobs';
import { objectAt, textAt } from './json';
import { controlledObjects, createAs, findObject, objectsOf, removeObject } from './objects';
import {
  reconcileDaemonSet,
  reconcileDeployment,
  reconcileReplicaSet,
  reconcileStatefulSet,
  writeDeploymentStatus,
} from './reconcileWorkloads';
import { namespaceOf } from './serviceAccounts';

function isRecreated(deployment: KubeObject): boolean {
  return textAt(objectAt(objectAt(deployment, 'spec'), 'strategy'), 'type') === 'Recreate';
}

/**
 * Reconciles the pods of all controllers: pods of an older template are deleted, and new ones are admitted. Everything happens at once, except
 * for what waits for a terminating or running pod.
 */
export function reconcileControllers(state: SandboxState, cluster: ClusterState): void {
  for (const deployment of objectsOf(cluster, 'deployments')) reconcileDeployment(state, cluster, deployment);
  for (const set of objectsOf(cluster, 'replicasets')) reconcileReplicaSet(state, cluster, set);
  // The old pods are removed or terminating: the new ones can be created.
  for (const deployment of objectsOf(cluster, 'deployments').filter(isRecreated)) {
    reconcileDeployment(state, cluster, deployment);
    for (const set of controlledObjects(cluster, 'replicasets', deployment)) reconcileReplicaSet(state, cluster, set);
  }
  for (const deployment of objectsOf(cluster, 'deployments')) writeDeploymentStatus(state, cluster, deployment);
  for (const set of objectsOf(cluster, 'statefulsets')) reconcileStatefulSet(state, cluster, set);
  for (const set of objectsOf(cluster, 'daemonsets')) reconcileDaemonSet(state, cluster, set);
  untilStable(cluster, () => {
    finishPods(state, cluster);
    for (const cronJob of objectsOf(cluster, 'cronjobs')) reconcileCronJob(state, cluster, cronJob);
    for (const job of objectsOf(cluster, 'jobs')) reconcileJob(state, cluster, job);
  });
}

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

function reconcileNodes(cluster: ClusterState, time: Date): void {
  for (const node of objectsOf(cluster, 'nodes')) {
    if (!cluster.nodes.some(({ name }) => name === node.metadata.name)) removeObject(cluster, 'nodes', node);
  }
  cluster.nodes.forEach((node, index) => {
    if (findObject(cluster, 'nodes', undefined, node.name) !== undefined) return;
    const osImage = node.compute === 'windows' ? 'Windows Server 2022 Datacenter' : 'Amazon Linux 2023';
    const at = kubeTime(time);
    const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: at };
    const object = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node.name, labels: nodeLabels(node) },
      spec: { providerID: `aws:///${cluster.region}a/${node.name}` },
      status: {
        conditions: [{ ...ready, lastTransitionTime: at }],
        addresses: [{ type: 'InternalIP', address: `10.0.0.${index + 1}` }],
        nodeInfo: {
          kubeletVersion: `v${cluster.version}.0-eks-sandbox`,
          osImage,
          operatingSystem: nodeLabels(node)['kubernetes.io/os'],
        },
      },
    };
    createAs(cluster, 'nodes', object, { manager: 'kubelet', time });
  });
}

/** Reconciles a cluster with its seed, its add-ons and its controllers, once at the current time. */
function reconcileAt(state: SandboxState, cluster: ClusterState): void {
  const time = state.clock();
  if (Object.keys(cluster.podsGoneAt ?? {}).length > 0) removeTerminated(cluster, objectsOf(cluster, 'pods'), time);
  for (const name of NAMESPACES) namespaceOf(cluster, name, time);
  reconcileNodes(cluster, time);
  for (const addon of Object.values(cluster.addons)) reconcileAddon(cluster, addon, time);
  schedulePending(cluster, time);
  reconcileControllers(state, cluster);
}

/** The first time after `after` at which something happens by itself: a pod ends or is removed, a CronJob starts a Job, a Job expires. */
function nextEvent(cluster: ClusterState, after: Date): Date | undefined {
  const pods = [...Object.values(cluster.podsGoneAt ?? {}), ...Object.values(cluster.podsEndAt ?? {})];
  const times = [
    ...pods.map((time) => new Date(time)),
    ...objectsOf(cluster, 'cronjobs').map((cronJob) => nextRun(cronJob, after)),
    ...objectsOf(cluster, 'jobs').flatMap((job) => [jobExpiry(job), jobDeadline(job)]),
  ].flatMap((time) => (time !== undefined && time > after ? [time.getTime()] : []));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** At most so many missed events are replayed. */
const MAX_EVENTS = 200;

/**
 * Reconciles a cluster, before each read and after each change. First it replays the events since the last reconciliation, each at its own
 * time.
 */
export function reconcileCluster(state: SandboxState, cluster: ClusterState): void {
  const now = state.clock();
  let last = new Date(cluster.settledAt ?? now);
  for (let count = 0; count < MAX_EVENTS; count += 1) {
    const next = nextEvent(cluster, last);
    if (next === undefined || next > now) break;
    reconcileAt({ ...state, clock: () => next }, cluster);
    last = next;
  }
  reconcileAt({ ...state, clock: () => now }, cluster);
  cluster.settledAt = now.toISOString();
}
