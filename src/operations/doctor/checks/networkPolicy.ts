import { named } from '../../checks/named';
import type { NetworkPolicyFacts, PodFacts } from '../../../estate/kubernetes/KubernetesPort';
import { agentAddress, askTheAgent } from '../agentAddress';
import type { Judgement } from '../DoctorFinding';
import type { Judge } from '../Judge';
import { ill, kubectlLook, unknown, well } from '../judgement';
import { inRange } from './proxy';

const AGENT_PORT = 80;

/** NetworkPolicies let the pods that ask the agent reach it. Policies add up: one that limits egress shuts, any that allows opens. */
export const networkPolicy: Judge = (patient, { pods, networkPolicies }) => {
  if (!pods.ok) return [];
  const asking = askTheAgent(pods.value).filter(({ hostNetwork }) => !hostNetwork);
  if (asking.length === 0) return [];
  const { namespace } = patient.workload;
  const look = kubectlLook(patient, 'get networkpolicies -o yaml', namespace);
  if (!networkPolicies.ok) return [unknown(look, `get networkpolicies -n ${namespace}`, networkPolicies)];
  const limiting = networkPolicies.value.filter(({ limitsEgress }) => limitsEgress);
  const shut = new Map<string, { readonly state: 'problem' | 'unknown'; readonly pods: PodFacts[] }>();
  for (const pod of asking) {
    const verdict = reach(limiting, pod);
    if (verdict === undefined) continue;
    const known = shut.get(verdict.by);
    if (known === undefined) shut.set(verdict.by, { state: verdict.state, pods: [pod] });
    else known.pods.push(pod);
  }
  if (shut.size === 0) return [well(look, limiting.length === 0 ? 'none limits egress' : 'the agent can be reached')];
  return [...shut].map(([by, { state, pods: these }]): Judgement => {
    const names = these.map(({ name }) => name);
    const address = these[0] === undefined ? '' : agentAddress(these[0]);
    const block = `${address}/${address.includes(':') ? 128 : 32}`;
    return ill(
      look,
      state,
      state === 'problem'
        ? `${by} limits egress, and nothing allows ${block} port ${AGENT_PORT}, the agent: ${named(names)}`
        : `${by} limits egress without ${block} port ${AGENT_PORT}, the agent, and selects pods by expressions, which are not read here`,
      `Allow it, where the cluster’s network plugin enforces policies, in an egress rule of its own:\n- to: [{ ipBlock: { cidr: ${block} } }]\n  ports: [{ protocol: TCP, port: ${AGENT_PORT} }]`,
      names,
    );
  });
};

/** What shuts a pod off from the agent; nothing where it can reach it. */
function reach(
  limiting: readonly NetworkPolicyFacts[],
  pod: PodFacts,
): { readonly state: 'problem' | 'unknown'; readonly by: string } | undefined {
  const address = agentAddress(pod);
  const selecting = limiting.filter(({ podLabels }) => podLabels !== undefined && selects(podLabels, pod));
  const untold = limiting.filter(({ podLabels }) => podLabels === undefined);
  if (selecting.some((policy) => allows(policy, address))) return undefined;
  if (selecting.length > 0) {
    const opens = untold.some((policy) => allows(policy, address));
    return { state: opens ? 'unknown' : 'problem', by: nameAll(opens ? [...selecting, ...untold] : selecting) };
  }
  const maybe = untold.filter((policy) => !allows(policy, address));
  // An allowing one beside it may select other pods: each that shuts is a doubt.
  return maybe.length > 0 ? { state: 'unknown', by: nameAll(maybe) } : undefined;
}

function nameAll(policies: readonly NetworkPolicyFacts[]): string {
  return `NetworkPolicy ${named(policies.map(({ name }) => name))}`;
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
