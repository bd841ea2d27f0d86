import type { NodeFacts, PodFacts } from '../estate/kubernetes/KubernetesPort';
import type { Compute } from '../inventory/Inventory';

/** The namespace of the agent's DaemonSet, and the label `app.kubernetes.io/name` of its pods. */
export const AGENT_NAMESPACE = 'kube-system';
export const AGENT_APP = 'eks-pod-identity-agent';

/** Computes where the agent cannot run. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
const WITHOUT_AGENT: ReadonlySet<string | undefined> = new Set<Compute>(['fargate', 'windows']);

/** Whether no agent can run on a compute. */
export function cannotMove(compute: string | undefined): boolean {
  return WITHOUT_AGENT.has(compute);
}

/** `fargate`, `windows`, `auto`, `ec2`, `hybrid`, …; empty where the node's labels do not say. */
export function computeOf({ os, computeType }: NodeFacts): string {
  return os === 'windows' ? 'windows' : (computeType ?? '');
}

/** The pods of a service account that run or are about to; pods that have ended hold no credentials that anyone uses. */
export function runningPods(pods: readonly PodFacts[], serviceAccount: string): readonly PodFacts[] {
  return pods.filter(
    (pod) => pod.serviceAccount === serviceAccount && pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
  );
}

/** The names of the nodes on which pods are, each once. */
export function nodesOf(pods: readonly PodFacts[]): readonly string[] {
  return [...new Set(pods.flatMap(({ node }) => node ?? []))];
}

/** A pod on a node where no agent can run. */
export interface StuckPod {
  readonly pod: PodFacts;
  readonly compute: string;
}

/** The pods that are on nodes where no agent can run. */
export function stuckPods(pods: readonly PodFacts[], nodes: readonly NodeFacts[]): readonly StuckPod[] {
  const without = nodes
    .map((node) => ({ name: node.name, compute: computeOf(node) }))
    .filter(({ compute }) => cannotMove(compute));
  const computes = new Map<string | undefined, string>(without.map(({ name, compute }) => [name, compute]));
  return pods.flatMap((pod) => {
    const compute = computes.get(pod.node);
    return compute === undefined ? [] : [{ pod, compute }];
  });
}

/** What pods run on, as far as they are on nodes. */
export interface PodsCompute {
  /** Absent: EC2, or not known. */
  readonly compute?: Compute;
  /** The pods that are on nodes where no agent can run. */
  readonly stuck: readonly StuckPod[];
}

const NOT_EC2: ReadonlySet<string | undefined> = new Set<Compute>(['fargate', 'windows', 'hybrid', 'auto']);

/** What the pods of a service account run on. One pod where no agent can run decides: an association is for all pods. */
export function computeOfPods(pods: readonly PodFacts[], nodes: readonly NodeFacts[]): PodsCompute {
  const used = new Set(nodesOf(pods));
  const own = nodes.filter(({ name }) => used.has(name));
  const stuck = stuckPods(pods, own);
  const [only, ...others] = new Set(own.map(computeOf));
  const compute = stuck[0]?.compute ?? (others.length === 0 ? only : undefined);
  return { ...(NOT_EC2.has(compute) && { compute: compute as Compute }), stuck };
}

/** The pods of the agent's DaemonSet. */
export function agentPods(pods: readonly PodFacts[]): readonly PodFacts[] {
  return pods.filter(({ app, ending }) => app === AGENT_APP && !ending);
}

/** Where the agent is for some pods. */
export interface AgentOnNodes {
  /** The nodes of the pods. */
  readonly used: readonly string[];
  /** Those that have the agent built in (Auto Mode). */
  readonly builtIn: readonly string[];
  /** Those that must have a ready agent and have none. Nodes where no agent can run are not among them: see `stuckPods`. */
  readonly without: readonly string[];
}

/** Where the agent is ready on the nodes of some pods. `agentNamespace`: the pods of the agent's namespace. */
export function compareAgentOnNodes(
  pods: readonly PodFacts[],
  nodes: readonly NodeFacts[],
  agentNamespace: readonly PodFacts[],
): AgentOnNodes {
  const computes = new Map(nodes.map((node) => [node.name, computeOf(node)]));
  const ready = new Set(nodesOf(agentPods(agentNamespace).filter((pod) => pod.ready)));
  const used = nodesOf(pods);
  return {
    used,
    builtIn: used.filter((node) => computes.get(node) === 'auto'),
    without: used.filter((node) => {
      const compute = computes.get(node);
      return compute !== 'auto' && !cannotMove(compute) && !ready.has(node);
    }),
  };
}
