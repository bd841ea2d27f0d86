import { canAssume, type Mode, type ServiceAccountPods } from '../../comparison/access';
import { roleAnnotation } from '../../comparison/annotation';
import { computeOfPods, type PodsCompute, runningPods } from '../../comparison/nodes';
import { isNoAnswer, type NoAnswer } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { parseRoleArn } from '../../iam/Arn';
import { labelOf } from '../../inventory/edit/labelOf';
import type { Cluster, Environment, Inventory, Workload } from '../../inventory/Inventory';
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
  readonly association?: AssociationFacts;
  /** Those that have not ended. */
  readonly pods: readonly PodFacts[];
  readonly running: PodsCompute;
  /** The role of the association, else of the annotation. */
  readonly roleArn: string;
  /** Absent: AWS has no such role, the question has no answer, or the role is in no account of the inventory. */
  readonly role?: FoundRole;
  readonly noAnswer?: NoAnswer;
  /** The modes by which its pods can assume the role. Anyone who can annotate a service account can name any role: only the trust policy decides. */
  readonly modes: readonly Mode[];
  /** The workload of the inventory that it is. */
  readonly known?: Workload;
  /** The key of its entry: of the one that it has, else of the one that it would get. */
  readonly entryKey: EntryKey;
}

/** What was found on a cluster, beside the inventory: what every reason is decided by. */
export interface FoundCluster extends ClusterAnswers {
  readonly inventory: Inventory;
  readonly environment: Environment;
  /** As the inventory has it or will have it, with the issuer that EKS names: the issuer decides who can assume a role. */
  readonly cluster: Cluster;
  /** The inventory has an issuer of the cluster, or will have it. */
  readonly hasOidc: boolean;
  /** The service accounts that have a role, by namespace and name. */
  readonly withRole: readonly FoundServiceAccount[];
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
  answers: ClusterAnswers,
  now: Date,
): FoundCluster {
  const { oidc, ...rest } = written;
  const { issuer } = answers.facts;
  const cluster: Cluster = { ...rest, oidc: { provider: 'existing', adopt: false, ...oidc, issuer } };
  const named = namedAccounts(answers, environment, cluster);
  const taken = new Set([
    ...RESERVED,
    ...takenKeys,
    ...inventory.environments.flatMap((one) => [...one.workloads, ...(one.released ?? [])].map(({ key }) => key)),
  ]);
  const keys = entryKeys(named, environment.key, taken);
  const withRole = named.map((one): FoundServiceAccount => {
    const answer = answers.roles.get(one.roleArn);
    return {
      ...one,
      ...(isNoAnswer(answer) ? { noAnswer: answer } : answer && { role: answer }),
      running: computeOfPods(one.pods, answers.nodes),
      modes: answer === undefined || isNoAnswer(answer) ? [] : modesOf(one, answer, environment, cluster),
      entryKey: keys.get(one) ?? { key: one.known?.key ?? '', free: false },
    };
  });
  return { ...answers, inventory, environment, cluster, hasOidc: oidc !== undefined, withRole, now };
}

type NamedAccount = Omit<FoundServiceAccount, 'running' | 'role' | 'noAnswer' | 'modes' | 'entryKey'>;

function namedAccounts(
  { serviceAccounts, associations, pods }: ClusterAnswers,
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
  const known = new Map(
    [...workloads, ...released]
      .filter(({ clusters }) => clusters.includes(key))
      .map((one) => [`${one.namespace}/${one.serviceAccount.name}`, one]),
  );
  return [...new Set([...accounts.keys(), ...associated.keys()])]
    .flatMap((id): NamedAccount[] => {
      const [namespace = '', name = ''] = id.split('/');
      const [annotation, association, workload] = [roleAnnotation(accounts.get(id)), associated.get(id), known.get(id)];
      const arn = association?.roleArn ?? annotation;
      if (arn === undefined) return [];
      return [
        {
          ...{ namespace, name, exists: accounts.has(id), pods: runningPods(podsBy.get(id) ?? [], name), roleArn: arn },
          ...(annotation !== undefined && { annotation }),
          ...(association && { association }),
          ...(workload && { known: workload }),
        },
      ];
    })
    .toSorted((a, b) => compareTexts(a.namespace, b.namespace) || compareTexts(a.name, b.name));
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

function modesOf(
  account: NamedAccount,
  { facts: { arn, trust }, problem }: FoundRole,
  environment: Environment,
  cluster: Cluster,
): readonly Mode[] {
  if (problem !== undefined) return [];
  // IAM verifies the tokens with a provider of the role's own account.
  const id = parseRoleArn(arn)?.accountId ?? environment.account.id;
  const ofRole = { ...environment, account: { ...environment.account, id } };
  const modes = [
    { mode: 'irsa', named: account.annotation, in: ofRole },
    { mode: 'pod-identity', named: account.association?.roleArn, in: environment },
  ] as const;
  return modes
    .filter((one) => one.named === arn && canAssume({ arn, trust }, one.in, podsOf(account), cluster, one.mode))
    .map(({ mode }) => mode);
}

/** The pods of a service account, as STS and EKS see them. */
export function podsOf({ namespace, name, association }: NamedAccount): ServiceAccountPods {
  const sessionTags = association?.disableSessionTags !== true;
  return { namespace, serviceAccount: { name, manage: 'none' }, sessionTags };
}
