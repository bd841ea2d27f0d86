import { compile } from '../../blueprint/compile';
import { otherOwner } from '../../comparison/otherOwner';
import { atTimeOf, openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { answeredBy, type Places, placesOf, questionText } from '../../estate/places';
import type { Question } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import { parseRoleArn } from '../../iam/Arn';
import type { Environment, Inventory, Stage } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { contextText, noAccountsText } from '../contextText';
import { compareContext } from '../../comparison/cluster';
import { type Advice, applyStacks, aws, named, noAnswerText, type Reason, remedyOf, run, stacks } from '../remedies';
import { statusOf } from '../status/statusOf';
import { type LeftOver, leftOversOf, valueOf } from './leftOvers';
import { providerTrust } from './providerTrust';
import {
  askReadings,
  type FinishRequest,
  type FinishScope,
  type ProviderReading,
  type Reading,
  type Readings,
  scopeOf,
} from './readings';
import { type IssuerOf, type RoleLeft, rolesLeft, sessionsOf } from './rolesLeft';

/** A wave, or a workload without a wave, that is not at the last stage. */
export interface OpenStage {
  readonly environment: string;
  /** Absent: the workloads are in no wave. */
  readonly wave?: string;
  readonly stage: Stage;
  /** How many workloads. */
  readonly workloads: number;
}

/** The provider of an account for the issuer of a cluster. */
export interface ProviderLeft {
  /** The id of the account. */
  readonly account: string;
  readonly cluster: string;
  readonly arn: string;
  /** `unknown`: the question has no answer. */
  readonly state: 'exists' | 'gone' | 'unknown';
  /** How it goes. Empty while something is left that could need it. */
  readonly remedy: Remedy;
}

/** What could not be read. */
export interface NotRead {
  /** The id of the account. Absent: a cluster was asked. */
  readonly account?: string;
  /** The key of the cluster. Absent: an account was asked. */
  readonly cluster?: string;
  /** `apps (333333333333)`, `kubectl --context prod-main` */
  readonly of: string;
  /** `iam:GetAccountAuthorizationDetails`, `get pods -A`. */
  readonly asked: string;
  /** `outside`: something on a cluster names a role of an account that the inventory does not have. `other`: what answered is not what was asked. */
  readonly reason: Reason | 'outside' | 'other';
  readonly message: string;
  readonly remedy: Remedy;
}

/** An account whose roles were read. */
export interface ReadAccount {
  readonly account: string;
  readonly key: string;
  /** When AWS answered; ISO 8601. */
  readonly at: string;
  /** How many roles it has. */
  readonly roles: number;
}

/** A cluster as it was read. */
export interface ReadCluster {
  readonly cluster: string;
  readonly name: string;
  readonly arn: string;
  /** Absent: not known. */
  readonly issuer?: string;
  /** False: EKS has no such cluster. */
  readonly exists: boolean;
  readonly serviceAccounts: number;
  readonly pods: number;
  readonly templates: number;
  readonly associations: number;
}

/** The end of a migration: what is left, in the order in which it goes. */
export interface Finish {
  /** The time of the Estate (ISO 8601). */
  readonly when: string;
  readonly environment: string;
  /** Nothing is left, and everything was read. */
  readonly finished: boolean;
  /** Read first: without these answers nothing is sure. */
  readonly notRead: readonly NotRead[];
  /** What still gets credentials through the provider, or would. It moves before anything else changes. */
  readonly users: readonly LeftOver[];
  readonly stages: readonly OpenStage[];
  readonly roles: readonly RoleLeft[];
  /** What is left on the clusters and that nothing gets credentials through. */
  readonly leftOvers: readonly LeftOver[];
  /** What add-ons keep, and what harms nobody. It does not count. */
  readonly kept: readonly LeftOver[];
  readonly providers: readonly ProviderLeft[];
  readonly accounts: readonly ReadAccount[];
  readonly clusters: readonly ReadCluster[];
  /** CloudTrail was asked for sessions since then. Absent: no role trusts a provider, so that there can be none. */
  readonly sessionsSince?: string;
}

/** The questions about the end of a migration that an Estate does not answer yet. */
export function finishQuestions(inventory: Inventory, request: FinishRequest): (estate: Estate) => readonly Question[] {
  const scope = scopeOf(inventory, request);
  const readingsAt = atTimeOf((now) => askReadings(scope, now));
  return (estate) => openQuestions(readingsAt(estate), estate);
}

/**
 * Judges whether the OIDC providers of an environment's clusters can go: every role of every account of the inventory that still trusts them, by the evaluation of its trust policy; what is
 * left on the clusters; and what could not be read. Nothing that is in use, or that could be, gets a command that takes the role from it.
 */
export function finish(inventory: Inventory, request: FinishRequest, estate: Estate): Finish {
  const scope = scopeOf(inventory, request);
  const now = new Date(estate.at);
  const readings = settle(askReadings(scope, now), estate).value;
  const places = placesOf(inventory);
  const issuers = readings.clusters.flatMap(({ cluster, issuer }): readonly IssuerOf[] =>
    issuer === undefined ? [] : [{ cluster: cluster.key, issuer }],
  );
  const admits = admitsBy(readings, issuers);
  const sessions = new Map<string, ReturnType<typeof sessionsOf>>();
  const lastSession = (arn: string, subject: string) => {
    if (!sessions.has(arn))
      sessions.set(arn, sessionsOf({ arn }, parseRoleArn(arn)?.accountId ?? '', readings, issuers));
    return sessions.get(arn)?.find(({ by }) => by === subject)?.at;
  };
  const found = leftOversOf(scope, readings, { admits, lastSession });
  const blueprints = inventory.environments.map(({ key }) => compile(inventory, key));
  const unanswered = notReadOf(scope, readings, places);
  const unreadClusters = new Set(unanswered.flatMap(({ cluster }) => cluster ?? []));
  const roles = rolesLeft({ scope, readings, issuers, blueprints, leftOvers: found, unreadClusters });
  const notRead = [...unanswered, ...outsideOf(scope, found)];
  const stages = openStages(scope, now);
  const of = (state: LeftOver['state']) => found.filter((one) => one.state === state);
  const isDone = notRead.length + stages.length + roles.length + of('uses').length + of('left').length === 0;
  return {
    when: estate.at,
    environment: scope.environment.key,
    finished: isDone,
    notRead,
    users: of('uses'),
    stages,
    roles,
    leftOvers: of('left'),
    kept: of('kept'),
    providers: readings.providers.map((one) => providerLeft(scope, one, isDone)),
    accounts: readings.roles.flatMap(({ account: { id, key }, roles: { answer } }) =>
      answer.ok ? [{ account: id, key, at: answer.at ?? estate.at, roles: answer.value.length }] : [],
    ),
    clusters: readings.clusters.map(readCluster),
    ...(readings.sessions.length > 0 && { sessionsSince: readings.since }),
  };
}

/** Whether tokens of the clusters can still assume a role, by its ARN; nothing where its account was not read. */
function admitsBy({ roles }: Readings, issuers: readonly IssuerOf[]): (arn: string) => boolean | undefined {
  const known = new Map(
    roles.flatMap(({ roles: list }) =>
      (valueOf(list) ?? []).map(
        (role) => [role.arn, issuers.some(({ issuer }) => providerTrust(role, issuer) !== undefined)] as const,
      ),
    ),
  );
  const read = new Set(roles.filter(({ roles: { answer } }) => answer.ok).map(({ account }) => account.id));
  return (arn) => {
    const account = parseRoleArn(arn)?.accountId;
    // No role has such an ARN, so that nobody can assume it.
    if (account === undefined) return /\$\(|^(secret|configmap) /.test(arn) ? undefined : false;
    return read.has(account) ? (known.get(arn) ?? false) : undefined;
  };
}

function openStages({ inventory, environments }: FinishScope, now: Date): readonly OpenStage[] {
  const keys = environments.map(({ key }) => key);
  const { waves, outside } = statusOf(inventory, now, keys);
  return [
    ...waves
      .filter(({ stage, workloads }) => stage !== 'pod-identity' && workloads > 0)
      .map(({ environment, wave, stage, workloads }) => ({ environment, wave, stage, workloads })),
    ...outside
      .filter(({ stage }) => stage !== 'pod-identity')
      .map(({ environment, stage, workloads }) => ({ environment, stage, workloads: workloads.length })),
  ];
}

function readCluster({ cluster, issuer, facts, content }: Readings['clusters'][number]): ReadCluster {
  const { key, name, arn } = cluster;
  const count = (list: Reading<readonly unknown[]> | undefined) => (list && valueOf(list)?.length) ?? 0;
  return {
    ...{ cluster: key, name, arn },
    ...(issuer !== undefined && { issuer }),
    exists: !facts.answer.ok || facts.answer.value !== undefined,
    serviceAccounts: count(content?.serviceAccounts),
    pods: count(content?.pods),
    templates: count(content?.templates),
    associations: count(content?.associations),
  };
}

/** Every question without an answer; and every answer of a cluster that is not the one that was asked. */
function notReadOf(scope: FinishScope, readings: Readings, places: Places): readonly NotRead[] {
  const keys = new Map(scope.environment.clusters.map(({ arn, key }) => [arn, key]));
  const unanswered = ({ question, answer }: Reading<unknown>): readonly NotRead[] => {
    if (answer.ok) return [];
    const { asked, of } = questionText(question, places);
    const { found: message, remedy } = noAnswerText({ noAnswer: question, answer }, places);
    return [
      {
        ...('account' in question ? { account: question.account } : { cluster: keys.get(question.cluster) ?? '' }),
        of: 'account' in question ? answeredBy(question, places) : of,
        ...{ asked, reason: answer.why, message, remedy },
      },
    ];
  };
  const { account } = scope.environment;
  return [
    ...readings.roles.flatMap(({ roles }) => unanswered(roles)),
    ...readings.clusters.flatMap((reading): readonly NotRead[] => {
      const { cluster, facts, content, issuer } = reading;
      const missing = [facts, ...(content === undefined ? [] : Object.values(content))].flatMap(unanswered);
      if (missing.length > 0) return missing;
      const about = { cluster: cluster.key, of: cluster.name, reason: 'other' } as const;
      const other = ({ found, remedy }: { readonly found: string; readonly remedy: Remedy }) => [
        { ...about, asked: 'get --raw /.well-known/openid-configuration', message: found, remedy },
      ];
      if (content === undefined)
        return issuer === undefined
          ? other({
              found: `EKS has no cluster ${cluster.name}, and the inventory does not have its issuer`,
              remedy: remedyOf(`Write oidc: { issuer: ISSUER } at cluster ${cluster.key} into the inventory.`),
            })
          : [];
      const [mismatch] = compareContext(cluster, valueOf(content.contextIssuer) ?? '', valueOf(facts));
      if (mismatch !== undefined) return other(contextText(account, cluster, mismatch));
      if (valueOf(content.serviceAccounts)?.length !== 0) return [];
      return other(noAccountsText(cluster)).map((one) => ({ ...one, asked: 'get serviceaccounts -A' }));
    }),
    ...readings.providers.flatMap(({ provider }) => unanswered(provider)),
    ...readings.sessions.flatMap(({ events }) => unanswered(events)),
  ];
}

/** Accounts that something on the clusters names, and that the inventory does not have: nobody knows what their roles trust. */
function outsideOf({ accounts }: FinishScope, found: readonly LeftOver[]): readonly NotRead[] {
  const known = new Set(accounts.map(({ id }) => id));
  const outside = found.flatMap(({ role = '', namespace, name, cluster }) => {
    const account = parseRoleArn(role)?.accountId;
    return account === undefined || known.has(account)
      ? []
      : [{ account, by: `${namespace === undefined ? '' : `${namespace}/`}${name} on ${cluster}` }];
  });
  return [...new Set(outside.map(({ account }) => account))].map((account): NotRead => ({
    account,
    of: account,
    asked: 'iam:GetAccountAuthorizationDetails',
    reason: 'outside',
    message: `the inventory does not have this account, and ${named(
      new Set(outside.filter((one) => one.account === account).map(({ by }) => inSentence(by))),
    )} names a role of it`,
    remedy: remedyOf(
      `Add the account to accounts in the inventory, with a readRole that podlift can assume: accounts: { NAME: { id: "${account}" } }. Then run finish again.`,
    ),
  }));
}

function providerLeft(
  scope: FinishScope,
  { account, cluster, arn, provider, issuer }: ProviderReading,
  canGo: boolean,
): ProviderLeft {
  const { answer } = provider;
  const state = !answer.ok ? 'unknown' : answer.value === undefined ? 'gone' : 'exists';
  const about = { account: account.id, cluster: cluster.key, arn, state } as const;
  if (!canGo || !answer.ok || answer.value === undefined) return { ...about, remedy: [] };
  const managing = managedIn(scope, { account, issuer });
  const owner = managing.length > 0 ? undefined : otherOwner(answer.value.tags ?? {});
  const remove = aws(account)`iam delete-open-id-connect-provider --open-id-connect-provider-arn ${arn}`;
  const back = 'Afterwards no workload can go back to IRSA.';
  if (owner !== undefined)
    return {
      ...about,
      remedy: remedyOf(`The provider belongs to ${inSentence(owner.name)}. Remove it there. ${back}`),
    };
  return {
    ...about,
    remedy: remedyOf(
      managing.flatMap(({ environment, key }): readonly Advice[] => {
        const at = `environments.${environment.key}.clusters.${key}.oidc`;
        return [
          {
            say: `podlift manages the provider. Write ${at} as { issuer: "${issuer}" }, without provider, adopt and imports. Terraform then forgets the provider and destroys nothing.`,
            at,
          },
          applyStacks(stacks.identity(environment), 'Compare with the plan, then apply:'),
        ];
      }),
      `Nothing that podlift read uses the provider. ${back} Delete the provider, or let the tool that created the provider do it:`,
      remove,
    ),
  };
}

/** The clusters of the inventory for which podlift manages a provider of the issuer in an account. */
function managedIn(
  { inventory }: FinishScope,
  { account, issuer }: Pick<ProviderReading, 'account' | 'issuer'>,
): readonly { readonly environment: Environment; readonly key: string }[] {
  return inventory.environments
    .filter((environment) => environment.account.id === account.id)
    .flatMap((environment) =>
      environment.clusters
        .filter(({ oidc }) => oidc?.provider === 'managed' && oidc.issuer === issuer)
        .map(({ key }) => ({ environment, key })),
    );
}

/** The command that moves the workloads of an environment. */
export function moveCommand({ environment }: Pick<OpenStage, 'environment'>): Remedy {
  return [run`npx podlift next --environment ${environment}`];
}
