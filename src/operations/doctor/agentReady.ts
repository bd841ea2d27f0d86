import { AGENT_APP } from '../evidence/agentAddon';
import type { NodeFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';

/** Node computes where the agent cannot run, by what a node's labels say. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
const WITHOUT_AGENT: ReadonlySet<string> = new Set(['fargate', 'windows']);

/** `fargate`, `windows`, `auto`, `ec2`, …; empty where the node's labels do not say. */
export function computeOf({ os, computeType }: NodeFacts): string {
  return os === 'windows' ? 'windows' : (computeType ?? '');
}

/** Whether no agent can run on a node. */
export function cannotHaveAgent(node: NodeFacts): boolean {
  return WITHOUT_AGENT.has(computeOf(node));
}

/** The names of the nodes on which pods are, each once. */
export function nodesOf(pods: readonly PodFacts[]): string[] {
  return [...new Set(pods.flatMap(({ node }) => node ?? []))];
}

/** The pods of the agent's DaemonSet. */
export function agentsAmong(pods: readonly PodFacts[]): PodFacts[] {
  return pods.filter(({ app, ending }) => app === AGENT_APP && !ending);
}

/** Nodes of these pods that should have an agent and have none that is ready; Auto Mode's nodes have it built in. */
export function nodesWithoutAgent(
  pods: readonly PodFacts[],
  nodes: readonly NodeFacts[],
  kubeSystem: readonly PodFacts[],
): string[] {
  const exempt = new Set(
    nodes.filter((node) => computeOf(node) === 'auto' || cannotHaveAgent(node)).map(({ name }) => name),
  );
  const ready = new Set(agentsAmong(kubeSystem).flatMap((pod) => (pod.ready ? (pod.node ?? []) : [])));
  return nodesOf(pods).filter((node) => !exempt.has(node) && !ready.has(node));
}
