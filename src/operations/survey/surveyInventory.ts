import { placesOf, type Places } from '../../estate/places';
import { labelOf } from '../../inventory/edit/labelOf';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import { region as regionFormat } from '../../inventory/formats/awsFormats';
import { fits } from '../../inventory/formats/Format';
import { type Environment, type Inventory, partitionOf } from '../../inventory/Inventory';
import { RESERVED } from '../../inventory/source/toPlain';
import type { DiscoverRequest } from '../discover/askCluster';
import { newCluster } from '../discover/clusterEntry';

/** An account to survey. */
export interface SurveyAccount {
  readonly id: string;
  /** As the organisation names it. */
  readonly name?: string;
  /** ARN of the role with which podlift reads it. Absent: the ambient credentials. */
  readonly readRole?: string;
}

/** An EKS cluster to survey. */
export interface SurveyCluster {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Its context of kubectl. Absent: the ARN. */
  readonly context?: string;
}

/** What is surveyed. */
export interface SurveyScope {
  readonly accounts: readonly SurveyAccount[];
  /** Each in one of the accounts, by ARN. */
  readonly clusters: readonly SurveyCluster[];
}

/** The parts of the ARN of a cluster; `undefined` for any other text, and for a partition that podlift does not know. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html */
export function clusterOfArn(arn: string): Omit<SurveyCluster, 'context'> | undefined {
  const [, partition, region = '', account = '', name = ''] =
    /^arn:(aws[a-z-]*):eks:([a-z0-9-]+):(\d{12}):cluster\/([0-9A-Za-z][\w-]{0,99})$/.exec(arn) ?? [];
  return partition === partitionOf(region) && fits(regionFormat, region) ? { arn, account, region, name } : undefined;
}

/** ARN of a cluster. */
export function clusterArn({ account, region, name }: Pick<SurveyCluster, 'account' | 'region' | 'name'>): string {
  return `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${name}`;
}

/** A part of the inventory: an environment for each account and region that has clusters. */
interface Place {
  readonly environment: string;
  readonly accountKey: string;
  readonly account: string;
  readonly region: string;
}

/** The environments of a survey, by account and region. A key is the name of the account, with the region where the account has clusters in several. */
function placesIn({ accounts, clusters }: SurveyScope): {
  readonly keys: ReadonlyMap<string, string>;
  readonly places: readonly Place[];
} {
  const taken = new Set<string>(RESERVED);
  const unique = (...parts: readonly string[]): string => {
    for (let count = 1; ; count++) {
      const key = labelOf(...parts, ...(count === 1 ? [] : [String(count)]));
      if (taken.has(key)) continue;
      taken.add(key);
      return key;
    }
  };
  const keys = new Map(accounts.map(({ id, name }) => [id, unique(name ?? `account-${id}`)]));
  taken.clear();
  for (const reserved of RESERVED) taken.add(reserved);
  const places = accounts.flatMap(({ id }): readonly Place[] => {
    const regions = [...new Set(clusters.filter(({ account }) => account === id).map(({ region }) => region))].sort();
    const accountKey = keys.get(id) ?? id;
    return regions.map((region) => ({
      environment: regions.length === 1 ? unique(accountKey) : unique(accountKey, region),
      ...{ accountKey, account: id, region },
    }));
  });
  return { keys, places };
}

/** The inventory before the first cluster is in it, as YAML: accounts, and an environment for each account and region. */
export function firstText(scope: SurveyScope): string {
  const { keys, places } = placesIn(scope);
  const accounts = Object.fromEntries(
    scope.accounts.map(({ id, readRole }): [string, Plain] => [
      keys.get(id) ?? id,
      { id, ...(readRole && { readRole }) },
    ]),
  );
  const environments = Object.fromEntries(
    places.map(({ environment, accountKey, region }): [string, Plain] => [
      environment,
      { account: accountKey, region },
    ]),
  );
  return `version: 1\n${sectionsText({ accounts, environments })}\n`;
}

/** What discover is asked for a cluster. Throws where the inventory has no environment for it. */
export function requestFor(inventory: Inventory, { account, region, name, context }: SurveyCluster): DiscoverRequest {
  const environment = environmentOf(inventory, account, region);
  const cluster = environment.clusters.find((one) => one.name === name && one.region === region);
  const fresh = newCluster(environment, name);
  const found = cluster ?? {
    ...fresh,
    ...(context !== undefined && context !== fresh.arn && { kubernetes: { context } }),
  };
  return { environment, cluster: found };
}

function environmentOf({ environments }: Inventory, account: string, region: string): Environment {
  const found = environments.find((one) => one.account.id === account && one.region === region);
  if (found === undefined) throw new Error(`the survey has no environment for account ${account} in ${region}`);
  return found;
}

/** Where the accounts and the clusters of a survey are. */
export function surveyPlaces(inventory: Inventory, clusters: readonly SurveyCluster[]): Places {
  const requests = clusters.map((one) => requestFor(inventory, one));
  const environments = inventory.environments.map((environment) => ({
    ...environment,
    clusters: requests.filter((one) => one.environment.key === environment.key).map(({ cluster }) => cluster),
  }));
  return placesOf({ accounts: inventory.accounts, environments });
}
