import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { settleControllers } from './controllers';
import { addObject, findObject, kubeTime, objectsOf, removeObject } from './objects';
import { nodeLabels } from './schedule';
import { namespaceOf, serviceAccountOf } from './serviceAccounts';

export const AGENT = 'eks-pod-identity-agent';
const SYSTEM = 'kube-system';
const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', SYSTEM];

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
    addObject(cluster, 'nodes', object, time);
  });
}

/** The agent's DaemonSet is there while its add-on is: nobody else makes it. */
function settleAgent(cluster: ClusterState, time: Date): void {
  const found = findObject(cluster, 'daemonsets', SYSTEM, AGENT);
  const addon = cluster.addons[AGENT];
  if (addon === undefined) {
    if (found !== undefined) removeObject(cluster, 'daemonsets', found);
    return;
  }
  if (found !== undefined) return;
  serviceAccountOf(cluster, SYSTEM, AGENT, time);
  const labels = { 'app.kubernetes.io/name': AGENT, 'app.kubernetes.io/instance': AGENT };
  const image = `eks/eks-pod-identity-agent:${addon.version}`;
  const spec = {
    serviceAccountName: AGENT,
    hostNetwork: true,
    containers: [{ name: AGENT, image, args: ['--port', '80', '--cluster-name', cluster.name] }],
  };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: AGENT, namespace: SYSTEM, labels },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
  addObject(cluster, 'daemonsets', object, time);
}

/** Brings a cluster to what its seed, its add-ons and its controllers want, before anyone looks and after anyone changed something. */
export function settleCluster(state: SandboxState, cluster: ClusterState): void {
  const time = state.clock();
  for (const name of NAMESPACES) namespaceOf(cluster, name, time);
  settleNodes(cluster, time);
  settleAgent(cluster, time);
  settleControllers(state, cluster);
}

/**
 * Whether an agent answers a pod of the cluster: EKS's own on a node of Auto Mode, else the DaemonSet's, which runs neither on
 * Fargate nor on Windows. A pod that the cluster does not know is taken for one on its first node.
 */
export function agentAnswers(cluster: ClusterState, podUid: string | undefined): boolean {
  const pod = objectsOf(cluster, 'pods').find(({ metadata }) => metadata.uid === podUid);
  const spec = pod?.spec as { readonly nodeName?: string } | undefined;
  const node = cluster.nodes.find(({ name }) => name === spec?.nodeName) ?? cluster.nodes[0];
  const compute = node?.compute ?? (cluster.autoMode ? 'auto' : 'ec2');
  if (compute === 'auto') return cluster.autoMode;
  return cluster.addons[AGENT] !== undefined && compute !== 'fargate' && compute !== 'windows';
}
