import { AGENT_APP, AGENT_NAMESPACE } from '../../evidence/agentAddon';
import { named } from '../../evidence/named';
import type { PodFacts } from '../../kubernetes/KubernetesPort';
import { agentsAmong, nodesOf, nodesWithoutAgent } from '../agentReady';
import type { Judgement } from '../DoctorFinding';
import type { Facts } from '../Facts';
import { severity } from '../inUse';
import type { Judge } from '../Judge';
import { ill, kubectlLook, unknown, well } from '../judgement';
import type { Patient } from '../Patient';

/** The port that the agent takes on its node. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const AGENT_PORT = 80;

/** On the node of each of the workload's pods a pod of the agent is ready; where none is, who stands in its way, as far as the API shows. */
export const agentOnNodes: Judge = (patient, facts) => {
  if (!patient.row.trustsPodIdentity || !facts.pods.ok || !facts.nodes.ok) return [];
  const look = kubectlLook(patient, `get pods -l app.kubernetes.io/name=${AGENT_APP} -o wide`, AGENT_NAMESPACE);
  if (!facts.agentPods.ok) return [unknown(look, `get pods -n ${AGENT_NAMESPACE}`, facts.agentPods)];
  const used = nodesOf(facts.pods.value);
  if (used.length === 0) return [];
  const without = nodesWithoutAgent(facts.pods.value, facts.nodes.value, facts.agentPods.value);
  if (without.length === 0)
    return [
      well(look, `the agent is ready on ${used.length === 1 ? 'the node' : `all ${used.length} nodes`} of its pods`),
    ];
  const agents = agentsAmong(facts.agentPods.value);
  return without.map((node) => onNode(patient, facts, look, node, agents));
};

function onNode(
  patient: Patient,
  facts: Facts,
  look: ReturnType<typeof kubectlLook>,
  node: string,
  agents: readonly PodFacts[],
): Judgement {
  const state = severity(patient, facts, 'pod-identity');
  const pods = facts.pods.ok ? facts.pods.value.filter((pod) => pod.node === node).map(({ name }) => name) : [];
  const there = agents.find((pod) => pod.node === node);
  const takers = facts.neighbours.ok ? facts.neighbours.value.filter((pod) => takesPort(pod, node)) : [];
  if (takers.length > 0) {
    const [first] = takers;
    return ill(
      kubectlLook(patient, `get pods -A -o wide --field-selector spec.nodeName=${node}`),
      state,
      `no agent is ready on ${node}: ${named(takers.map(({ namespace, name }) => `${namespace}/${name}`))} takes port ${AGENT_PORT} of the node`,
      `Give it another host port, or keep it off the nodes of ${patient.workload.key}; then make the agent’s pod anew:\n${kubectlLook(patient, `get pod ${first?.name ?? ''} -o yaml`, first?.namespace).shows}`,
      pods,
    );
  }
  if (there === undefined)
    return ill(
      look,
      state,
      `no pod of the agent is on ${node}`,
      `See what keeps it off the node (a taint, a nodeSelector, an image that cannot be pulled):\n${kubectlLook(patient, `describe node ${node}`).shows}\n${kubectlLook(patient, 'describe daemonset eks-pod-identity-agent', AGENT_NAMESPACE).shows}`,
      pods,
    );
  return ill(
    look,
    state,
    `the agent’s pod ${there.name} on ${node} is ${there.phase}, not ready`,
    `See why: IPv6 that is off (then configuration: { agent: { additionalArgs: { "-b": 169.254.170.23 } } }), port ${AGENT_PORT} of the node taken by a process, or no way to the EKS Auth API:\n${kubectlLook(patient, `logs ${there.name} --tail 50`, AGENT_NAMESPACE).shows}`,
    pods,
  );
}

function takesPort(pod: PodFacts, node: string): boolean {
  if (pod.node !== node || pod.ending || agentsAmong([pod]).length > 0) return false;
  return pod.containers.some(({ hostPorts }) => hostPorts.includes(AGENT_PORT));
}
