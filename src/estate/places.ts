import type { Account, Cluster, Environment, Inventory } from '../inventory/Inventory';
import { kindOf, type Question } from './questions';
import { shellWord } from '../inventory/shellWord';

/** An account with a region from which its IAM is asked. */
export interface AccountPlace {
  readonly account: Account;
  readonly region: string;
}

/** A cluster with the account that it is in; `environment` is a key. */
export interface ClusterPlace {
  readonly environment: string;
  readonly account: Account;
  readonly cluster: Cluster;
}

/** Where the accounts and clusters of an inventory are, by account id and by cluster ARN. */
export interface Places {
  readonly accounts: ReadonlyMap<string, AccountPlace>;
  readonly clusters: ReadonlyMap<string, ClusterPlace>;
}

/** The places of an inventory, and of a cluster that it does not have yet. An account without an environment is asked in the region of `extra`, else of the first environment. */
export function placesOf(
  { accounts, environments }: Pick<Inventory, 'accounts' | 'environments'>,
  extra?: { readonly environment: Pick<Environment, 'key' | 'account' | 'region'>; readonly cluster: Cluster },
): Places {
  const clusters = new Map<string, ClusterPlace>();
  const regions = new Map<string, string>();
  const add = (environment: string, account: Account, cluster: Cluster): void => {
    if (!clusters.has(cluster.arn)) clusters.set(cluster.arn, { environment, account, cluster });
  };
  for (const { key, account, region, clusters: all } of environments) {
    if (!regions.has(account.id)) regions.set(account.id, region);
    for (const cluster of all) add(key, account, cluster);
  }
  if (extra !== undefined) add(extra.environment.key, extra.environment.account, extra.cluster);
  const known = new Map([
    ...accounts.map((account) => [account.id, account] as const),
    ...environments.map(({ account }) => [account.id, account] as const),
    ...environments.flatMap(({ workloads }) =>
      workloads.flatMap(({ targets }) => targets.map(({ account }) => [account.id, account] as const)),
    ),
  ]);
  const fallback = extra?.environment.region ?? environments[0]?.region ?? 'us-east-1';
  return {
    accounts: new Map(
      [...known].map(([id, account]) => [id, { account, region: regions.get(id) ?? fallback }] as const),
    ),
    clusters,
  };
}

/** `apps-prod (333333333333) us-west-2`. */
export function awsPlace({ key, id }: Pick<Account, 'key' | 'id'>, region: string): string {
  return `${key} (${id}) ${region}`;
}

/** The kubeconfig context of a cluster: the one that the inventory names, else the ARN, as `aws eks update-kubeconfig` writes it. */
export function contextOf({ kubernetes, arn }: Cluster): string {
  return kubernetes?.context ?? arn;
}

/** `kubectl --context prod-main`. */
export function kubectlPlace(cluster: Cluster): string {
  return `kubectl --context ${shellWord(contextOf(cluster))}`;
}

/** A question for people: what is asked, and of whom. */
export interface QuestionText {
  /** `iam:GetRole prod-orders-api`, `get pods -n shop`. */
  readonly asked: string;
  /** `apps-prod (333333333333) us-west-2`, `kubectl --context prod-main`. */
  readonly of: string;
}

/** What answers a question: AWS (EKS, too), or the API server of a cluster. */
export type System = 'aws' | 'clusters';

export function systemOf(question: Question): System {
  return kindOf(question).action === undefined ? 'clusters' : 'aws';
}

/** A question for people. */
export function questionText(question: Question, { accounts, clusters }: Places): QuestionText {
  const { action, about } = kindOf(question);
  if ('account' in question) {
    const place = accounts.get(question.account);
    const region = 'region' in question ? question.region : (place?.region ?? '');
    const of = place === undefined ? question.account : awsPlace(place.account, region);
    return { asked: `${action ?? ''} ${about(question, '')}`.trim(), of };
  }
  const place = clusters.get(question.cluster);
  const asked = [...(action === undefined ? [] : [action]), about(question, place?.cluster.name ?? question.cluster)];
  if (place === undefined) return { asked: asked.join(' '), of: question.cluster };
  const of = action === undefined ? kubectlPlace(place.cluster) : awsPlace(place.account, place.cluster.region);
  return { asked: asked.join(' '), of };
}

/** Who answers a question, for many questions together: an account in whatever region, or the context of a cluster. */
export function answeredBy(question: Question, { accounts, clusters }: Places): string {
  const place = 'account' in question ? accounts.get(question.account) : clusters.get(question.cluster);
  if (place === undefined) return 'account' in question ? question.account : question.cluster;
  if ('cluster' in place && systemOf(question) === 'clusters') return kubectlPlace(place.cluster);
  return `${place.account.key} (${place.account.id})`;
}

/** The permission that a question needs: `iam:GetRole`, `get pods -n shop`. */
export function permissionFor(question: Question): string {
  const { action, permission, about } = kindOf(question);
  return permission?.(question) ?? action ?? about(question, '');
}
