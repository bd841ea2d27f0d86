import type { Answer, AwsPort, Unanswered } from './aws/AwsPort';
import type { Estate, NoValue, Part } from './Estate';
import { type Places, questionText, type System, systemOf } from './places';
import type { ClusterPorts, Ports } from './Ports';
import { kindOf, ninetyDaysBefore, pathOf, type Question, type QuestionOf } from './questions';
import { ESTATE_FORMAT, REASONS } from './schema/words';
import { turns } from './turns';

/** How many questions to AWS are under way at the same time, and how many to clusters: a cluster that does not answer keeps nobody from asking AWS. */
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
 * Asks AWS and the clusters until no question is new, each question once and at most eight at a time of either, and returns what stands. `questions` returns all
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
  // Where each question is in the Estate, with the start of its span of time.
  const known = new Map<string, string>();
  // The operator's clock may be wrong by days, and that of a cluster too: no part is newer than what AWS answered last.
  let newest: string | undefined;
  let byAws: string | undefined;
  let judgesAt: string | undefined;
  const others: (() => void)[] = [];
  const inTurn: Readonly<Record<System, ReturnType<typeof turns>>> = { aws: turns(AT_ONCE), clusters: turns(AT_ONCE) };
  const progress = { done: 0, total: 0 };

  const put = (question: Question, answer: Answer<unknown>): void => {
    const part = partOf(question, answer, answer.at ?? clock().toISOString());
    if (systemOf(question) === 'aws' && answer.at !== undefined) byAws = latest(byAws, answer.at);
    else
      others.push(() => {
        if (byAws !== undefined && part.at > byAws) write(estate, pathOf(question), { ...part, at: byAws });
      });
    newest = latest(newest, part.at);
    write(estate, pathOf(question), part);
  };
  const reader: Reader = {
    ports,
    places,
    now: () => byAws ?? clock().toISOString(),
    bulk: new Map(),
    ask: async (asked, call, system = 'aws') => {
      progress.total += 1;
      const answer = await inTurn[system](call);
      progress.done += 1;
      onProgress({ ...progress, what: asked, system });
      return answer;
    },
    put,
  };
  for (;;) {
    const round = new Map<string, Question>();
    for (const question of questions({ ...estate, at: judgesAt ?? begun })) {
      const key = pathOf(question).join('\n');
      const since = 'since' in question ? question.since : '';
      const asked = known.get(key);
      if (asked !== undefined && asked <= since) continue;
      known.set(key, since);
      round.set(key, question);
    }
    if (round.size === 0) {
      for (const correct of others) correct();
      return { ...estate, at: byAws ?? newest ?? begun };
    }
    await readRound(reader, [...round.values()]);
    judgesAt ??= byAws;
  }
}

function latest(one: string | undefined, other: string): string {
  return one === undefined || other > one ? other : one;
}

interface WritableEstate extends Estate {
  readonly accounts: Record<string, never>;
  readonly clusters: Record<string, never>;
}

interface Reader {
  readonly ports: Ports;
  readonly places: Places;
  /** The time of AWS, as far as it is known. */
  readonly now: () => string;
  /** The lists of accounts that were read, by id. */
  readonly bulk: Map<string, ReturnType<AwsPort['accountRoles']>>;
  readonly ask: <T>(asked: string, call: () => Promise<Answer<T>>, system?: System) => Promise<Answer<T>>;
  readonly put: (question: Question, answer: Answer<unknown>) => void;
}

/** Reads all questions of a round; those of one account or cluster that a list answers, together. */
async function readRound(reader: Reader, round: readonly Question[]): Promise<void> {
  const groups = new Map<string, Question[]>();
  for (const question of round) {
    const name = groupOf(question) ?? pathOf(question).join('\n');
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(question);
  }
  await Promise.all([...groups.values()].map((questions) => readGroup(reader, questions)));
}

/** What is one for the questions that a list answers together. */
function groupOf(question: Question): string | undefined {
  switch (question.ask) {
    case 'role':
    case 'roles':
    case 'rolePolicies':
      return `roles ${question.account}`;
    case 'managedPolicy':
      return `policies ${question.account}`;
    case 'events':
    case 'roleEvents':
      return `events ${question.account} ${question.region}`;
    case 'association':
    case 'serviceAccount':
    case 'pods':
    case 'templates':
      return `${question.ask} ${question.cluster}`;
    default:
      return undefined;
  }
}

async function readGroup(reader: Reader, questions: readonly Question[]): Promise<void> {
  const [first] = questions;
  const port = first && portOf(reader, first);
  if (first === undefined || port === undefined) return readEach(reader, questions);
  if (!('kubernetes' in port)) {
    if ('since' in first) return readEvents(reader, questions as readonly QuestionOf<'events' | 'roleEvents'>[]);
    if (first.ask === 'managedPolicy')
      return readManagedPolicies(reader, port, questions as readonly QuestionOf<'managedPolicy'>[]);
    if (first.ask === 'role' || first.ask === 'roles' || first.ask === 'rolePolicies')
      return readRoles(reader, port, questions as readonly RoleQuestion[]);
    return readEach(reader, questions);
  }
  const { name, aws, kubernetes } = port;
  const pick = (all: readonly unknown[], question: Question) =>
    kindOf(question).among?.(all as readonly never[], question);
  switch (first.ask) {
    case 'association':
      return readList(reader, questions, {
        asked: `eks:ListPodIdentityAssociations ${name}`,
        list: () => aws.associations(name, questions as readonly QuestionOf<'association'>[]),
        pick,
      });
    case 'serviceAccount':
      return readList(reader, questions, {
        asked: 'get serviceaccounts -A',
        system: 'clusters',
        few: 1,
        list: () => kubernetes.serviceAccounts(),
        pick,
        orEach: ['denied'],
      });
    case 'pods':
      return readList(reader, questions, {
        asked: 'get pods -A',
        system: 'clusters',
        few: HANDFUL,
        list: () => kubernetes.allPods(),
        pick,
        orEach: ['denied'],
      });
    case 'templates':
      return readList(reader, questions, {
        asked: 'get deployments,statefulsets,daemonsets,jobs,cronjobs -A',
        system: 'clusters',
        few: HANDFUL,
        list: () => kubernetes.allTemplates(),
        pick,
        orEach: ['denied'],
      });
    default:
      return readEach(reader, questions);
  }
}

/** A list that answers many questions together. */
interface ListOf<Q, T> {
  readonly asked: string;
  /** Default: AWS. */
  readonly system?: System;
  readonly list: () => Promise<Answer<T>>;
  readonly pick: (all: T, question: Q) => unknown;
  /** So few questions are asked one by one. Default: 0. */
  readonly few?: number;
  /** The reasons for which questions are asked one by one where the list has no answer. */
  readonly orEach?: readonly Unanswered[];
}

async function readList<Q extends Question, T>(
  reader: Reader,
  questions: readonly Q[],
  { asked, system, list, pick, few = 0, orEach = [] }: ListOf<Q, T>,
): Promise<void> {
  if (questions.length <= few) return readEach(reader, questions);
  const all = await reader.ask(asked, list, system);
  if (!all.ok && orEach.some((why) => why === all.why)) return readEach(reader, questions);
  for (const question of questions) reader.put(question, all.ok ? { ...all, value: pick(all.value, question) } : all);
}

type RoleQuestion = QuestionOf<'role' | 'rolePolicies'>;

/** All roles of an account from its lists, where all or many are asked for; by single calls where few are, and where the lists are not allowed. */
async function readRoles(
  reader: Reader,
  port: AwsPort,
  questions: readonly (RoleQuestion | QuestionOf<'roles'>)[],
): Promise<void> {
  const account = questions[0]?.account ?? '';
  const single = questions.filter((question): question is RoleQuestion => question.ask !== 'roles');
  const whole = questions.filter(({ ask }) => ask === 'roles');
  const names = new Set(single.map(({ name }) => name));
  if ((whole.length > 0 || names.size > HANDFUL) && !reader.bulk.has(account))
    reader.bulk.set(
      account,
      reader.ask('iam:GetAccountAuthorizationDetails', () => port.accountRoles()),
    );
  const all = await reader.bulk.get(account);
  for (const question of whole)
    if (all !== undefined) reader.put(question, all.ok ? { ...all, value: all.value.map(({ role }) => role) } : all);
  if (all?.ok !== true) return readEach(reader, single);
  const byName = new Map(all.value.map((one) => [one.role.name.toLowerCase(), one]));
  await Promise.all(
    single.map(async (question) => {
      const found = byName.get(question.name.toLowerCase());
      const listed = { ...all, value: question.ask === 'role' ? found?.role : found?.policies };
      if (found !== undefined) {
        reader.put(question, listed);
        return;
      }
      // A role that was created between the two lists is in one of them only. The lists decide where single calls are not allowed.
      const answer = await askSingle(reader, question);
      reader.put(question, !answer.ok && answer.why === 'denied' ? listed : answer);
    }),
  );
}

async function readManagedPolicies(
  reader: Reader,
  port: AwsPort,
  questions: readonly QuestionOf<'managedPolicy'>[],
): Promise<void> {
  const own = questions.filter(({ arn, account }) => arn.split(':')[4] === account);
  const others = questions.filter((question) => !own.includes(question));
  const list = readList(reader, own, {
    asked: 'iam:GetAccountAuthorizationDetails',
    few: HANDFUL,
    list: () => port.accountPolicies(),
    pick: (all, { arn }) => all[arn],
    orEach: REASONS,
  });
  await Promise.all([list, readEach(reader, others)]);
}

/** CloudTrail answers twice a second for an account and region: the questions are asked one after the other. */
async function readEvents(reader: Reader, questions: readonly QuestionOf<'events' | 'roleEvents'>[]): Promise<void> {
  const kept = ninetyDaysBefore(reader.now());
  for (const question of questions) {
    const since = question.since > kept ? question.since : kept;
    reader.put(question, await askSingle(reader, { ...question, since }));
  }
}

async function readEach(reader: Reader, questions: readonly Question[]): Promise<void> {
  await Promise.all(
    questions.map(async (question) => {
      reader.put(question, await askSingle(reader, question));
    }),
  );
}

function askSingle(reader: Reader, question: Question): Promise<Answer<unknown>> {
  const { asked } = questionText(question, reader.places);
  return reader.ask(
    asked,
    () => {
      const port = portOf(reader, question);
      const { call } = kindOf(question);
      if (port !== undefined && call !== undefined) return call(port, question);
      const message =
        'account' in question
          ? `account ${question.account} is none of the inventory's accounts`
          : `${question.cluster} is none of the inventory's clusters`;
      return Promise.resolve({ ok: false, why: 'failed', message });
    },
    systemOf(question),
  );
}

/** The port to the account or the cluster of a question; nothing where the inventory has none such. */
function portOf({ ports, places }: Reader, question: Question): AwsPort | ClusterPorts | undefined {
  if ('account' in question) {
    const place = places.accounts.get(question.account);
    return place && ports.aws(place.account, 'region' in question ? question.region : place.region);
  }
  const place = places.clusters.get(question.cluster);
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
    const { why, message, fix, noCredentials } = answer;
    return {
      at,
      [why]: true,
      message: withoutTokens(message),
      ...(fix && { fix }),
      ...(noCredentials && { noCredentials }),
    } as unknown as NoValue;
  }
  const value = answer.value ?? null;
  return { at, value: 'since' in question ? { since: question.since, events: value } : value };
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
