import { podCredentials } from '../../comparison/podCredentials';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';

/** The agent's addresses. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
export const AGENT_IPV4 = '169.254.170.23';
export const AGENT_IPV6 = 'fd00:ec2::23';

/** The address at which a pod asks the agent, by its own variable: the webhook writes the IPv6 one on clusters of that family. */
export function agentAddress({ containers }: PodFacts): string {
  const v6 = containers.some(({ env }) => env.AWS_CONTAINER_CREDENTIALS_FULL_URI?.includes(`[${AGENT_IPV6}]`) === true);
  return v6 ? AGENT_IPV6 : AGENT_IPV4;
}

/** The pods that were given Pod Identity: those that have to reach the agent. */
export function askTheAgent(pods: readonly PodFacts[]): PodFacts[] {
  return pods.filter((pod) => podCredentials(pod).podIdentity);
}
