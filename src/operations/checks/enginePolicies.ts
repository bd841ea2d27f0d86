import { groupOf } from '../../catalogue/catalogue';
import { POLICY_KINDS, POLICY_RESOURCES } from '../../catalogue/policyEngines';
import { meets } from '../../comparison/scheduling';
import { need } from '../../estate/ask';
import type { EnginePolicyFacts } from '../../estate/kubernetes/KubernetesPort';
import { named } from '../remedies';
import { type CheckAsk, type Checked, fail, type WorkloadOnCluster } from './Check';
import { AGENT_PORT, type AgentClient } from './pods';

/**
 * Policies of other engines than Kubernetes' own (Cilium, Calico, AWS's and the admin policies), where they can keep pods of the workload from the agent. podlift
 * evaluates none of them, so that they could not be checked: never healthy. Nothing where the cluster has no such policy for these pods.
 */
export function needEnginePolicies(subject: WorkloadOnCluster, clients: readonly AgentClient[]): CheckAsk {
  const cluster = subject.cluster.arn;
  return need([{ ask: 'apiGroups', cluster }], (groups) =>
    POLICY_RESOURCES.filter((resource) => groups.includes(groupOf(resource))).map((resource) =>
      need([{ ask: 'enginePolicies', cluster, resource }], (policies) => judge(subject, clients, resource, policies)),
    ),
  );
}

function judge(
  { workload, serviceAccount }: WorkloadOnCluster,
  clients: readonly AgentClient[],
  resource: string,
  all: readonly EnginePolicyFacts[],
): Checked {
  const inNamespace = all.filter(
    ({ limits, namespace }) => limits && (namespace === undefined || namespace === serviceAccount.namespace),
  );
  const selected = clients.filter((client) => inNamespace.some((policy) => maySelect(policy, client)));
  if (selected.length === 0) return undefined;
  const policies = inNamespace.filter((policy) => selected.some((client) => maySelect(policy, client)));
  const { kind } = POLICY_KINDS[resource] ?? { kind: resource };
  const names = policies.map(({ namespace, name }) => (namespace === undefined ? name : `${namespace}/${name}`));
  const addresses = named(new Set(selected.map(({ address }) => address)));
  return fail(
    'unknown',
    `could not be checked: ${kind} ${named(new Set(names))} can limit egress of ${named(selected.map(({ name }) => name))}, and podlift does not evaluate these policies`,
    `Make sure that they allow TCP port ${AGENT_PORT} of ${addresses}, the agent, for these pods. Then accept the check by name, with the reason: --accept network-policy:${workload.key} --because REASON.`,
    { pods: selected.flatMap(({ pod }) => pod?.name ?? []) },
  );
}

/** Whether a policy may select a client: a selector that podlift does not read may. */
function maySelect({ podSelector }: EnginePolicyFacts, { labels }: AgentClient): boolean {
  return (
    podSelector === undefined ||
    (Object.entries(podSelector.labels).every(([key, value]) => labels[key] === value) &&
      podSelector.expressions.every((one) => meets(one, labels)))
  );
}
