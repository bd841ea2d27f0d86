import { AGENT_ADDON } from '../../blueprint/agents';
import {
  AGENT_APP,
  AGENT_NAMESPACE,
  agentPods,
  cannotMove,
  compareAgentOnNodes,
  computeOf,
  nodesOf,
} from '../../comparison/nodes';
import { obstacleOn, type Obstacle } from '../../comparison/scheduling';
import { ask, need } from '../../estate/ask';
import type { NodeFacts, PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import { inspectPod, kubectl, named } from '../remedies';
import {
  type Checked,
  type CheckFunction,
  type CheckResult,
  fail,
  needsPodIdentity,
  pass,
  problem,
  usesPodIdentity,
  type WorkloadOnCluster,
} from './Check';
import { AGENT_PORT, ownPods, ownTemplates, ownerText, podsRun, severity } from './pods';

/**
 * The ports of the node that the agent’s pod takes: for credentials, and for its probes. A pod with one of these ports keeps the agent’s pod off the node.
 * Source: aws/eks-pod-identity-agent, charts/eks-pod-identity-agent/templates/daemonset.yaml
 */
const AGENT_PORTS: readonly number[] = [AGENT_PORT, 2703];

/** On the node of each of the workload's pods a pod of the agent is ready, and can be on each node that may run the workload. */
export const agentOnNodes: CheckFunction = (subject) => {
  if (!needsPodIdentity(subject)) return [];
  // The step brings the agent, or nothing needs it yet: only what will keep it off the nodes counts.
  return subject.next === undefined || usesPodIdentity(subject) ? onEachNode(subject) : beforeAgent(subject);
};

/** Whether a pod of another app has a port of a node that the agent needs, where the agent is not on the node yet. */
function beforeAgent(subject: WorkloadOnCluster): Checked {
  const { cluster, questions } = subject;
  return need(
    [questions.pods, questions.templates, questions.nodes, { ask: 'allPods', cluster: cluster.arn }],
    (namespace, templates, nodes, neighbours): Checked => {
      const own = ownPods(subject, namespace);
      const used = new Set(nodesOf(own));
      const candidates = nodes.filter(
        (node) =>
          used.has(node.name) || ownTemplates(subject, templates).some((one) => obstacleOn(one, node) === undefined),
      );
      const withAgent = new Set(nodesOf(agentPods(neighbours).filter(({ ready }) => ready)));
      const needing = candidates.filter((node) => isForAgent(node) && !withAgent.has(node.name));
      const taken = needing.flatMap((node) =>
        neighbours.filter((pod) => takesPort(pod, node.name)).map((pod) => ({ node, pod })),
      );
      const inspect = kubectl(cluster)`get pods -A -o wide`;
      const [first] = taken;
      if (first === undefined)
        return pass(`no pod takes the ports of the agent, ${AGENT_PORTS.join(' and ')}`, { inspect });
      const places = taken.map(({ node, pod }) => `${pod.namespace}/${pod.name} on ${node.name}`);
      const ports = [...new Set(taken.flatMap(({ pod }) => portsTaken(pod)))].join(' and ');
      return problem(
        `${named(places)} ${taken.length === 1 ? 'takes' : 'take'} port ${ports} of the node: the agent cannot start there`,
        [freePort(subject), inspectPod(cluster, first.pod)],
        { inspect, pods: taken.map(({ pod }) => pod.name) },
      );
    },
  );
}

function freePort({ workload }: WorkloadOnCluster): string {
  return `Give the pod another host port, or keep it off the nodes of ${workload.key}. This shows the pod that takes the port:`;
}

/** Nodes on which the add-on runs the agent: not those that have it built in, and not those where it cannot run. */
function isForAgent(node: NodeFacts): boolean {
  const compute = computeOf(node);
  return compute !== 'auto' && !cannotMove(compute);
}

function onEachNode(subject: WorkloadOnCluster): Checked {
  const { cluster, workload, questions } = subject;
  const system = { cluster: cluster.arn, namespace: AGENT_NAMESPACE } as const;
  const inspect = kubectl(cluster, AGENT_NAMESPACE)`get pods -l app.kubernetes.io/name=${AGENT_APP} -o wide`;
  const asked = [questions.pods, { ask: 'pods', ...system }, questions.nodes] as const;
  return need(
    [...asked, questions.templates, { ask: 'templates', ...system }],
    (namespace, kubeSystem, nodes, templates, systemTemplates): Checked => {
      const pods = ownPods(subject, namespace);
      const own = ownTemplates(subject, templates);
      const { used, builtIn, without } = compareAgentOnNodes(pods, nodes, kubeSystem);
      const agents = systemTemplates.filter(({ kind, app }) => kind === 'DaemonSet' && app === AGENT_APP);
      const kept = agents.length === 0 ? [] : keptOff(agents, own, nodes, new Set(used));
      const keptNames = new Set(kept.map(({ node }) => node.name));
      const missing = without.filter(
        (node) => !keptNames.has(node) || agentPods(kubeSystem).some((pod) => pod.node === node),
      );
      const state = severity(subject, { ok: true, value: namespace }, 'pod-identity');
      const scheduling = [
        ...obstacles(subject, kept, state),
        ...(subject.next === undefined ? [] : jobsOnNewNodes(subject, own, nodes, systemTemplates)),
      ];
      const shownPods = (node: string) => pods.filter((pod) => pod.node === node).map(({ name }) => name);
      if (missing.length === 0) {
        if (scheduling.some((one) => one.state !== 'warning')) return scheduling;
        if (used.length === 0) return [pass('no pod is on a node now', { inspect }), ...scheduling];
        const how = builtIn.length === 0 ? '' : `, built in on ${builtIn.length}`;
        const on = used.length === 1 ? '1 node' : `${used.length} nodes`;
        return [pass(`${podsRun(pods.length)} on ${on}, the agent is ready on each${how}`, { inspect }), ...scheduling];
      }
      return [
        ...scheduling,
        ask([{ ask: 'allPods', cluster: cluster.arn }], (neighbours) =>
          missing.map((node) => {
            const more = { inspect, pods: shownPods(node) };
            const takers = neighbours.ok ? neighbours.value.filter((pod) => takesPort(pod, node)) : [];
            const [first] = takers;
            if (first !== undefined)
              return fail(
                state,
                `no agent is ready on ${node}: ${named(takers.map((pod) => `${pod.namespace}/${pod.name}`))} takes port ${portsTaken(first).join(' and ')} of the node`,
                [
                  `Give the pod another host port, or keep it off the nodes of ${workload.key}. Then delete the agent’s pod on ${node}, so that a new one starts. This shows the pod that takes the port:`,
                  inspectPod(cluster, first),
                ],
                { ...more, inspect: kubectl(cluster)`get pods -A -o wide --field-selector spec.nodeName=${node}` },
              );
            const ofAgent = agentPods(kubeSystem).find((pod) => pod.node === node);
            if (ofAgent === undefined)
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
              `the agent’s pod ${ofAgent.name} on ${node} is ${ofAgent.phase}, not ready`,
              [
                `Possible reasons: IPv6 is off (then write configuration: { agent: { additionalArgs: { "-b": 169.254.170.23 } } }), a process takes port ${AGENT_PORT} of the node, or the node cannot reach the EKS Auth API. The log names the reason; the command needs the verb get on pods and pods/log:`,
                kubectl(cluster, AGENT_NAMESPACE)`logs ${ofAgent.name} --tail 50`,
              ],
              more,
            );
          }),
        ),
      ];
    },
  );
}

/** A node that may run the workload, and that no DaemonSet of the agent reaches. */
interface KeptOff {
  readonly node: NodeFacts;
  readonly obstacle: Obstacle;
}

/** The nodes that may run the workload and from which a taint, a selector or an affinity keeps every DaemonSet of the agent. */
function keptOff(
  agents: readonly TemplateFacts[],
  own: readonly TemplateFacts[],
  nodes: readonly NodeFacts[],
  used: ReadonlySet<string>,
): readonly KeptOff[] {
  return nodes
    .filter((node) => isForAgent(node) && node.labels !== undefined)
    .filter((node) => used.has(node.name) || own.some((template) => obstacleOn(template, node) === undefined))
    .flatMap((node): KeptOff[] => {
      const all = agents.map((agent) => obstacleOn(agent, node));
      if (all.includes(undefined)) return [];
      const obstacle = all.find((one) => one !== undefined && 'taint' in one) ?? all[0];
      return obstacle === undefined ? [] : [{ node, obstacle }];
    });
}

/** The label of a node with the name of its pool: of Karpenter, or of a managed node group. */
const POOLS = ['karpenter.sh/nodepool', 'karpenter.sh/provisioner-name', 'eks.amazonaws.com/nodegroup'] as const;

/** `node pool spot`; the name of a node that belongs to none. */
function poolText({ name, labels = {} }: NodeFacts): string {
  const pool = POOLS.flatMap((key) => labels[key] ?? [])[0];
  return pool === undefined ? name : `${name} (node pool ${pool})`;
}

function obstacles(
  { cluster }: WorkloadOnCluster,
  kept: readonly KeptOff[],
  state: 'problem' | 'warning',
): readonly CheckResult[] {
  const groups = new Map<string, KeptOff[]>();
  for (const one of kept) {
    const key = 'taint' in one.obstacle ? taintText(one.obstacle.taint) : '';
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups].map(([taint, group]) => {
    const names = named(group.map(({ node }) => poolText(node)));
    const show = kubectl(
      cluster,
      AGENT_NAMESPACE,
    )`get daemonsets --field-selector ${`metadata.name=${AGENT_ADDON}`} -o yaml`;
    return taint === ''
      ? fail(
          state,
          `a selector or an affinity of the agent’s DaemonSet excludes ${names}, where the workload may run`,
          [
            `Remove nodeSelector and affinity from agent.configuration of cluster ${cluster.key} in the inventory, then apply. This shows the DaemonSet:`,
            show,
          ],
          { inspect: show },
        )
      : fail(
          state,
          `the agent’s DaemonSet does not tolerate the taint ${taint} of ${names}, where the workload may run`,
          [
            `Write tolerations: [{ operator: Exists }] into agent.configuration of cluster ${cluster.key} in the inventory, then apply. This shows the DaemonSet:`,
            show,
          ],
          { inspect: show },
        );
  });
}

function taintText({ key, value, effect }: NonNullable<NodeFacts['taints']>[number]): string {
  return `${key}${value === undefined ? '' : `=${value}`}:${effect}`;
}

/**
 * Jobs can start on a new node before the agent is ready there, and fail at their first request: the association says nothing about the node.
 * Source: aws/eks-pod-identity-agent #159
 */
function jobsOnNewNodes(
  { cluster, serviceAccount }: WorkloadOnCluster,
  own: readonly TemplateFacts[],
  nodes: readonly NodeFacts[],
  system: readonly TemplateFacts[],
): readonly CheckResult[] {
  const jobs = own.filter(({ kind, finished }) => kind === 'CronJob' || (kind === 'Job' && finished !== true));
  const hasAutoscaler = system.some(({ containers }) =>
    containers.some(({ image }) => /(^|\/)cluster-autoscaler([:@]|$)/.test(image)),
  );
  const pools = new Set(
    nodes
      .filter(isForAgent)
      .filter((node) => jobs.some((job) => obstacleOn(job, node) === undefined))
      .flatMap(({ labels = {} }) => {
        const [karpenter, provisioner, group] = POOLS.map((key) => labels[key]);
        return karpenter ?? provisioner ?? (hasAutoscaler ? (group ?? []) : []);
      }),
  );
  if (jobs.length === 0 || pools.size === 0) return [];
  return [
    fail(
      'warning',
      `${named(jobs.map(ownerText))} can start on a new node of ${named(pools)} before the agent is ready there, and its first request for credentials fails`,
      [
        `Let the pods of these Jobs wait: an init container that ends when http://169.254.170.23:${AGENT_PORT} answers, or a startup taint of the node pool that is removed when the agent is ready. A backoffLimit of 3 or more repeats what failed. This shows the templates:`,
        kubectl(cluster, serviceAccount.namespace)`get jobs,cronjobs -o yaml`,
      ],
      { inspect: kubectl(cluster, serviceAccount.namespace)`get jobs,cronjobs` },
    ),
  ];
}

function portsTaken({ containers }: PodFacts): readonly number[] {
  const taken = new Set(containers.flatMap(({ hostPorts }) => hostPorts));
  return AGENT_PORTS.filter((port) => taken.has(port));
}

function takesPort(pod: PodFacts, node: string): boolean {
  if (pod.node !== node || pod.ending || agentPods([pod]).length > 0) return false;
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return false;
  return portsTaken(pod).length > 0;
}
