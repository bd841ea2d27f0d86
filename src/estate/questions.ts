import type { PolicyDocument } from '../iam/PolicyDocument';
import type {
  AddonFacts,
  Answer,
  AssociationFacts,
  ClusterFacts,
  NodeGroupFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
  TrailEvent,
} from './aws/AwsPort';
import type { Estate, Part } from './Estate';
import type { NetworkPolicyFacts, NodeFacts, PodFacts, ServiceAccountFacts } from './kubernetes/KubernetesPort';
import { ALL, REASONS } from './schema/estateSchema';

interface InAccount {
  /** The account's id. */
  readonly account: string;
}
interface InCluster {
  /** The cluster's ARN. */
  readonly cluster: string;
}

/** What can be asked, by kind: where, for what, and what the value is. Nothing (`undefined`): AWS or the cluster has no such thing. */
export interface Asked {
  readonly role: InAccount & { readonly name: string; readonly value?: RoleFacts };
  readonly rolePolicies: InAccount & { readonly name: string; readonly value?: RolePolicyFacts };
  readonly managedPolicy: InAccount & { readonly arn: string; readonly value?: PolicyDocument };
  readonly oidcProvider: InAccount & { readonly arn: string; readonly value?: OidcProviderFacts };
  /** Since a time (ISO 8601); CloudTrail keeps 90 days. */
  readonly events: InAccount & {
    readonly region: string;
    readonly name: string;
    readonly since: string;
    readonly value: readonly TrailEvent[];
  };
  readonly cluster: InCluster & { readonly value?: ClusterFacts };
  readonly addon: InCluster & { readonly name: string; readonly value?: AddonFacts };
  readonly addons: InCluster & { readonly value: readonly AddonFacts[] };
  readonly nodeGroups: InCluster & { readonly value: readonly NodeGroupFacts[] };
  readonly association: InCluster & {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly value?: AssociationFacts;
  };
  readonly associations: InCluster & { readonly value: readonly AssociationFacts[] };
  readonly issuer: InCluster & { readonly value: string };
  readonly serviceAccount: InCluster & {
    readonly namespace: string;
    readonly name: string;
    readonly value?: ServiceAccountFacts;
  };
  readonly serviceAccounts: InCluster & { readonly value: readonly ServiceAccountFacts[] };
  readonly pods: InCluster & { readonly namespace: string; readonly value: readonly PodFacts[] };
  readonly allPods: InCluster & { readonly value: readonly PodFacts[] };
  readonly nodes: InCluster & { readonly value: readonly NodeFacts[] };
  readonly networkPolicies: InCluster & { readonly namespace: string; readonly value: readonly NetworkPolicyFacts[] };
}

type Kind = keyof Asked;

/** One question of a kind, as data. */
export type QuestionOf<K extends Kind> = { readonly [P in K]: { readonly ask: P } & Omit<Asked[P], 'value'> }[K];

/** One question about AWS or a cluster, as data. */
export type Question = QuestionOf<Kind>;

/** The answer to a question: its value, or why there is none. */
export type AnswerTo<Q extends Question> = Answer<Asked[Q['ask']]['value']>;

const PLACES: { readonly [K in Kind]: (question: QuestionOf<K>) => readonly [string, string, string, ...string[]] } = {
  role: ({ account, name }) => ['accounts', account, 'roles', name],
  rolePolicies: ({ account, name }) => ['accounts', account, 'rolePolicies', name],
  managedPolicy: ({ account, arn }) => ['accounts', account, 'managedPolicies', arn],
  oidcProvider: ({ account, arn }) => ['accounts', account, 'oidcProviders', arn],
  events: ({ account, region, name }) => ['accounts', account, 'events', region, name],
  cluster: ({ cluster }) => ['clusters', cluster, 'cluster'],
  addon: ({ cluster, name }) => ['clusters', cluster, 'addons', name],
  addons: ({ cluster }) => ['clusters', cluster, 'addons', ALL],
  nodeGroups: ({ cluster }) => ['clusters', cluster, 'nodeGroups'],
  association: ({ cluster, namespace, serviceAccount }) => [
    'clusters',
    cluster,
    'associations',
    `${namespace}/${serviceAccount}`,
  ],
  associations: ({ cluster }) => ['clusters', cluster, 'associations', ALL],
  issuer: ({ cluster }) => ['clusters', cluster, 'issuer'],
  serviceAccount: ({ cluster, namespace, name }) => ['clusters', cluster, 'serviceAccounts', `${namespace}/${name}`],
  serviceAccounts: ({ cluster }) => ['clusters', cluster, 'serviceAccounts', ALL],
  pods: ({ cluster, namespace }) => ['clusters', cluster, 'pods', namespace],
  allPods: ({ cluster }) => ['clusters', cluster, 'pods', ALL],
  nodes: ({ cluster }) => ['clusters', cluster, 'nodes'],
  networkPolicies: ({ cluster, namespace }) => ['clusters', cluster, 'networkPolicies', namespace],
};

/** Where the part of a question is in an Estate: keys from the top. Two questions with the same path are one. */
export function pathOf(question: Question): readonly string[] {
  return (PLACES[question.ask] as (question: Question) => readonly string[])(question);
}

/** The answer of an Estate to a question: the value, or why there is none. Single things are also found in the list of all. */
export function answerOf<Q extends Question>(estate: Estate, question: Q): AnswerTo<Q> {
  const path = pathOf(question);
  const part = partAt(estate, path) ?? fromList(estate, question, path);
  return (part === undefined ? NOT_ASKED : read(question, part)) as AnswerTo<Q>;
}

const NOT_ASKED: Answer<never> = { ok: false, why: 'not-asked', message: 'the Estate does not have it' };

function partAt(estate: Estate, path: readonly string[]): Part<unknown> | undefined {
  let here: unknown = estate;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here as Part<unknown>;
}

function read(question: Question, part: Part<unknown>): Answer<unknown> {
  if (!('value' in part)) {
    const { at, message, fix } = part;
    return { ok: false, why: REASONS.find((why) => why in part) ?? 'failed', message, at, ...(fix && { fix }) };
  }
  const { at, value } = part;
  if (question.ask !== 'events') return { ok: true, value: value ?? undefined, at };
  const { since, events } = value as { readonly since: string; readonly events: readonly TrailEvent[] };
  if (since > question.since && since > ninetyDaysBefore(at)) return NOT_ASKED;
  return { ok: true, value: events, at };
}

/** CloudTrail keeps its event history for 90 days; an hour less, so that the start of the span is never before it. */
export function ninetyDaysBefore(at: string): string {
  return new Date(new Date(at).getTime() - (90 * 24 - 1) * 3_600_000).toISOString();
}

/** The part of a single thing, from the list that has all of its kind. */
function fromList(estate: Estate, question: Question, path: readonly string[]): Part<unknown> | undefined {
  const pick = pickOf(question);
  if (pick === undefined) return undefined;
  const list = partAt(estate, [...path.slice(0, -1), ALL]);
  if (list === undefined || !('value' in list)) return list;
  return { at: list.at, value: pick(list.value as readonly never[]) };
}

function pickOf(question: Question): ((all: readonly never[]) => unknown) | undefined {
  switch (question.ask) {
    case 'addon':
      return (all: readonly AddonFacts[]) => all.find(({ name }) => name === question.name) ?? null;
    case 'association':
      return (all: readonly AssociationFacts[]) =>
        all.find((one) => one.namespace === question.namespace && one.serviceAccount === question.serviceAccount) ??
        null;
    case 'serviceAccount':
      return (all: readonly ServiceAccountFacts[]) =>
        all.find((one) => one.namespace === question.namespace && one.name === question.name) ?? null;
    case 'pods':
      return (all: readonly PodFacts[]) => all.filter((pod) => pod.namespace === question.namespace);
    default:
      return undefined;
  }
}
