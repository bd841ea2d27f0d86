import { BlockList, isIPv6 } from 'node:net';
import { podCredentials } from '../../comparison/podCredentials';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';

/** The port of the agent, on its node and at its address. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
export const AGENT_PORT = 80;

/** The agent's addresses. Source: the same page. */
const AGENT_IPV4 = '169.254.170.23';
const AGENT_IPV6 = 'fd00:ec2::23';

/** The address at which a pod requests credentials from the agent, by its own variable: the webhook writes the IPv6 address on clusters of that family. */
export function agentAddress({ containers }: PodFacts): string {
  const v6 = containers.some(({ env }) => env.AWS_CONTAINER_CREDENTIALS_FULL_URI?.includes(`[${AGENT_IPV6}]`) === true);
  return v6 ? AGENT_IPV6 : AGENT_IPV4;
}

/** The pods with Pod Identity: those that must reach the agent. */
export function podsOfAgent(pods: readonly PodFacts[]): readonly PodFacts[] {
  return pods.filter((pod) => podCredentials(pod).podIdentity);
}

/** Whether a range (`169.254.0.0/16`) has an address; a text that is no range has none. */
export function inRange(range: string, address: string): boolean {
  const [, net = '', bits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(range) ?? [];
  const family = isIPv6(net) ? 'ipv6' : 'ipv4';
  if ((family === 'ipv6') !== isIPv6(address)) return false;
  try {
    const list = new BlockList();
    list.addSubnet(net, Number(bits), family);
    return list.check(address, family);
  } catch {
    return false;
  }
}
