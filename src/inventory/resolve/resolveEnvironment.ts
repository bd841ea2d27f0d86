import { tagValue } from '../formats/awsFormats';
import {
  type Account,
  type Cluster,
  type Environment,
  type Partition,
  partitionOf,
  type StateSettings,
} from '../Inventory';
import type { WrittenEnvironment } from '../schema/inventorySchema';
import type { Replacer } from './replacer';
import { replaceRole } from './resolveRole';

/** An environment without its workloads. */
export function resolveEnvironment(
  key: string,
  written: WrittenEnvironment,
  account: Account,
  replace: Replacer,
): Omit<Environment, 'workloads'> {
  const partition = partitionOf(written.region);
  const tags = Object.entries(written.tags ?? {}).map(([tag, value]) => [
    tag,
    replace(value, () => ['environments', key, 'tags', tag], tagValue),
  ]);
  const clusters = Object.entries(written.clusters ?? {});
  return {
    key,
    account,
    region: written.region,
    partition,
    ...stateOf(written.state),
    tags: Object.fromEntries(tags) as Record<string, string>,
    role: replaceRole(written.role, replace, (field) => ['environments', key, 'role', field]),
    quotas: { ...written.quotas },
    regions: [...(written.regions ?? [])],
    clusters: clusters.map(([name, cluster]) => resolveCluster(name, cluster, written.region, partition, account)),
  };
}

/** The only backend of a `state`. A `state` with none or several has a finding. */
function stateOf(written: WrittenEnvironment['state']): { readonly state?: StateSettings } {
  const [only, ...others] = Object.entries(written ?? {});
  return only === undefined || others.length > 0 ? {} : { state: { [only[0]]: only[1] } as unknown as StateSettings };
}

type WrittenCluster = NonNullable<WrittenEnvironment['clusters']>[string];

function resolveCluster(
  key: string,
  written: WrittenCluster,
  environmentRegion: string,
  partition: Partition,
  account: Account,
): Cluster {
  const { oidc, agent, addons = {}, kubernetes, name, version, region = environmentRegion, autoMode = false } = written;
  return {
    key,
    name,
    arn: `arn:${partition}:eks:${region}:${account.id}:cluster/${name}`,
    region,
    version,
    autoMode,
    ...(oidc && { oidc: { provider: 'existing', adopt: false, ...oidc } }),
    ...(agent && { agent: { adopt: false, ...structuredClone(agent) } }),
    addons: Object.entries(addons).map(([addon, parts]) => ({ name: addon, adopt: false, ...structuredClone(parts) })),
    ...(kubernetes && { kubernetes: { context: kubernetes.context } }),
  };
}
