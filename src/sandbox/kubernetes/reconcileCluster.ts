import type { SeedNode } from '../Seed';
import type { SandboxState } from '../api/SandboxState';
import { AGENT } from '../eks/addonCatalogue';
import type { ClusterState } from '../world/World';
import { type KubeObject, kubeTime } from './KubeObject';
import { settleAddon } from './addonObjects';
import { nodeLabels } from './admitPod';
import { untilStable } from './controllerPods';
import { nextRun, settleCronJob } from './cronJobs';
import { removeTerminated } from './deleteObject';
import { finishPods, jobExpiry, settleJob } from './jobs';
import { objectAt, textAt } from './json';
import { controlledObjects, createAs, findObject, objectsOf, removeObject } from './objects';
import { settleDaemonSet, settleDeployment, settleReplicaSet, settleStatefulSet, tellDeployment } from './reconcileWorkloads';
import { namespaceOf } from './serviceAccounts';

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

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

function settleNodes(cluster: ClusterState, time: Date): void {
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

/** Brings a cluster to what its seed, its add-ons and its controllers want at a time. */
function settleAt(state: SandboxState, cluster: ClusterState): void {
  const time = state.clock();
  if (Object.keys(cluster.podsGoneAt ?? {}).length > 0) removeTerminated(cluster, objectsOf(cluster, 'pods'), time);
  for (const name of NAMESPACES) namespaceOf(cluster, name, time);
  settleNodes(cluster, time);
  for (const addon of Object.values(cluster.addons)) settleAddon(cluster, addon, time);
  settleControllers(state, cluster);
}

/** The first time after `after` at which something happens by itself: a pod ends or is gone, a CronJob runs, a Job expires. */
function nextEvent(cluster: ClusterState, after: Date): Date | undefined {
  const pods = [...Object.values(cluster.podsGoneAt ?? {}), ...Object.values(cluster.podsEndAt ?? {})];
  const times = [
    ...pods.map((time) => new Date(time)),
    ...objectsOf(cluster, 'cronjobs').map((cronJob) => nextRun(cronJob, after)),
    ...objectsOf(cluster, 'jobs').map(jobExpiry),
  ].flatMap((time) => (time !== undefined && time > after ? [time.getTime()] : []));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** So many events are made up for one by one; of those of a longer time, only the last ones count. */
const MOST_EVENTS = 200;

/**
 * Brings a cluster to what its seed, its add-ons and its controllers want, before anyone looks and after anyone changed something.
 * What happened by itself since the last time happens first, each at its own time.
 */
export function settleCluster(state: SandboxState, cluster: ClusterState): void {
  const now = state.clock();
  let last = new Date(cluster.settledAt ?? now);
  for (let count = 0; count < MOST_EVENTS; count += 1) {
    const next = nextEvent(cluster, last);
    if (next === undefined || next > now) break;
    settleAt({ ...state, clock: () => next }, cluster);
    last = next;
  }
  settleAt({ ...state, clock: () => now }, cluster);
  cluster.settledAt = now.toISOString();
}

/** The node that a pod is on. A pod that the cluster does not know is taken for one on its first node. */
export function nodeOfPod(cluster: ClusterState, podUid: string | undefined): SeedNode | undefined {
  const pod = objectsOf(cluster, 'pods').find(({ metadata }) => metadata.uid === podUid);
  const spec = pod?.spec as { readonly nodeName?: string } | undefined;
  return cluster.nodes.find(({ name }) => name === spec?.nodeName) ?? cluster.nodes[0];
}

/**
 * Whether an agent answers the pods of a node: EKS's own on one of Auto Mode, else the DaemonSet's, which runs neither on Fargate nor
 * on Windows.
 */
export function agentAnswers(cluster: ClusterState, node: SeedNode | undefined): boolean {
  const compute = node?.compute ?? (cluster.autoMode ? 'auto' : 'ec2');
  if (compute === 'auto') return cluster.autoMode;
  return cluster.addons[AGENT] !== undefined && compute !== 'fargate' && compute !== 'windows';
}
