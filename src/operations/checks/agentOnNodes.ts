import { AGENT_ADDON } from '../../blueprint/agents';
import { AGENT_APP, AGENT_NAMESPACE, agentPods, compareAgentOnNodes } from '../../comparison/nodes';
import { ask, need } from '../../estate/ask';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { inspectPod, kubectl, named } from '../remedies';
import { type Checked, type CheckFunction, fail, needsPodIdentity, pass, usesPodIdentity } from './Check';
import { AGENT_PORT, ownPods, podsRun, severity } from './pods';

/** On the node of each of the workload's pods a pod of the agent is ready; where none is, the reason as far as the API shows it. */
export const agentOnNodes: CheckFunction = (subject) => {
  const { cluster, workload, questions, next } = subject;
  if (next === undefined ? !needsPodIdentity(subject) : !usesPodIdentity(subject)) return [];
  const ofAgent = { ask: 'pods', cluster: cluster.arn, namespace: AGENT_NAMESPACE } as const;
  const inspect = kubectl(cluster, AGENT_NAMESPACE)`get pods -l app.kubernetes.io/name=${AGENT_APP} -o wide`;
  return need([questions.pods, ofAgent, questions.nodes], (namespace, kubeSystem, nodes): Checked => {
    const pods = ownPods(subject, namespace);
    const { used, builtIn, without } = compareAgentOnNodes(pods, nodes, kubeSystem);
    if (used.length === 0) return pass('no pod is on a node now', { inspect });
    if (without.length === 0) {
      const how = builtIn.length === 0 ? '' : `, built in on ${builtIn.length}`;
      const on = used.length === 1 ? '1 node' : `${used.length} nodes`;
      return pass(`${podsRun(pods.length)} on ${on}, the agent is ready on each${how}`, { inspect });
    }
    const state = severity(subject, { ok: true, value: namespace }, 'pod-identity');
    return ask([{ ask: 'allPods', cluster: cluster.arn }], (neighbours) =>
      without.map((node) => {
        const more = { inspect, pods: pods.filter((pod) => pod.node === node).map(({ name }) => name) };
        const takers = neighbours.ok ? neighbours.value.filter((pod) => takesPort(pod, node)) : [];
        const [first] = takers;
        if (first !== undefined)
          return fail(
            state,
            `no agent is ready on ${node}: ${named(takers.map((pod) => `${pod.namespace}/${pod.name}`))} takes port ${AGENT_PORT} of the node`,
            [
              `Give the pod another host port, or keep it off the nodes of ${workload.key}. Then delete the agent’s pod on ${node}, so that a new one starts. This shows the pod that takes the port:`,
              inspectPod(cluster, first),
            ],
            { ...more, inspect: kubectl(cluster)`get pods -A -o wide --field-selector spec.nodeName=${node}` },
          );
        const own = agentPods(kubeSystem).find((pod) => pod.node === node);
        if (own === undefined)
          return fail(
            state,
            `no pod of the agent is on ${node}`,
            [
              'Inspect what keeps the agent off the node: a taint, a nodeSelector, an image that cannot be pulled. The second command needs the verb get on daemonsets:',
              kubectl(cluster)`get nodes --field-selector metadata.name=${node} -o yaml`,
              kubectl(cluster, AGENT_NAMESPACE)`get daemonset ${AGENT_ADDON} -o yaml`,
            ],
            more,
          );
        return fail(
          state,
          `the agent’s pod ${own.name} on ${node} is ${own.phase}, not ready`,
          [
            `Possible reasons: IPv6 is off (then write configuration: { agent: { additionalArgs: { "-b": 169.254.170.23 } } }), a process takes port ${AGENT_PORT} of the node, or the node cannot reach the EKS Auth API. The log names the reason; the command needs the verb get on pods and pods/log:`,
            kubectl(cluster, AGENT_NAMESPACE)`logs ${own.name} --tail 50`,
          ],
          more,
        );
      }),
    );
  });
};

function takesPort(pod: PodFacts, node: string): boolean {
  if (pod.node !== node || pod.ending || agentPods([pod]).length > 0) return false;
  return pod.containers.some(({ hostPorts }) => hostPorts.includes(AGENT_PORT));
}
