import { AGENT_ADDON } from '../../blueprint/agents';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { compactConfiguration } from '../../comparison/addon';
import { otherOwner } from '../../comparison/otherOwner';
import { compareCluster } from '../../comparison/cluster';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import { contextOf } from '../../estate/places';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import type { Cluster, Environment } from '../../inventory/Inventory';
import { RESERVED } from '../../inventory/source/toPlain';
import { ownedText } from '../otherOwnerText';
import { say } from '../remedies';
import type { ClusterAnswers } from './askCluster';
import { labelOf } from '../../inventory/edit/labelOf';
import type { LeftOut } from './LeftOut';
import type { FirstStep, ProposedEntry } from './Proposal';

/** A cluster that the inventory does not have yet, by its EKS name, as far as AWS can be asked about it. */
export function newCluster(
  { key: environment, account, partition, region, clusters }: Environment,
  name: string,
): Cluster {
  const taken = new Set([...RESERVED, ...clusters.map(({ key }) => key)]);
  const candidates = [labelOf(name), labelOf(environment, name)];
  return {
    key: candidates.find((key) => !taken.has(key)) ?? labelOf(environment, name, 'new'),
    name,
    arn: `arn:${partition}:eks:${region}:${account.id}:cluster/${name}`,
    region,
    version: '',
    autoMode: false,
    addons: [],
  };
}

/** The entry of a cluster that the inventory does not have. */
export interface NewClusterEntry {
  readonly entry: ProposedEntry['entry'];
  /** The cluster as the entry will be read. */
  readonly cluster: Cluster;
  readonly notes: readonly string[];
}

/** The entry of a cluster as it was found: its agent is adopted, its OIDC provider stays unmanaged. */
export function newClusterEntry(
  bare: Cluster,
  { facts: { version, autoMode, issuer }, provider, addons }: ClusterAnswers,
): NewClusterEntry {
  const { key, name, kubernetes } = bare;
  const agent = agentOf(addons);
  const fields = agent && { agent: agentFields(agent) };
  const notes = [
    `kubectl uses the context ${contextOf(bare)}. To use another context, write clusters.${key}.kubernetes.context.`,
    agent === undefined &&
      !autoMode &&
      `The cluster has no agent yet: before the first wave leaves irsa, write clusters.${key}.agent with a version.`,
    ...configurationNotes(agent),
    ...ownerNotes(agent),
    provider === undefined && 'IAM has no OIDC provider of the cluster: IRSA works for none of its service accounts.',
  ];
  return {
    entry: {
      ...{ name, version, ...(autoMode && { autoMode }), oidc: { issuer }, ...fields },
      ...(kubernetes && { kubernetes: { context: kubernetes.context } }),
    },
    cluster: {
      ...{ ...bare, version, autoMode, oidc: { issuer, provider: 'existing', adopt: false } },
      ...(agent && { agent: { version: agent.version, adopt: true } }),
    },
    notes: notes.filter((note) => note !== false),
  };
}

/** What to change in the entry of a cluster that the inventory has: before the next plan, or at some time. The entry is not touched. */
export function knownClusterNotes(
  environment: Environment,
  cluster: Cluster,
  { facts, provider, addons }: ClusterAnswers,
  left: readonly LeftOut[],
): { readonly first: readonly FirstStep[]; readonly notes: readonly string[] } {
  const at = `environments.${environment.key}.clusters.${cluster.key}`;
  const textOf = (fields: Readonly<Record<string, Plain>>) =>
    sectionsText({ environments: { [environment.key]: { clusters: { [cluster.key]: fields } } } });
  const needsEntry = left.some(({ reason }) => reason === 'cluster-entry');
  const agent = cluster.agent?.adopt === true ? undefined : agentOf(addons);
  const hasNone = cluster.agent === undefined;
  // podlift creates the agent with the first workload that leaves irsa: before that, an agent is not podlift's, and EKS refuses a second one.
  const createdIt = environment.workloads.some(
    (one) => one.clusters.includes(cluster.key) && STAGE_TABLE[one.stage].trustsPodIdentity,
  );
  const isUrgent = hasNone ? needsEntry || left.some(({ reason }) => reason === 'other-account') : !createdIt;
  const first = [
    needsEntry &&
      cluster.oidc === undefined &&
      provider !== undefined && {
        message: `cluster ${cluster.key} has no oidc in the inventory, and IAM has its OIDC provider: no service account on IRSA can be proposed`,
        remedy: [say(`Write ${at}.oidc:`)],
        snippet: textOf({ oidc: { issuer: facts.issuer } }),
      },
    agent !== undefined &&
      isUrgent && {
        message: `the agent is installed on ${cluster.name} (${agent.version}), ${hasNone ? 'but the inventory has none' : 'and podlift did not create it: a plan would add it, which EKS refuses'}`,
        remedy: [
          say(
            `Write ${at}.agent${hasNone ? '' : ' in place of the one that the inventory has'}: podlift adopts the agent as it is.`,
          ),
          ...configurationNotes(agent).map(say),
        ],
        snippet: textOf({ agent: agentFields(agent) }),
      },
  ];
  const notes = [
    ...compareCluster(cluster, facts).map(({ what, found = '' }) =>
      what === 'version'
        ? `The cluster is at ${found}: write ${at}.version: "${found}".`
        : `Write ${at}.autoMode: ${found}, as EKS says.`,
    ),
    ...ownerNotes(agent),
    agent !== undefined &&
      !isUrgent &&
      (hasNone
        ? `The agent ${agent.version} is installed: write ${at}.agent: { version: ${agent.version}, adopt: true }.`
        : `The agent is installed: unless podlift created it, write ${at}.agent.adopt: true.`),
  ];
  return { first: first.filter((one) => one !== false), notes: notes.filter((note) => note !== false) };
}

/** The tool that owns the agent's add-on, by the tags of the add-on. */
function ownerNotes(agent: AddonFacts | undefined): readonly string[] {
  const owner = agent && otherOwner(agent.tags);
  return owner === undefined ? [] : [`${ownedText(`The add-on ${AGENT_ADDON}`, owner)}.`];
}

function agentOf(addons: readonly AddonFacts[]): AddonFacts | undefined {
  return addons.find(({ name }) => name === AGENT_ADDON);
}

function agentFields(agent: AddonFacts): Readonly<Record<string, Plain>> {
  const configuration = compactConfiguration(agent);
  return { version: agent.version, ...(configuration && { configuration }), adopt: true };
}

/** What to know of an add-on whose configuration the inventory does not have. */
export function configurationNotes(addon: AddonFacts | undefined): readonly string[] {
  if (addon === undefined || (addon.configuration ?? '').trim() === '' || compactConfiguration(addon) !== undefined)
    return [];
  return [
    `The configuration of ${addon.name} is not compact JSON: it does not change, and the entry does not contain it.`,
  ];
}
