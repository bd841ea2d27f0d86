import { type Mode, podAccess, type ServiceAccountPods } from '../../comparison/access';
import { AUDIENCE_ANNOTATION, roleAnnotation } from '../../comparison/annotation';
import { computeOfPods, type PodsCompute, runningPods } from '../../comparison/nodes';
import { isNoAnswer, type NoAnswer } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { parseRoleArn } from '../../iam/Arn';
import type { Access } from '../../iam/credentialAccess';
import type { DecidingCondition } from '../../iam/Decision';
import { labelOf } from '../../inventory/edit/labelOf';
import {
  type Cluster,
  type Environment,
  type Inventory,
  subjectName,
  subjectsOn,
  type Workload,
} from '../../inventory/Inventory';
import { matchesWildcards } from '../../inventory/reading/globs';
import { RESERVED } from '../../inventory/source/toPlain';
import type { ClusterAnswers, DiscoverRequest, FoundRole } from './askCluster';

/** The key of an entry. `free`: no other entry has it. */
interface EntryKey {
  readonly key: string;
  readonly free: boolean;
}

/** A service account that has a role: by its annotation, by an association, or by both. */
export interface FoundServiceAccount {
  readonly namespace: string;
  readonly name: string;
  /** False: the cluster has an association for it, and no such service account. */
  readonly exists: boolean;
  /** The role that the annotation names; any text. */
  readonly annotation?: string;
  /** The audience of its pods' tokens, where an annotation names one. */
  readonly audience?: string;
  readonly association?: AssociationFacts;
  /** Those that have not ended. */
  readonly pods: readonly PodFacts[];
  readonly running: PodsCompute;
  /** The role of the association, else of the annotation. */
  readonly roleArn: string;
  /** Absent: AWS has no such role, the question has no answer, or the role is in no account of the inventory. */
  readonly role?: FoundRole;
  readonly noAnswer?: NoAnswer;
  /**
   * Whether its pods can assume the role, by each mode in which they request it. Anyone who can annotate a service account can name any role: only the
   * trust policy decides.
   */
  readonly access: Readonly<Partial<Record<Mode, Access>>>;
  /** The workload of the inventory that it is. */
  readonly known?: Workload;
  /** The key of its entry: of the one that it has, else of the one that it would get. */
  readonly entryKey: EntryKey;
}

/** What was found on a cluster, beside the inventory: what every reason is decided by. */
export interface FoundCluster extends Omit<ClusterAnswers, 'others'> {
  readonly inventory: Inventory;
  readonly environment: Environment;
  /** As the inventory has it or will have it, with the issuer that EKS names: the issuer decides who can assume a role. */
  readonly cluster: Cluster;
  /** The inventory has an issuer of the cluster, or will have it. */
  readonly hasOidc: boolean;
  /** The service accounts that have a role, by namespace and name. */
  readonly withRole: readonly FoundServiceAccount[];
  /** The other clusters of the environment, as far as they could be read. */
  readonly others: readonly FoundCluster[];
  /** The other clusters that could not be read, with the reason. */
  readonly unread: readonly { readonly cluster: Cluster; readonly reason: string }[];
  /** When the answers were given. */
  readonly now: Date;
}

/** `namespace/name`. */
export function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** Puts the answers about a cluster beside the inventory. `written`: the cluster as the inventory has it, or will have it. */
export function foundCluster(
  inventory: Inventory,
  { environment, takenKeys = [] }: DiscoverRequest,
  written: Cluster,
  { others, ...answers }: ClusterAnswers,
  now: Date,
): FoundCluster {
  const taken = new Set([
    ...RESERVED,
    ...takenKeys,
    ...inventory.environments.flatMap((one) => [...one.workloads, ...(one.released ?? [])].map(({ key }) => key)),
  ]);
  const on = (cluster: Cluster, found: Omit<ClusterAnswers, 'others'>): FoundCluster =>
    placed({ inventory, environment, now, taken }, cluster, found);
  return {
    ...on(written, answers),
    others: others.flatMap((one) =>
      'unread' in one ? [] : [on(one.cluster, { ...one.answers, roles: answers.roles })],
    ),
    unread: others.flatMap((one) => ('unread' in one ? [{ cluster: one.cluster, reason: one.unread }] : [])),
  };
}

interface Beside extends Pick<FoundCluster, 'inventory' | 'environment' | 'now'> {
  /** Keys that a new entry cannot get. */
  readonly taken: ReadonlySet<string>;
}

function placed(
  { inventory, environment, now, taken }: Beside,
  written: Cluster,
  answers: Omit<ClusterAnswers, 'others'>,
): FoundCluster {
  const { oidc, ...rest } = written;
  const { issuer } = answers.facts;
  const cluster: Cluster = { ...rest, oidc: { provider: 'existing', adopt: false, ...oidc, issuer } };
  const named = namedAccounts(answers, environment, cluster);
  const keys = entryKeys(named, environment.key, taken);
  const withRole = named.map((one): FoundServiceAccount => {
    const answer = answers.roles.get(one.roleArn);
    return {
      ...one,
      ...(isNoAnswer(answer) ? { noAnswer: answer } : answer && { role: answer }),
      running: computeOfPods(one.pods, answers.nodes),
      access: answer === undefined || isNoAnswer(answer) ? {} : accessByMode(one, answer, environment, cluster),
      entryKey: keys.get(one) ?? { key: one.known?.key ?? '', free: false },
    };
  });
  const hasOidc = oidc !== undefined;
  return { ...answers, inventory, environment, cluster, hasOidc, withRole, others: [], unread: [], now };
}

type NamedAccount = Omit<FoundServiceAccount, 'running' | 'role' | 'noAnswer' | 'access' | 'entryKey'>;

function namedAccounts(
  { serviceAccounts, associations, pods }: Pick<ClusterAnswers, 'serviceAccounts' | 'associations' | 'pods'>,
  { workloads, released = [] }: Environment,
  { key }: Cluster,
): readonly NamedAccount[] {
  const accounts = new Map(serviceAccounts.map((one) => [nameOf(one), one]));
  const associated = new Map(associations.map((one) => [`${one.namespace}/${one.serviceAccount}`, one]));
  const podsBy = new Map<string, PodFacts[]>();
  for (const pod of pods) {
    const id = `${pod.namespace}/${pod.serviceAccount}`;
    const same = podsBy.get(id);
    if (same === undefined) podsBy.set(id, [pod]);
    else same.push(pod);
  }
  const all = [...workloads, ...released];
  const known = new Map(
    all.flatMap((one) => subjectsOn(one, { key }).map((subject) => [subjectName(subject), one] as const)),
  );
  return [...new Set([...accounts.keys(), ...associated.keys()])]
    .flatMap((id): NamedAccount[] => {
      const [namespace = '', name = ''] = id.split('/');
      const [annotation, association] = [roleAnnotation(accounts.get(id)), associated.get(id)];
      const arn = association?.roleArn ?? annotation;
      if (arn === undefined) return [];
      const workload = known.get(id) ?? all.find((one) => admitsByPattern(one, { key, namespace, name, arn }));
      const audience = accounts.get(id)?.annotations[AUDIENCE_ANNOTATION];
      return [
        {
          ...{ namespace, name, exists: accounts.has(id), pods: runningPods(podsBy.get(id) ?? [], name), roleArn: arn },
          ...(annotation !== undefined && { annotation }),
          ...(audience !== undefined && { audience }),
          ...(association && { association }),
          ...(workload && { known: workload }),
        },
      ];
    })
    .toSorted((a, b) => compareTexts(a.namespace, b.namespace) || compareTexts(a.name, b.name));
}

/** A pattern of the workload admits the service account, which has the workload's role. */
function admitsByPattern(
  { patterns = [], role }: Workload,
  { key, namespace, name, arn }: Record<'key' | 'namespace' | 'name' | 'arn', string>,
): boolean {
  const fits = (all: readonly string[], text: string) => all.some((one) => matchesWildcards(one, text));
  return (
    parseRoleArn(arn)?.name === role.name &&
    patterns.some(
      (one) => one.clusters.includes(key) && fits(one.namespaces, namespace) && fits(one.serviceAccounts, name),
    )
  );
}

/**
 * A key for the new entry of each service account: its name; with the namespace before it where several have the name or the key is taken, else with the
 * environment too.
 */
function entryKeys(
  accounts: readonly NamedAccount[],
  environment: string,
  takenKeys: ReadonlySet<string>,
): ReadonlyMap<NamedAccount, EntryKey> {
  const taken = new Set(takenKeys);
  const fresh = accounts.filter(({ known }) => known === undefined);
  const uses = new Map<string, number>();
  for (const { name } of fresh) uses.set(labelOf(name), (uses.get(labelOf(name)) ?? 0) + 1);
  return new Map(
    fresh.map((account) => {
      const { namespace, name } = account;
      const [short, long, longest] = [labelOf(name), labelOf(namespace, name), labelOf(environment, namespace, name)];
      const candidates = uses.get(short) === 1 ? [short, long, longest] : [long, longest];
      const key = candidates.find((one) => !taken.has(one));
      if (key !== undefined) taken.add(key);
      return [account, { key: key ?? longest, free: key !== undefined }];
    }),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function accessByMode(
  account: NamedAccount,
  { facts: { arn, trust }, problem }: FoundRole,
  environment: Environment,
  cluster: Cluster,
): FoundServiceAccount['access'] {
  if (problem !== undefined) return {};
  // IAM verifies the tokens with a provider of the role's own account.
  const id = parseRoleArn(arn)?.accountId ?? environment.account.id;
  const ofRole = { ...environment, account: { ...environment.account, id } };
  const pods = { ...podsOf(account), ...(account.audience !== undefined && { audience: account.audience }) };
  return {
    ...(account.annotation === arn && { irsa: podAccess({ arn, trust }, ofRole, pods, cluster, 'irsa') }),
    ...(account.association?.roleArn === arn && {
      'pod-identity': podAccess({ arn, trust }, environment, pods, cluster, 'pod-identity'),
    }),
  };
}

/** Whether the pods of a service account can assume its role: by one of their modes, by none, or dependent on conditions. */
export function usesRole({ access }: Pick<FoundServiceAccount, 'access'>): Access {
  const all = Object.values(access);
  const allowed = all.find(({ result }) => result === 'allowed');
  if (allowed !== undefined) return allowed;
  const dependsOn = all.flatMap((one): readonly DecidingCondition[] => (one.result === 'depends' ? one.dependsOn : []));
  if (dependsOn.length > 0) return { result: 'depends', dependsOn };
  return { result: 'denied', denied: all.flatMap((one) => (one.result === 'denied' ? one.denied : [])) };
}

/** The pods of a service account, as STS and EKS see them. */
export function podsOf({ namespace, name, association }: NamedAccount): ServiceAccountPods {
  const sessionTags = association?.disableSessionTags !== true;
  return { namespace, name, sessionTags };
}
