import type { Plain } from '../../inventory/edit/entryLines';
import { RESERVED } from '../../inventory/source/toPlain';
import type { Account, Cluster } from '../../inventory/Inventory';
import type { AddonFacts, ClusterFacts, OidcProviderFacts } from '../../estate/aws/AwsPort';
import { AGENT_ADDON } from '../../blueprint/agents';
import type { Surroundings } from './ClusterSurvey';
import { firstFree, labelOf } from './freeKey';
import type { ProposedEntry } from './Proposal';
import { unsayable } from './unwritable';

/** A cluster that the inventory does not have yet, by its EKS name, as far as it can be asked about. */
export function newCluster(environment: Surroundings, name: string): Cluster {
  const { partition, region } = environment;
  const taken = new Set([...RESERVED, ...environment.clusters.map(({ key }) => key)]);
  const key =
    firstFree([labelOf(name), labelOf(environment.key, name)], taken) ?? labelOf(environment.key, name, 'new');
  return {
    key,
    name,
    arn: clusterArn(partition, region, environment.account, name),
    region,
    version: '',
    autoMode: false,
    addons: [],
  };
}

function clusterArn(partition: string, region: string, { id }: Account, name: string): string {
  return `arn:${partition}:eks:${region}:${id}:cluster/${name}`;
}

/** A new cluster's entry, with what could not be taken into it. */
export interface ClusterProposal {
  readonly entry: ProposedEntry['entry'];
  /** As the entry will be read. */
  readonly cluster: Cluster;
  readonly notes: readonly string[];
}

/** The entry of a cluster as it was found; its agent is taken over, its OIDC provider stays with whoever made it. */
export function proposedCluster(
  bare: Cluster,
  facts: ClusterFacts,
  provider: OidcProviderFacts | undefined,
  addons: readonly AddonFacts[],
): ClusterProposal {
  const found = addons.find(({ name }) => name === AGENT_ADDON);
  const configuration = found && configurationOf(found);
  const agent = found && {
    version: found.version,
    ...(configuration !== undefined && { configuration }),
    adopt: true,
  };
  const oidc = facts.issuer === undefined ? undefined : { issuer: facts.issuer };
  return {
    entry: {
      name: bare.name,
      version: facts.version,
      ...(facts.autoMode && { autoMode: true }),
      ...(oidc && { oidc }),
      ...(agent && { agent }),
    },
    cluster: {
      ...bare,
      version: facts.version,
      autoMode: facts.autoMode,
      ...(oidc && { oidc: { ...oidc, provider: 'existing', adopt: false } }),
      ...(found && { agent: { version: found.version, adopt: true } }),
    },
    notes: notesOf(bare, facts, provider, found),
  };
}

function notesOf(
  { key, arn }: Cluster,
  { autoMode, issuer }: ClusterFacts,
  provider: OidcProviderFacts | undefined,
  agent: AddonFacts | undefined,
): readonly string[] {
  return [
    `kubectl reaches it by the context ${arn}; write another one as clusters.${key}.kubernetes.context.`,
    ...(agent === undefined && !autoMode
      ? [`It has no agent yet: before the first wave leaves irsa, write clusters.${key}.agent with a version.`]
      : []),
    ...configurationNotes(agent),
    ...(issuer !== undefined && provider === undefined
      ? ['IAM has no OIDC provider for it: IRSA works for none of its service accounts.']
      : []),
  ];
}

/**
 * The configuration of an add-on as a map, where podlift would write the very same text for it: compact JSON. Nothing for any other
 * spelling, which the first plan would change; without one in the inventory it stays as it is. Source: hashicorp/terraform-provider-aws
 * internal/service/eks/addon.go (`configuration_values` is Optional and Computed)
 */
export function configurationOf({ configuration: text }: AddonFacts): Readonly<Record<string, Plain>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isMap = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 0;
    const carried = isMap && JSON.stringify(value) === text && unsayable(value) === undefined;
    return carried ? (value as Readonly<Record<string, Plain>>) : undefined;
  } catch {
    return undefined;
  }
}

/** What to know of an add-on whose configuration the inventory does not carry; nothing where it does, or there is none. */
export function configurationNotes(addon: AddonFacts | undefined): readonly string[] {
  const { configuration = '' } = addon ?? {};
  if (addon === undefined || configuration.trim() === '' || configurationOf(addon) !== undefined) return [];
  return [
    `The configuration of ${addon.name} is not written as podlift writes it (compact JSON): it stays as it is, and the entry says nothing of it.`,
  ];
}
