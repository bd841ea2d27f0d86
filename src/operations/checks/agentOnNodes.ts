import { AGENT_ADDON } from '../../blueprint/agents';
import { AGENT_APP, AGENT_NAMESPACE, agentPods, compareAgentOnNodes } from '../../comparison/nodes';
import { ask, need } from '../../estate/ask';
import type { Answer } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { inspectPod, kubectl, say } from '../remedies';
import { type CheckFunction, type CheckResult, fail, needsPodIdentity, pass, type WorkloadOnCluster } from './Check';
import { ownPods, podsOf, podsRun, severity } from './modes';
import { named } from './named';

/** The port that the agent takes on its node. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const AGENT_PORT = 80;

/** On the node of each of the workload's pods a pod of the agent is ready; where none is, the reason as far as the API shows it. */
export const agentOnNodes: CheckFunction = (subject) => {
  if (!needsPodIdentity(subject)) return [];
  const { cluster } = subject;
  const all = { ask: 'allPods', cluster: cluster.arn } as const;
  return [
    need(
      [
        podsOf(subject),
        { ask: 'pods', cluster: cluster.arn, namespace: AGENT_NAMESPACE },
        { ask: 'nodes', cluster: cluster.arn },
      ],
      (namespace, kubeSystem, nodes) => {
        const pods = ownPods(subject, namespace);
        const { used, builtIn, without } = compareAgentOnNodes(pods, nodes, kubeSystem);
        const inspect = kubectl(
          cluster,
          AGENT_NAMESPACE,
          ...['get', 'pods', '-l', `app.kubernetes.io/name=${AGENT_APP}`, '-o', 'wide'],
        );
        if (used.length === 0) return [pass('no pod is on a node now', { inspect })];
        if (without.length === 0) {
          const how = builtIn.length === 0 ? '' : `, built in on ${builtIn.length}`;
          const on = used.length === 1 ? '1 node' : `${used.length} nodes`;
          return [pass(`${podsRun(pods.length)} on ${on}, the agent is ready on each${how}`, { inspect })];
        }
        const state = severity(subject, { ok: true, value: namespace }, 'pod-identity');
        return ask([all], (neighbours) =>
          without.map((node) =>
            onNode({ subject, state, inspect, pods, agents: agentPods(kubeSystem) }, node, neighbours),
          ),
        );
      },
    ),
  ];
};

interface OnNode {
  readonly subject: WorkloadOnCluster;
  readonly state: 'problem' | 'warning';
  readonly inspect: ReturnType<typeof kubectl>;
  readonly pods: readonly PodFacts[];
  readonly agents: readonly PodFacts[];
}

function onNode(
  { subject, state, inspect, pods, agents }: OnNode,
  node: string,
  neighbours: Answer<readonly PodFacts[]>,
): CheckResult {
  const { cluster, workload } = subject;
  const more = { inspect, pods: pods.filter((pod) => pod.node === node).map(({ name }) => name) };
  const own = agents.find((pod) => pod.node === node);
  const takers = neighbours.ok ? neighbours.value.filter((pod) => takesPort(pod, node)) : [];
  const [first] = takers;
  if (first !== undefined)
    return fail(
      state,
      `no agent is ready on ${node}: ${named(takers.map(({ namespace, name }) => `${namespace}/${name}`))} takes port ${AGENT_PORT} of the node`,
      [
        say(
          `Give the pod another host port, or keep it off the nodes of ${workload.key}. Then delete the agent’s pod on ${node}, so that a new one starts. This shows the pod that takes the port:`,
        ),
        inspectPod(cluster, first),
      ],
      {
        ...more,
        inspect: kubectl(
          cluster,
          undefined,
          ...['get', 'pods', '-A', '-o', 'wide', '--field-selector', `spec.nodeName=${node}`],
        ),
      },
    );
  if (own === undefined)
    return fail(
      state,
      `no pod of the agent is on ${node}`,
      [
        say(
          'Inspect what keeps the agent off the node: a taint, a nodeSelector, an image that cannot be pulled. The second command needs the verb get on daemonsets:',
        ),
        kubectl(cluster, undefined, 'get', 'nodes', '--field-selector', `metadata.name=${node}`, '-o', 'yaml'),
        kubectl(cluster, AGENT_NAMESPACE, 'get', 'daemonset', AGENT_ADDON, '-o', 'yaml'),
      ],
      more,
    );
  return fail(
    state,
    `the agent’s pod ${own.name} on ${node} is ${own.phase}, not ready`,
    [
      say(
        `Possible reasons: IPv6 is off (then write configuration: { agent: { additionalArgs: { "-b": 169.254.170.23 } } }), a process takes port ${AGENT_PORT} of the node, or the node cannot reach the EKS Auth API. The log names the reason; the command needs the verb get on pods and pods/log:`,
      ),
      kubectl(cluster, AGENT_NAMESPACE, 'logs', own.name, '--tail', '50'),
    ],
    more,
  );
}

function takesPort(pod: PodFacts, node: string): boolean {
  if (pod.node !== node || pod.ending || agentPods([pod]).length > 0) return false;
  return pod.containers.some(({ hostPorts }) => hostPorts.includes(AGENT_PORT));
}
