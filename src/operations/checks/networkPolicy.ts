import { need } from '../../estate/ask';
import type { NetworkPolicyFacts, PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import { meets } from '../../comparison/scheduling';
import { named } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass } from './Check';
import { needEnginePolicies } from './enginePolicies';
import { type AgentClient, AGENT_PORT, inRange, inspectClient, needAgentClients } from './pods';

/**
 * What keeps a pod from the agent. `unknown`: policies that select pods by expressions decide, in an Estate that does not have these. `host`: the policy
 * engine decides about the agent’s address otherwise than about a range of addresses.
 */
interface Block {
  readonly kind: 'closed' | 'unknown' | 'host';
  readonly by: readonly NetworkPolicyFacts[];
}

/**
 * NetworkPolicies let the pods that use Pod Identity, or will after a step, reach the agent. Policies add up: a policy that limits egress blocks, and
 * any that allows opens. Pod templates without a running pod are judged by their labels. Policies of other engines that may select the pods could not be checked.
 */
export const networkPolicy: CheckFunction = (subject) =>
  needAgentClients(subject, (all) => {
    const clients = all.filter(({ hostNetwork }) => !hostNetwork);
    if (clients.length === 0) return [];
    const { cluster, serviceAccount } = subject;
    const asked = { ask: 'networkPolicies', cluster: cluster.arn, namespace: serviceAccount.namespace } as const;
    const ofKubernetes = need([asked], (policies) => {
      const limiting = policies.filter(({ limitsEgress }) => limitsEgress);
      if (limiting.length === 0) return pass('no NetworkPolicy limits egress');
      const asPlain = blocksOf(limiting, clients, false);
      const judged = (blocks: typeof asPlain) =>
        blocks.length > 0
          ? blocks.map(({ block, of }) => ({ ...judge(block, of), ...inspect(of) }))
          : pass('its pods can reach the agent');
      const isSelected = clients.some((client) => limiting.some((policy) => selects(policy, client) !== false));
      if (!isSelected) return judged(asPlain);
      return need(
        [
          { ask: 'allTemplates', cluster: cluster.arn },
          { ask: 'pods', cluster: cluster.arn, namespace: 'kube-system' },
        ],
        (templates, system) =>
          judged([...templates, ...system].some(isCilium) ? blocksOf(limiting, clients, true) : asPlain),
      );
    });
    return [ofKubernetes, needEnginePolicies(subject, clients)];

    function inspect([first]: readonly AgentClient[]) {
      const step = first && inspectClient(cluster, first);
      return step === undefined ? {} : { inspect: step };
    }
  });

/**
 * Whether a DaemonSet or a pod is the agent of Cilium. Cilium takes the address of the Pod Identity agent for one of the host: no range of addresses
 * admits it, and a rule without peers does. AWS’s network policy agent and Calico judge it as every other address.
 * Source: cilium/cilium #34387; https://docs.cilium.io/en/stable/security/policy/language/#entities-based; labels: cilium/cilium,
 * install/kubernetes/cilium/templates/cilium-agent/daemonset.yaml
 */
function isCilium({ labels, containers }: PodFacts | TemplateFacts): boolean {
  return (
    labels['k8s-app'] === 'cilium' ||
    labels['app.kubernetes.io/name'] === 'cilium-agent' ||
    containers.some(({ image }) => /(^|\/)cilium\/cilium(-enterprise)?(-ci)?([:@]|$)/.test(image))
  );
}

function blocksOf(
  limiting: readonly NetworkPolicyFacts[],
  clients: readonly AgentClient[],
  cilium: boolean,
): readonly { readonly block: Block; readonly of: readonly AgentClient[] }[] {
  const blocked = new Map<string, { readonly block: Block; readonly of: AgentClient[] }>();
  for (const client of clients) {
    const block = blockOf(limiting, client, cilium);
    if (block === undefined) continue;
    const key = [block.kind, client.address, ...block.by.map(({ name }) => name)].join();
    blocked.set(key, { block, of: [...(blocked.get(key)?.of ?? []), client] });
  }
  return [...blocked.values()];
}

function judge({ kind, by }: Block, clients: readonly AgentClient[]): CheckResult {
  const names = clients.map(({ name }) => name);
  const pods = clients.flatMap(({ pod }) => pod?.name ?? []);
  const address = clients[0]?.address ?? '';
  const range = `${address}/${address.includes(':') ? 128 : 32}`;
  const policies = `NetworkPolicy ${named(by.map(({ name }) => name))}`;
  const port = `ports: [{ protocol: TCP, port: ${AGENT_PORT} }]`;
  if (kind === 'host')
    return fail(
      'unknown',
      `could not be checked: ${policies} limits egress of ${named(names)}, and Cilium takes ${address}, the agent, for the host: an ipBlock rule does not admit it`,
      `Allow it in a CiliumNetworkPolicy that selects these pods. podlift does not evaluate these policies:\negress:\n  - toEntities: [host]\n    toPorts: [{ ports: [{ port: "${AGENT_PORT}", protocol: TCP }] }]`,
      { pods },
    );
  return fail(
    kind === 'closed' ? 'problem' : 'unknown',
    kind === 'closed'
      ? `${policies} limits egress, and nothing allows ${range} port ${AGENT_PORT}, the agent: ${named(names)}`
      : `${policies} limits egress without ${range} port ${AGENT_PORT}, the agent, and selects pods by expressions, which the Estate does not have`,
    `If the cluster’s network plugin enforces policies, allow it in an egress rule of its own:\n- to: [{ ipBlock: { cidr: ${range} } }]\n  ${port}`,
    { pods },
  );
}

/** What blocks a client from the agent; nothing where it can reach the agent. */
function blockOf(limiting: readonly NetworkPolicyFacts[], client: AgentClient, cilium: boolean): Block | undefined {
  const { address } = client;
  const selecting = limiting.filter((policy) => selects(policy, client) === true);
  const unread = limiting.filter((policy) => selects(policy, client) === undefined);
  if (cilium) {
    const by = [...selecting, ...unread];
    return by.length === 0 || selecting.some(allowsEveryone) ? undefined : { kind: 'host', by };
  }
  if (selecting.some((policy) => allows(policy, address))) return undefined;
  if (selecting.length > 0)
    return unread.some((policy) => allows(policy, address))
      ? { kind: 'unknown', by: [...selecting, ...unread] }
      : { kind: 'closed', by: selecting };
  // An unread policy that allows may select other pods: each that does not is a doubt.
  const doubtful = unread.filter((policy) => !allows(policy, address));
  return doubtful.length > 0 ? { kind: 'unknown', by: doubtful } : undefined;
}

/** Whether a policy selects a client; undefined: by expressions, which an Estate of an older podlift does not have. */
function selects({ podLabels, podSelector }: NetworkPolicyFacts, { labels }: AgentClient): boolean | undefined {
  if (podSelector !== undefined)
    return hasLabels(podSelector.labels, labels) && podSelector.expressions.every((one) => meets(one, labels));
  return podLabels && hasLabels(podLabels, labels);
}

function hasLabels(wanted: Readonly<Record<string, string>>, labels: AgentClient['labels']): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

type Rule = NetworkPolicyFacts['egress'][number];

function allows({ egress }: NetworkPolicyFacts, address: string): boolean {
  return egress.some(
    (rule) =>
      hasPort(rule) &&
      (rule.blocks === undefined ||
        rule.blocks.some(
          ({ cidr, except }) => inRange(cidr, address) && !except.some((hole) => inRange(hole, address)),
        )),
  );
}

function allowsEveryone({ egress }: NetworkPolicyFacts): boolean {
  return egress.some((rule) => rule.blocks === undefined && hasPort(rule));
}

function hasPort({ ports }: Rule): boolean {
  return ports === undefined || ports.some(({ from, to }) => from <= AGENT_PORT && AGENT_PORT <= to);
}
