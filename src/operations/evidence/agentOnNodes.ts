import type { Cluster, Workload } from '../../inventory/Inventory';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import type { NodeFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Ports } from '../../estate/Ports';
import { AGENT_ADDON } from '../../blueprint/agents';
import { AGENT_APP, AGENT_NAMESPACE } from './agentAddon';
import type { Check, Step } from './Check';
import type { Evidence } from './Evidence';
import { evidenceOf, judged, unanswered, type Verdict } from './evidenceOf';
import { named } from '../checks/named';
import { awsPlace, kubectlPlace } from './places';
import { podsRun, runningPods } from './runningPods';
import { clustersOfStep, workloadsOnClusters } from './workloadsOnClusters';

/**
 * The agent is there for the workload's pods: the add-on is `ACTIVE` on each cluster that is not in Auto Mode, and on every node
 * that runs the workload an agent's pod is ready, or the node is one of Auto Mode's, which have it built in.
 */
export const agentOnNodes: Check = async (step, ports, now) => [
  ...(await Promise.all(
    clustersOfStep(step)
      .filter(({ autoMode }) => !autoMode)
      .map((cluster) => active(step, ports, now, cluster)),
  )),
  ...(await Promise.all(
    workloadsOnClusters(step).map(({ workload, cluster }) => onNodes(step, ports, now, workload, cluster)),
  )),
];

async function active(step: Step, ports: Ports, now: Date, cluster: Cluster): Promise<Evidence> {
  const { account } = step.environment;
  const question = {
    check: 'agent-on-nodes',
    cluster: cluster.key,
    asked: `eks:DescribeAddon ${AGENT_ADDON} on ${cluster.name}`,
    of: awsPlace(account, cluster.region),
  } as const;
  const answer = await ports.aws(account, cluster.region).addon(cluster.name, AGENT_ADDON);
  return judged(step, now, question, answer, (addon) => isActive(cluster, addon));
}

function isActive({ name, region }: Cluster, addon: AddonFacts | undefined): Verdict {
  if (addon?.status === 'ACTIVE') return { found: `${addon.version} is ACTIVE`, holds: 'yes' };
  const issues = addon === undefined || addon.issues.length === 0 ? '' : `: ${addon.issues.join('; ')}`;
  return {
    found: addon === undefined ? 'there is no such add-on' : `${addon.version} is ${addon.status}${issues}`,
    holds: 'no',
    remedy: `Apply the stage that the inventory has, then wait for it:\naws eks wait addon-active --cluster-name ${name} --addon-name ${AGENT_ADDON} --region ${region}`,
  };
}

async function onNodes(step: Step, ports: Ports, now: Date, workload: Workload, cluster: Cluster): Promise<Evidence> {
  const question = {
    check: 'agent-on-nodes',
    workload: workload.key,
    cluster: cluster.key,
    asked: `get pods -n ${workload.namespace}, get pods -n ${AGENT_NAMESPACE}, get nodes`,
    of: kubectlPlace(cluster),
  } as const;
  const port = ports.kubernetes(step.environment.key, cluster);
  const [pods, agents, nodes] = await Promise.all([
    runningPods(step, ports, workload, cluster),
    port.pods(AGENT_NAMESPACE),
    port.nodes(),
  ]);
  for (const answer of [pods, agents, nodes])
    if (!answer.ok) return evidenceOf(step, now, question, unanswered(question, answer));
  return judged(step, now, question, pods, (running) =>
    everywhere(cluster, running, agents.ok ? agents.value : [], nodes.ok ? nodes.value : []),
  );
}

function everywhere(
  cluster: Cluster,
  pods: readonly PodFacts[],
  kubeSystem: readonly PodFacts[],
  nodes: readonly NodeFacts[],
): Verdict {
  const auto = new Set(nodes.filter(({ computeType }) => computeType === 'auto').map(({ name }) => name));
  const ready = new Set(
    kubeSystem.filter((pod) => pod.app === AGENT_APP && pod.ready && !pod.ending).map(({ node }) => node),
  );
  const used = [...new Set(pods.flatMap(({ node }) => node ?? []))];
  const without = used.filter((node) => !auto.has(node) && !ready.has(node));
  if (without.length > 0)
    return {
      found: `no agent is ready on ${named(without)} (${without.length} of ${used.length} nodes of its pods)`,
      holds: 'no',
      remedy: `Inspect the reason (taints, port 80 on the host, IPv6 off):\n${kubectlPlace(cluster)} -n ${AGENT_NAMESPACE} get pods -l app.kubernetes.io/name=${AGENT_APP} -o wide`,
    };
  const builtIn = used.filter((node) => auto.has(node)).length;
  const how = builtIn === 0 ? '' : `, built in on ${builtIn}`;
  return {
    found: `${podsRun(pods.length)} on ${used.length} ${used.length === 1 ? 'node' : 'nodes'}, the agent on each${how}`,
    holds: 'yes',
  };
}
