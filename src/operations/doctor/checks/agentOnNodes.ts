import { AGENT_ADDON } from '../../../blueprint/agents';
import { AGENT_APP, AGENT_NAMESPACE } from '../../evidence/agentAddon';
import { inspectPod } from '../../evidence/inspectPod';
import { named } from '../../checks/named';
import { shellWord } from '../../../estate/shellWord';
import type { PodFacts } from '../../../estate/kubernetes/KubernetesPort';
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
  const [first] = takers;
  if (first !== undefined)
    return ill(
      kubectlLook(patient, `get pods -A -o wide --field-selector ${shellWord(`spec.nodeName=${node}`)}`),
      state,
      `no agent is ready on ${node}: ${named(takers.map(({ namespace, name }) => `${namespace}/${name}`))} takes port ${AGENT_PORT} of the node`,
      [
        `Give it another host port, or keep it off the nodes of ${patient.workload.key}. Then delete the agent’s pod on ${node}, so that a new one starts. The pod that takes the port:`,
        inspectPod(patient.cluster, first),
      ].join('\n'),
      pods,
    );
  if (there === undefined)
    return ill(
      look,
      state,
      `no pod of the agent is on ${node}`,
      [
        'Inspect what keeps it off the node (a taint, a nodeSelector, an image that cannot be pulled). The second command needs the verb get on daemonsets:',
        kubectlLook(patient, `get nodes --field-selector ${shellWord(`metadata.name=${node}`)} -o yaml`).shows,
        kubectlLook(patient, `get daemonset ${AGENT_ADDON} -o yaml`, AGENT_NAMESPACE).shows,
      ].join('\n'),
      pods,
    );
  return ill(
    look,
    state,
    `the agent’s pod ${there.name} on ${node} is ${there.phase}, not ready`,
    [
      `Possible reasons: IPv6 is off (then configuration: { agent: { additionalArgs: { "-b": 169.254.170.23 } } }), a process takes port ${AGENT_PORT} of the node, or the node cannot reach the EKS Auth API. The log says which; the command needs the verb get on pods and pods/log:`,
      kubectlLook(patient, `logs ${shellWord(there.name)} --tail 50`, AGENT_NAMESPACE).shows,
    ].join('\n'),
    pods,
  );
}

function takesPort(pod: PodFacts, node: string): boolean {
  if (pod.node !== node || pod.ending || agentsAmong([pod]).length > 0) return false;
  return pod.containers.some(({ hostPorts }) => hostPorts.includes(AGENT_PORT));
}
