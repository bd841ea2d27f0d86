import type { Answer, AwsPort } from './aws/AwsPort';
import type { Estate, NoValue, Part } from './Estate';
import type { KubernetesPort } from './kubernetes/KubernetesPort';
import { type Places, questionText, type System, systemOf } from './places';
import type { Ports } from './Ports';
import { ninetyDaysBefore, pathOf, type Question, type QuestionOf } from './questions';
import { ESTATE_FORMAT } from './schema/estateSchema';

/** How many questions are under way at the same time, AWS and clusters together. */
const AT_ONCE = 8;

/** So many roles of an account cost less by single calls (three each, at least) than by the lists of all; so many namespaces of pods less than all pods. */
const HANDFUL = 5;

/** How far the reader is. `total` grows as answers bring further questions. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
  /** What was answered last: `iam:GetRole prod-orders-api`. */
  readonly what: string;
  /** What answered it. */
  readonly system: System;
}

export interface ReadOptions {
  /** The time of answers that name none. Default: the operator's clock. */
  readonly clock?: () => Date;
  readonly onProgress?: (progress: ReadProgress) => void;
}

/**
 * Asks AWS and the clusters until no question is new, each question once and at most eight at a time, and returns what stands. `questions` returns all
 * that is to be known, from what is known already: follow-ups ("the role that the annotation names") come with the next round. Many roles, associations, service accounts or namespaces
 * of pods are read from the lists of their account or cluster. It never rejects for an answer that is missing: the part says why.
 */
export async function readEstate(
  questions: (estate: Estate) => readonly Question[],
  ports: Ports,
  places: Places,
  { clock = () => new Date(), onProgress = () => undefined }: ReadOptions = {},
): Promise<Estate> {
  const begun = clock().toISOString();
  const estate: WritableEstate = { format: ESTATE_FORMAT, at: begun, accounts: {}, clusters: {} };
  const known = new Set<string>();
  const inTurn = turns(AT_ONCE);
  const progress = { done: 0, total: 0 };
  let newest: string | undefined;

  const put = (question: Question, answer: Answer<unknown>): void => {
    const part = partOf(question, answer, answer.at ?? clock().toISOString());
    if (newest === undefined || part.at > newest) newest = part.at;
    write(estate, pathOf(question), part);
  };
  const reader: Reader = {
    ports,
    places,
    clock,
    bulk: new Map(),
    ask: async (asked, call, system = 'aws') => {
      progress.total += 1;
      const answer = await inTurn(call);
      progress.done += 1;
      onProgress({ ...progress, what: asked, system });
      return answer;
    },
    put,
  };
  for (;;) {
    const round: Question[] = [];
    for (const question of questions(estate)) {
      const key = pathOf(question).join('\n');
      if (known.has(key)) continue;
      known.add(key);
      round.push(question);
    }
    if (round.length === 0) return { ...estate, at: newest ?? begun };
    await readRound(reader, round);
  }
}

interface WritableEstate extends Estate {
  readonly accounts: Record<string, never>;
  readonly clusters: Record<string, never>;
}

interface Reader {
  readonly ports: Ports;
  readonly places: Places;
  readonly clock: () => Date;
  /** The lists of accounts that were read, by id. */
  readonly bulk: Map<string, ReturnType<AwsPort['accountRoles']>>;
  readonly ask: <T>(asked: string, call: () => Promise<Answer<T>>, system?: System) => Promise<Answer<T>>;
  readonly put: (question: Question, answer: Answer<unknown>) => void;
}

/** Reads all questions of a round; those of one account or cluster that a list answers, together. */
async function readRound(reader: Reader, round: readonly Question[]): Promise<void> {
  const groups = new Map<string, { readonly read: GroupReader; readonly questions: Question[] }>();
  const single: Question[] = [];
  for (const question of round) {
    const [name, read] = groupOf(question);
    if (read === undefined) {
      single.push(question);
      continue;
    }
    const group = groups.get(name) ?? { read, questions: [] };
    group.questions.push(question);
    groups.set(name, group);
  }
  await Promise.all([
    ...[...groups.values()].map(({ read, questions }) => read(reader, questions as never)),
    ...single.map((question) => readSingle(reader, question)),
  ]);
}

type GroupReader = (reader: Reader, questions: readonly never[]) => Promise<void>;

function groupOf(question: Question): readonly [string, GroupReader | undefined] {
  switch (question.ask) {
    case 'role':
    case 'rolePolicies':
      return [`roles ${question.account}`, readRoles];
    case 'managedPolicy':
      return [`policies ${question.account}`, readManagedPolicies];
    case 'events':
      return [`events ${question.account} ${question.region} ${question.since}`, readEvents];
    case 'association':
      return [`associations ${question.cluster}`, readAssociations];
    case 'serviceAccount':
      return [`service accounts ${question.cluster}`, readServiceAccounts];
    case 'pods':
      return [`pods ${question.cluster}`, readPods];
    default:
      return ['', undefined];
  }
}

/** All roles of an account from its lists, where many are asked for; by single calls where few are, and where the lists are not allowed. */
async function readRoles(reader: Reader, questions: readonly QuestionOf<'role' | 'rolePolicies'>[]): Promise<void> {
  const [first] = questions;
  const port = first && accountPort(reader, first.account);
  if (first === undefined || port === undefined) return readEach(reader, questions);
  const { account } = first;
  const names = new Set(questions.map(({ name }) => name));
  if (names.size > HANDFUL && !reader.bulk.has(account))
    reader.bulk.set(
      account,
      reader.ask('iam:GetAccountAuthorizationDetails', () => port.accountRoles()),
    );
  const all = await reader.bulk.get(account);
  if (all?.ok !== true) return readEach(reader, questions);
  const byName = new Map(all.value.map((one) => [one.role.name.toLowerCase(), one]));
  await Promise.all(
    questions.map(async (question) => {
      const found = byName.get(question.name.toLowerCase());
      const listed = { ...all, value: question.ask === 'role' ? found?.role : found?.policies };
      reader.put(question, found === undefined ? await askAgain(reader, question, listed) : listed);
    }),
  );
}

/** A role that was created between the two lists is in one of them only. The lists decide where single calls are not allowed. */
async function askAgain(
  reader: Reader,
  question: QuestionOf<'role' | 'rolePolicies'>,
  listed: Answer<unknown>,
): Promise<Answer<unknown>> {
  const { asked } = questionText(question, reader.places);
  const answer = await reader.ask(asked, () => askSingle(reader, question));
  return !answer.ok && answer.why === 'denied' ? listed : answer;
}

async function readManagedPolicies(reader: Reader, questions: readonly QuestionOf<'managedPolicy'>[]): Promise<void> {
  const [first] = questions;
  const own = questions.filter(({ arn, account }) => arn.split(':')[4] === account);
  const port = first && accountPort(reader, first.account);
  if (port === undefined || own.length <= HANDFUL) return readEach(reader, questions);
  const all = await reader.ask('iam:GetAccountAuthorizationDetails', () => port.accountPolicies());
  if (!all.ok) return readEach(reader, questions);
  for (const question of own) reader.put(question, { ...all, value: all.value[question.arn] });
  await readEach(
    reader,
    questions.filter((question) => !own.includes(question)),
  );
}

/** CloudTrail answers twice a second for an account and region: the names are asked one after the other. */
async function readEvents(reader: Reader, questions: readonly QuestionOf<'events'>[]): Promise<void> {
  const [first] = questions;
  const port = first && accountPort(reader, first.account, first.region);
  if (first === undefined || port === undefined) return readEach(reader, questions);
  const { since } = first;
  const until = reader.clock().toISOString();
  const kept = ninetyDaysBefore(until);
  const names = questions.map(({ name }) => name);
  const answer = await reader.ask(`cloudtrail:LookupEvents ${names.join(', ')}`, () =>
    port.events(names, since > kept ? since : kept, until),
  );
  for (const question of questions)
    reader.put(
      question,
      answer.ok ? { ...answer, value: answer.value.filter(({ name }) => name === question.name) } : answer,
    );
}

async function readAssociations(reader: Reader, questions: readonly QuestionOf<'association'>[]): Promise<void> {
  const [first] = questions;
  const port = first && clusterPort(reader, first.cluster);
  if (port === undefined) return readEach(reader, questions);
  const wanted = questions.map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount }));
  const answer = await reader.ask(`eks:ListPodIdentityAssociations ${port.name}`, () =>
    port.aws.associations(port.name, wanted),
  );
  for (const question of questions)
    reader.put(
      question,
      answer.ok
        ? {
            ...answer,
            value: answer.value.find(
              (one) => one.namespace === question.namespace && one.serviceAccount === question.serviceAccount,
            ),
          }
        : answer,
    );
}

/** Several service accounts of a cluster from the list of all. */
function readServiceAccounts(reader: Reader, questions: readonly QuestionOf<'serviceAccount'>[]): Promise<void> {
  return readList(reader, questions, 1, {
    asked: 'get serviceaccounts -A',
    list: (port) => port.serviceAccounts(),
    pick: (all, { namespace, name }) => all.find((one) => one.namespace === namespace && one.name === name),
  });
}

/** The pods of many namespaces of a cluster from the list of all. */
function readPods(reader: Reader, questions: readonly QuestionOf<'pods'>[]): Promise<void> {
  return readList(reader, questions, HANDFUL, {
    asked: 'get pods -A',
    list: (port) => port.allPods(),
    pick: (all, { namespace }) => all.filter((pod) => pod.namespace === namespace),
  });
}

interface ListOf<Q, T> {
  readonly asked: string;
  readonly list: (port: KubernetesPort) => Promise<Answer<readonly T[]>>;
  readonly pick: (all: readonly T[], question: Q) => unknown;
}

/** Answers more than `most` questions to a cluster from a list of it; one by one where the list is not allowed. */
async function readList<Q extends Extract<Question, { readonly cluster: string }>, T>(
  reader: Reader,
  questions: readonly Q[],
  most: number,
  { asked, list, pick }: ListOf<Q, T>,
): Promise<void> {
  const [first] = questions;
  const port = first && clusterPort(reader, first.cluster);
  if (port === undefined || questions.length <= most) return readEach(reader, questions);
  const all = await reader.ask(asked, () => list(port.kubernetes), 'clusters');
  if (!all.ok && all.why === 'denied') return readEach(reader, questions);
  for (const question of questions) reader.put(question, all.ok ? { ...all, value: pick(all.value, question) } : all);
}

async function readEach(reader: Reader, questions: readonly Question[]): Promise<void> {
  await Promise.all(questions.map((question) => readSingle(reader, question)));
}

async function readSingle(reader: Reader, question: Question): Promise<void> {
  const { asked } = questionText(question, reader.places);
  reader.put(question, await reader.ask(asked, () => askSingle(reader, question), systemOf(question)));
}

async function askSingle(reader: Reader, question: Question): Promise<Answer<unknown>> {
  if ('account' in question) {
    const port = accountPort(reader, question.account, 'region' in question ? question.region : undefined);
    if (port === undefined)
      return { ok: false, why: 'failed', message: `account ${question.account} is none of the inventory's accounts` };
    return askAccount(port, question);
  }
  const port = clusterPort(reader, question.cluster);
  if (port === undefined)
    return { ok: false, why: 'failed', message: `${question.cluster} is none of the inventory's clusters` };
  return askCluster(port, question);
}

function askAccount(
  port: AwsPort,
  question: Extract<Question, { readonly account: string }>,
): Promise<Answer<unknown>> {
  switch (question.ask) {
    case 'role':
      return port.role(question.name);
    case 'rolePolicies':
      return port.rolePolicies(question.name);
    case 'managedPolicy':
      return port.managedPolicy(question.arn);
    case 'oidcProvider':
      return port.oidcProvider(question.arn);
    case 'events':
      throw new Error('events are read in groups');
  }
}

function askCluster(
  { aws, kubernetes, name }: ClusterPorts,
  question: Extract<Question, { readonly cluster: string }>,
): Promise<Answer<unknown>> {
  switch (question.ask) {
    case 'cluster':
      return aws.describeCluster(name);
    case 'addon':
      return aws.addon(name, question.name);
    case 'addons':
      return aws.addons(name);
    case 'nodeGroups':
      return aws.nodeGroups(name);
    case 'association':
      throw new Error('associations are read in groups');
    case 'associations':
      return aws.associations(name);
    case 'issuer':
      return kubernetes.issuer();
    case 'serviceAccount':
      return kubernetes.serviceAccount(question.namespace, question.name);
    case 'serviceAccounts':
      return kubernetes.serviceAccounts();
    case 'pods':
      return kubernetes.pods(question.namespace);
    case 'allPods':
      return kubernetes.allPods();
    case 'nodes':
      return kubernetes.nodes();
    case 'networkPolicies':
      return kubernetes.networkPolicies(question.namespace);
  }
}

interface ClusterPorts {
  readonly name: string;
  readonly aws: AwsPort;
  readonly kubernetes: KubernetesPort;
}

function accountPort({ ports, places }: Reader, id: string, region?: string): AwsPort | undefined {
  const place = places.accounts.get(id);
  return place && ports.aws(place.account, region ?? place.region);
}

function clusterPort({ ports, places }: Reader, arn: string): ClusterPorts | undefined {
  const place = places.clusters.get(arn);
  if (place === undefined) return undefined;
  const { environment, account, cluster } = place;
  return {
    name: cluster.name,
    aws: ports.aws(account, cluster.region),
    kubernetes: ports.kubernetes(environment, cluster),
  };
}

/** What an Estate has of an answer. */
function partOf(question: Question, answer: Answer<unknown>, at: string): Part<unknown> {
  if (!answer.ok) {
    const { why, message, fix } = answer;
    return { at, [why]: true, message: withoutTokens(message), ...(fix && { fix }) } as unknown as NoValue;
  }
  const value = answer.value ?? null;
  return { at, value: question.ask === 'events' ? { since: question.since, events: value } : value };
}

/** What AWS, kubectl or a plugin for credentials says, without what is as long as a token: an Estate has no secrets. */
function withoutTokens(message: string): string {
  return message.replace(/[\w+=.-]{100,}/g, '…');
}

function write(estate: WritableEstate, path: readonly string[], part: Part<unknown>): void {
  let here = estate as unknown as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    // A name can be `__proto__`.
    here[key] ??= Object.create(null) as Record<string, unknown>;
    here = here[key] as Record<string, unknown>;
  }
  here[path.at(-1) ?? ''] = part;
}

function turns(atOnce: number): <T>(ask: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (ask) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await ask();
    } finally {
      // The turn goes to the next in line, or is free again.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
