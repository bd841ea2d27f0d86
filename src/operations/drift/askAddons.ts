import { AGENT_ADDON } from '../../blueprint/agents';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster } from '../../inventory/Inventory';
import { awsPlace } from '../evidence/places';
import type { Ports } from '../../estate/Ports';
import { addonDrift, unnamedAssociations, type WantedAddon } from './addonDrift';
import { answered, type Question } from './answered';
import { neverApplied } from './appliedAt';
import type { Difference, DriftKind, Unlike } from './Difference';
import type { Scope } from './Scope';

/** Asks for the agent of a cluster and for those of its EKS add-ons that hand out roles of the workloads. */
export function askAddons(scope: Scope, ports: Ports, cluster: Cluster): readonly Promise<readonly Difference[]>[] {
  const { environment, blueprint, workloads } = scope;
  const keys = new Set(workloads.map(({ key }) => key));
  const port = ports.aws(environment.account, cluster.region);
  const about = {
    environment: environment.key,
    cluster: cluster.key,
    of: awsPlace(environment.account, cluster.region),
  } as const;
  const ask = async (kind: DriftKind, addon: WantedAddon) => {
    const where = kind === 'agent' ? cluster.name : `${addon.name} on ${cluster.name}`;
    const asked = `eks:DescribeAddon ${addon.name} on ${cluster.name}`;
    const question: Question = { ...about, kind, where, asked, expected: `${addon.name} ${addon.version}` };
    const answer = await port.addon(cluster.name, addon.name);
    const never = addon.adopt && answer.ok && answer.value === undefined && (await neverApplied(scope, ports));
    const differences = answered(question, answer, (facts) =>
      addonDrift(scope, cluster, kind, where, addon, facts, never),
    );
    const facts = answer.ok ? answer.value : undefined;
    if (kind !== 'addon' || facts === undefined || facts.associationArns.length === 0) return differences;
    const owned = await port.associations(cluster.name);
    const more = {
      ...question,
      asked: `eks:ListPodIdentityAssociations ${cluster.name}`,
      expected: 'its associations',
    };
    return [...differences, ...answered(more, owned, (all) => unnamedAssociations(scope, cluster, where, facts, all))];
  };
  const askBuiltIn = async () => {
    const asked = `eks:DescribeCluster ${cluster.name}`;
    const question: Question = { ...about, kind: 'agent', where: cluster.name, asked, expected: BUILT_IN };
    const answer = await port.describeCluster(cluster.name);
    return answered(question, answer, (facts) => builtInDrift(cluster, facts?.autoMode));
  };
  return [
    ...blueprint.agents
      .filter((agent) => agent.cluster === cluster.key)
      .map((agent) => ask('agent', { ...agent, name: AGENT_ADDON })),
    ...(needsBuiltIn(scope, cluster) ? [askBuiltIn()] : []),
    ...blueprint.addons
      .filter((addon) => addon.cluster === cluster.key && addon.workloads.some((workload) => keys.has(workload)))
      .map((addon) => ask('addon', addon)),
  ];
}

const BUILT_IN = 'built in (Auto Mode)';

/** Whether a cluster's workloads count on the agent that Auto Mode brings. */
function needsBuiltIn({ environment }: Scope, { key, autoMode }: Cluster): boolean {
  return (
    autoMode &&
    environment.workloads.some(({ stage, clusters }) => STAGE_TABLE[stage].trustsPodIdentity && clusters.includes(key))
  );
}

function builtInDrift({ key, name }: Cluster, autoMode: boolean | undefined): readonly Unlike[] {
  if (autoMode === true) return [];
  return [
    {
      kind: 'agent',
      where: name,
      expected: BUILT_IN,
      found: autoMode === undefined ? `there is no cluster ${name}` : 'the cluster is not in Auto Mode',
      effect: 'pods get no credentials by Pod Identity',
      remedy: `Take autoMode out of cluster ${key} in the inventory and give it an agent: { version: … }.`,
    },
  ];
}
