import { AGENT_ADDON } from '../../blueprint/agents';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster, Environment } from '../../inventory/Inventory';
import type { Open } from './blockedBy';
import type { FirstStep, LeftOut } from './Proposal';
import { configurationNotes } from './proposedCluster';
import { agentFields, clusterText } from './snippets';

/** Where a cluster that the inventory has is otherwise than it says; its entry is not touched. */
export function knownNotes(
  environment: Environment,
  cluster: Cluster,
  { facts, addons }: Open,
  left: readonly LeftOut[],
): readonly string[] {
  const at = `environments.${environment.key}.clusters.${cluster.key}`;
  const agent = addons.find(({ name }) => name === AGENT_ADDON);
  return [
    ...(facts.version === cluster.version
      ? []
      : [`It is at ${facts.version} now: write ${at}.version: "${facts.version}".`]),
    ...(facts.autoMode === cluster.autoMode ? [] : [`Write ${at}.autoMode: ${String(facts.autoMode)}, as it is.`]),
    ...(agent !== undefined && cluster.agent === undefined && !left.some(needsCluster)
      ? [`Its agent ${agent.version} is there already: write ${at}.agent: { version: ${agent.version}, adopt: true }.`]
      : []),
    ...(agent !== undefined && cluster.agent?.adopt === false && agentMayBeOwn(environment, cluster)
      ? [`Its agent is there already: unless podlift made it, write ${at}.agent.adopt: true.`]
      : []),
  ];
}

/**
 * What has to stand in the entry of a cluster that the inventory has, before the next plan: its issuer, and `adopt` for an agent that is
 * installed and cannot be podlift's, or that somebody who was left out needs. A plan that adds one fails: EKS takes an add-on once.
 */
export function firstSteps(
  environment: Environment,
  cluster: Cluster,
  { facts, provider, addons }: Open,
  left: readonly LeftOut[],
): readonly FirstStep[] {
  const at = `environments.${environment.key}.clusters.${cluster.key}`;
  const text = (fields: Parameters<typeof clusterText>[2]) => clusterText(environment.key, cluster.key, fields);
  const agent = addons.find(({ name }) => name === AGENT_ADDON);
  const steps: FirstStep[] = [];
  const blocks = left.some(({ reason }) => reason === 'cluster-entry');
  if (blocks && cluster.oidc === undefined && facts.issuer !== undefined && provider !== undefined)
    steps.push({
      message: `cluster ${cluster.key} has no oidc in the inventory, and IAM has its provider: nothing that is on IRSA can be proposed`,
      hint: `Write ${at}.oidc, then run discover again:`,
      snippet: text({ oidc: { issuer: facts.issuer } }),
    });
  if (agent === undefined || cluster.agent?.adopt === true) return steps;
  if (cluster.agent === undefined ? !left.some(needsCluster) : agentMayBeOwn(environment, cluster)) return steps;
  steps.push({
    message:
      cluster.agent === undefined
        ? `the agent is installed on ${cluster.name} (${agent.version}), and the inventory has none`
        : `the agent is installed on ${cluster.name} (${agent.version}), and podlift did not make it: a plan would add it, which EKS refuses`,
    hint: [
      `Write ${at}.agent like this${cluster.agent === undefined ? '' : ', in place of what stands there'}: it is taken over as it is.`,
      ...configurationNotes(agent),
    ].join('\n'),
    snippet: text({ agent: agentFields(agent) }),
  });
  return steps;
}

/** Left out for what the cluster's entry lacks, or with steps that need the agent. */
function needsCluster({ reason }: LeftOut): boolean {
  return reason === 'cluster-entry' || reason === 'other-account';
}

/** podlift makes the agent with the first workload that leaves `irsa`: it may be its own only where there is one. */
function agentMayBeOwn({ workloads }: Environment, { key }: Cluster): boolean {
  return workloads.some(({ clusters, stage }) => clusters.includes(key) && STAGE_TABLE[stage].trustsPodIdentity);
}
