import type { SandboxState } from '../api/SandboxState';
import { AGENT } from '../eks/addonCatalogue';
import type { SeedNode } from '../Seed';
import type { ClusterState } from '../world/World';
import { settleAddon } from './addonObjects';
import { settleControllers } from './controllers';
import { kubeTime } from './kubeTime';
import { findObject, objectsOf, removeObject } from './objects';
import { createAs } from './ownedObjects';
import { nodeLabels } from './schedule';
import { namespaceOf } from './serviceAccounts';

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

/** Brings a cluster to what its seed, its add-ons and its controllers want, before anyone looks and after anyone changed something. */
export function settleCluster(state: SandboxState, cluster: ClusterState): void {
  const time = state.clock();
  for (const name of NAMESPACES) namespaceOf(cluster, name, time);
  settleNodes(cluster, time);
  for (const addon of Object.values(cluster.addons)) settleAddon(cluster, addon, time);
  settleControllers(state, cluster);
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
