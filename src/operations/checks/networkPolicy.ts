import { need } from '../../estate/ask';
import type { NetworkPolicyFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { named } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass } from './Check';
import { agentAddress, AGENT_PORT, inRange, needPodsOnPodIdentity } from './pods';

/** What blocks a pod from the agent. `unknown`: policies that select pods by expressions decide, which are not read. */
interface Block {
  readonly state: 'problem' | 'unknown';
  readonly by: readonly NetworkPolicyFacts[];
}

/** NetworkPolicies let the pods that use Pod Identity, or will after a step, reach the agent. Policies add up: a policy that limits egress blocks, and any that allows opens. */
export const networkPolicy: CheckFunction = (subject) =>
  needPodsOnPodIdentity(subject, (all) => {
    const pods = all.filter(({ hostNetwork }) => !hostNetwork);
    if (pods.length === 0) return [];
    const { workload, cluster } = subject;
    return need([{ ask: 'networkPolicies', cluster: cluster.arn, namespace: workload.namespace }], (policies) => {
      const limiting = policies.filter(({ limitsEgress }) => limitsEgress);
      const blocked = new Map<string, { readonly block: Block; readonly pods: PodFacts[] }>();
      for (const pod of pods) {
        const block = blockOf(limiting, pod);
        if (block === undefined) continue;
        const key = block.by.map(({ name }) => name).join();
        blocked.set(key, { block, pods: [...(blocked.get(key)?.pods ?? []), pod] });
      }
      if (blocked.size > 0) return [...blocked.values()].map((one) => judge(one.block, one.pods));
      return pass(limiting.length === 0 ? 'no NetworkPolicy limits egress' : 'its pods can reach the agent');
    });
  });

function judge({ state, by }: Block, pods: readonly PodFacts[]): CheckResult {
  const names = pods.map(({ name }) => name);
  const address = pods[0] === undefined ? '' : agentAddress(pods[0]);
  const range = `${address}/${address.includes(':') ? 128 : 32}`;
  const policies = `NetworkPolicy ${named(by.map(({ name }) => name))}`;
  return fail(
    state,
    state === 'problem'
      ? `${policies} limits egress, and nothing allows ${range} port ${AGENT_PORT}, the agent: ${named(names)}`
      : `${policies} limits egress without ${range} port ${AGENT_PORT}, the agent, and selects pods by expressions, which podlift does not read`,
    `If the cluster’s network plugin enforces policies, allow it in an egress rule of its own:\n- to: [{ ipBlock: { cidr: ${range} } }]\n  ports: [{ protocol: TCP, port: ${AGENT_PORT} }]`,
    { pods: names },
  );
}

/** What blocks a pod from the agent; nothing where the pod can reach it. */
function blockOf(limiting: readonly NetworkPolicyFacts[], pod: PodFacts): Block | undefined {
  const address = agentAddress(pod);
  const selecting = limiting.filter(({ podLabels }) => podLabels !== undefined && selects(podLabels, pod));
  const unread = limiting.filter(({ podLabels }) => podLabels === undefined);
  if (selecting.some((policy) => allows(policy, address))) return undefined;
  if (selecting.length > 0)
    return unread.some((policy) => allows(policy, address))
      ? { state: 'unknown', by: [...selecting, ...unread] }
      : { state: 'problem', by: selecting };
  // An unread policy that allows may select other pods: each that does not is a doubt.
  const doubtful = unread.filter((policy) => !allows(policy, address));
  return doubtful.length > 0 ? { state: 'unknown', by: doubtful } : undefined;
}

function selects(labels: Readonly<Record<string, string>>, pod: PodFacts): boolean {
  return Object.entries(labels).every(([key, value]) => pod.labels[key] === value);
}

function allows({ egress }: NetworkPolicyFacts, address: string): boolean {
  return egress.some(
    ({ blocks, ports }) =>
      (blocks === undefined ||
        blocks.some(({ cidr, except }) => inRange(cidr, address) && !except.some((hole) => inRange(hole, address)))) &&
      (ports === undefined || ports.some(({ from, to }) => from <= AGENT_PORT && AGENT_PORT <= to)),
  );
}
