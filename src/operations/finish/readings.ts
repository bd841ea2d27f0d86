import { oidcProviderArn } from '../../blueprint/arns';
import { type Ask, ask, askAll } from '../../estate/ask';
import type {
  AddonFacts,
  Answer,
  AssociationFacts,
  ClusterFacts,
  OidcProviderFacts,
  RoleFacts,
  TrailEvent,
} from '../../estate/aws/AwsPort';
import type { PodFacts, ServiceAccountFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import { placesOf } from '../../estate/places';
import type { AnswerTo, Question } from '../../estate/questions';
import type { Account, Cluster, Environment, Inventory, Partition } from '../../inventory/Inventory';
import { GLOBAL_REGION, wholeSecond } from '../gate/trail';
import { providerTrust } from './providerTrust';

/** What the end of a migration is judged about. */
export interface FinishRequest {
  /** The key of the environment. */
  readonly environment: string;
  /** How many days back CloudTrail is asked for sessions by the provider. */
  readonly days: number;
}

/** The environment, and all that is judged together with it. */
export interface FinishScope {
  readonly inventory: Inventory;
  readonly environment: Environment;
  /** The environment, and those that have one of its clusters too: their workloads use the same provider. */
  readonly environments: readonly Environment[];
  /** Every account of the inventory: each can have roles that trust a provider of its own for the issuer of a cluster. */
  readonly accounts: readonly Account[];
  readonly days: number;
}

/** A question with its answer. */
export interface Reading<T> {
  readonly question: Question;
  readonly answer: Answer<T>;
}

/** What stands on a cluster. */
export interface ClusterReading {
  readonly cluster: Cluster;
  readonly facts: Reading<ClusterFacts | undefined>;
  /** That of EKS; without an answer, that of the inventory. Absent: not known. */
  readonly issuer?: string;
  /** Absent: EKS has no such cluster, so that nothing runs on it. */
  readonly content?: {
    readonly contextIssuer: Reading<string>;
    readonly serviceAccounts: Reading<readonly ServiceAccountFacts[]>;
    readonly pods: Reading<readonly PodFacts[]>;
    readonly templates: Reading<readonly TemplateFacts[]>;
    readonly associations: Reading<readonly AssociationFacts[]>;
    readonly addons: Reading<readonly AddonFacts[]>;
  };
}

/** The provider of an account for the issuer of a cluster. */
export interface ProviderReading {
  readonly account: Account;
  readonly cluster: Cluster;
  readonly issuer: string;
  readonly arn: string;
  readonly provider: Reading<OidcProviderFacts | undefined>;
}

/** All that was read. */
export interface Readings {
  readonly roles: readonly { readonly account: Account; readonly roles: Reading<readonly RoleFacts[]> }[];
  readonly clusters: readonly ClusterReading[];
  readonly providers: readonly ProviderReading[];
  /** The sessions by web identity of accounts that have a role which trusts a provider. */
  readonly sessions: readonly { readonly account: Account; readonly events: Reading<readonly TrailEvent[]> }[];
  /** The start of the time for which CloudTrail was asked. */
  readonly since: string;
}

/** The scope of a request. The environment exists: the caller has looked it up. */
export function scopeOf(inventory: Inventory, { environment: key, days }: FinishRequest): FinishScope {
  const environment = inventory.environments.find((one) => one.key === key);
  if (environment === undefined) throw new Error(`there is no environment ${key}`);
  const arns = new Set(environment.clusters.map(({ arn }) => arn));
  const environments = inventory.environments.filter(
    (one) => one.key === key || one.clusters.some(({ arn }) => arns.has(arn)),
  );
  const accounts = [...placesOf(inventory).accounts.values()].map(({ account }) => account);
  return { inventory, environment, environments, accounts, days };
}

/** Asks for all that decides whether something still uses the providers of an environment's clusters. */
export function askReadings(scope: FinishScope, now: Date): Ask<Readings> | Readings {
  const { environment, accounts, days } = scope;
  const since = wholeSecond(new Date(now.getTime() - days * 24 * 3_600_000));
  return askAll(
    accounts.map(({ id }) => reading({ ask: 'roles', account: id })),
    (lists) =>
      askAll(environment.clusters.map(askCluster), (clusters) => {
        const roles = accounts.flatMap((account, index) => {
          const list = lists[index];
          return list === undefined ? [] : [{ account, roles: list }];
        });
        const issuers = clusters.flatMap(({ cluster, issuer }) => (issuer === undefined ? [] : [{ cluster, issuer }]));
        return askAll(
          accounts.flatMap((account) => issuers.map((one) => askProvider(scope, { account, ...one }))),
          (providers) =>
            askAll(
              trusting(
                roles,
                issuers.map(({ issuer }) => issuer),
              ).flatMap((account) => askSessions(scope, account, since)),
              (sessions): Readings => ({ roles, clusters, providers, sessions, since }),
            ),
        );
      }),
  );
}

function reading<const Q extends Question>(question: Q): Ask<Reading<AnswerTo<Q> extends Answer<infer T> ? T : never>> {
  type Value = AnswerTo<Q> extends Answer<infer T> ? T : never;
  return ask([question], (answer): Reading<Value> => ({ question, answer: answer }));
}

function askCluster(cluster: Cluster): Ask<ClusterReading> {
  const { arn, oidc } = cluster;
  const question = { ask: 'cluster', cluster: arn } as const;
  return ask([question], (answer): ClusterReading | Ask<ClusterReading> => {
    const issuer = (answer.ok ? answer.value?.issuer : undefined) ?? oidc?.issuer;
    const about = { cluster, facts: { question, answer }, ...(issuer !== undefined && { issuer }) };
    if (answer.ok && answer.value === undefined) return about;
    const asked = [
      { ask: 'issuer', cluster: arn },
      { ask: 'serviceAccounts', cluster: arn },
      { ask: 'allPods', cluster: arn },
      { ask: 'allTemplates', cluster: arn },
      { ask: 'associations', cluster: arn },
      { ask: 'addons', cluster: arn },
    ] as const;
    return ask(asked, (contextIssuer, serviceAccounts, pods, templates, associations, addons) => ({
      ...about,
      content: {
        contextIssuer: { question: asked[0], answer: contextIssuer },
        serviceAccounts: { question: asked[1], answer: serviceAccounts },
        pods: { question: asked[2], answer: pods },
        templates: { question: asked[3], answer: templates },
        associations: { question: asked[4], answer: associations },
        addons: { question: asked[5], answer: addons },
      },
    }));
  });
}

type Provider = Pick<ProviderReading, 'account' | 'cluster' | 'issuer'>;

function askProvider(scope: FinishScope, { account, cluster, issuer }: Provider): Ask<ProviderReading> {
  const arn = oidcProviderArn(partitionOf(scope, account), account.id, issuer);
  const question = { ask: 'oidcProvider', account: account.id, arn } as const;
  return ask([question], (answer): ProviderReading => ({
    ...{ account, cluster, issuer, arn },
    provider: { question, answer },
  }));
}

/** The partition of an account: that of its environment, else that of the clusters. */
function partitionOf({ inventory, environment }: FinishScope, { id }: Account): Partition {
  return (inventory.environments.find(({ account }) => account.id === id) ?? environment).partition;
}

/** The accounts that have a role which trusts a provider of these issuers. */
function trusting(lists: Readings['roles'], issuers: readonly string[]): readonly Account[] {
  return lists
    .filter(
      ({ roles: { answer } }) =>
        answer.ok && answer.value.some((role) => issuers.some((issuer) => providerTrust(role, issuer) !== undefined)),
    )
    .map(({ account }) => account);
}

/** A call is in the CloudTrail of the region whose STS it used: that of a cluster, or of the global endpoint. */
function askSessions(
  scope: FinishScope,
  account: Account,
  since: string,
): readonly (Readings['sessions'][number] | Ask<Readings['sessions'][number]>)[] {
  const own = scope.environment.clusters.map(({ region }) => region);
  return [...new Set([...own, GLOBAL_REGION[partitionOf(scope, account)]])].map((region) => {
    const name = 'AssumeRoleWithWebIdentity';
    const question = { ask: 'events', account: account.id, region, name, since } as const;
    return ask([question], (answer) => ({ account, events: { question, answer } }));
  });
}
