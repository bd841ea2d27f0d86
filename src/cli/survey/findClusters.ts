import type { Answer } from '../../estate/aws/AwsPort';
import type { KubeContext } from '../../estate/kubernetes/kubeContexts';
import type { Ports } from '../../estate/Ports';
import { labelOf } from '../../inventory/edit/labelOf';
import { type Cluster, partitionOf } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { say } from '../../operations/remedies';
import type { Skipped, Unread } from '../../operations/survey/Survey';
import {
  clusterArn,
  clusterOfArn,
  type SurveyAccount,
  type SurveyCluster,
  type SurveyScope,
} from '../../operations/survey/surveyInventory';
import { UsageError } from '../exit';

/** Which clusters an operator wants. Nothing: those of all contexts of the kubeconfig. */
export interface Wanted {
  readonly contexts: readonly string[];
  /** Ids. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Names or ARNs. */
  readonly clusters: readonly string[];
  /** The name of the role, with its path, that podlift assumes in each account but the operator's own. */
  readonly role?: string | undefined;
}

/** What answers: the contexts of the kubeconfig, the ambient credentials, AWS and the clusters. */
export interface SurveyPorts {
  readonly contexts: () => Promise<Answer<readonly KubeContext[]>>;
  readonly caller: (region: string) => Promise<Answer<{ readonly account: string; readonly arn: string }>>;
  readonly ports: () => Ports;
  /** The region of the operator's settings. */
  readonly region: string | undefined;
}

/** What was found, and what was not. */
export interface FoundClusters {
  readonly scope: SurveyScope;
  readonly skipped: readonly Skipped[];
  readonly unread: readonly Unread[];
}

/**
 * Finds the clusters: those of contexts by the ARN that `aws eks update-kubeconfig` writes, by the name that eksctl writes, or by the issuer of their tokens,
 * which EKS names too; those of accounts by `eks:ListClusters`. What cannot be read is in `unread`, and a context that leads to no EKS cluster in `skipped`.
 * Throws `UsageError` where nothing is named that could be found.
 */
export async function findClusters(wanted: Wanted, live: SurveyPorts): Promise<FoundClusters> {
  const search = new Search(wanted, live);
  const byAws = wanted.accounts.length + wanted.regions.length + wanted.clusters.length > 0;
  const contexts = await search.contexts(byAws);
  if (byAws) await search.inAccounts(contexts);
  if (!byAws || wanted.contexts.length > 0) await search.ofContexts(contexts);
  return search.found();
}

class Search {
  private readonly clusters = new Map<string, SurveyCluster>();
  private readonly skipped: Skipped[] = [];
  private readonly unread: Unread[] = [];
  private readonly accounts = new Map<string, SurveyAccount>();
  private caller: { readonly account: string } | undefined;

  constructor(
    private readonly wanted: Wanted,
    private readonly live: SurveyPorts,
  ) {}

  /** The contexts of the kubeconfig; with `optional` none, where there is no kubectl. */
  async contexts(optional: boolean): Promise<readonly KubeContext[]> {
    const answer = await this.live.contexts();
    if (!answer.ok) {
      if (optional && this.wanted.contexts.length === 0) return [];
      throw new UsageError(`the contexts of the kubeconfig cannot be read: ${answer.message}. ${NAME_CLUSTERS}`);
    }
    const names = answer.value.map(({ name }) => name);
    const unknown = this.wanted.contexts.filter((one) => !names.includes(one));
    if (unknown.length > 0)
      throw new UsageError(
        `the kubeconfig has no context ${listed(unknown.map((one) => JSON.stringify(one)))}; it has: ${listed(names, 10)}`,
      );
    if (names.length === 0 && !optional) throw new UsageError(`the kubeconfig has no contexts. ${NAME_CLUSTERS}`);
    return answer.value;
  }

  /** The clusters of contexts: of those that are named, else of all. */
  async ofContexts(all: readonly KubeContext[]): Promise<void> {
    const chosen =
      this.wanted.contexts.length === 0 ? all : all.filter(({ name }) => this.wanted.contexts.includes(name));
    const others: KubeContext[] = [];
    for (const context of chosen) {
      const cluster = clusterOfContext(context);
      if (cluster === undefined) others.push(context);
      else this.add({ ...cluster, context: context.name });
    }
    await Promise.all(others.map((context) => this.byIssuer(context)));
  }

  /** A context that no name tells: its cluster's tokens have an issuer with the region in it. */
  private async byIssuer(context: KubeContext): Promise<void> {
    const { name } = context;
    const issuer = await this.live.ports().kubernetes('', unnamed(name)).issuer();
    if (!issuer.ok) {
      this.unread.push(unreadOf({ context: name }, 'the issuer of its tokens', issuer));
      return;
    }
    const region = regionOfIssuer(issuer.value);
    if (region === undefined) {
      this.skipped.push({ context: name, reason: 'not an EKS cluster, by the issuer of its tokens' });
      return;
    }
    const own = await this.ownAccount(region);
    // The credentials are of one account; further ones are known by other contexts.
    const ids = new Set([
      ...(own === undefined ? [] : [own]),
      ...[...this.clusters.values()].map(({ account }) => account),
    ]);
    const unread: Unread[] = [];
    for (const id of ids) {
      const port = this.live.ports().aws(accountOf(await this.account(id, region)), region);
      const [, named] = EKSCTL.exec(context.cluster) ?? [];
      const names = named === undefined ? await port.clusterNames() : { ok: true as const, value: [named] };
      if (!names.ok) unread.push(notListed({ account: id, region, context: name }, names));
      for (const one of names.ok ? names.value : []) {
        const facts = await port.describeCluster(one);
        if (!facts.ok || facts.value?.issuer !== issuer.value) continue;
        const cluster = { account: id, region, name: one };
        this.add({ ...cluster, arn: clusterArn(cluster), context: name });
        return;
      }
    }
    this.unread.push(
      ...(unread.length > 0 || own === undefined
        ? unread
        : [
            {
              ...{ account: own, region, context: name, what: 'the cluster of the context' },
              message: `no cluster of account ${listed([...ids])} in ${region} has the issuer ${issuer.value}`,
              remedy: [
                say(
                  'The cluster is in another account: use its credentials, or name it with --account, --region and --role.',
                ),
              ],
            },
          ]),
    );
  }

  /** The clusters of the accounts and regions that are named. */
  async inAccounts(contexts: readonly KubeContext[]): Promise<void> {
    const { accounts, clusters } = this.wanted;
    const arns = clusters.flatMap((one) => clusterOfArn(one) ?? []);
    const names = clusters.filter((one) => clusterOfArn(one) === undefined);
    const contextOf = new Map(
      contexts.flatMap((one) => {
        const cluster = clusterOfContext(one);
        return cluster === undefined ? [] : [[cluster.arn, one.name] as const];
      }),
    );
    const add = (cluster: Omit<SurveyCluster, 'context'>): void => {
      const context = contextOf.get(cluster.arn);
      this.add({ ...cluster, ...(context !== undefined && { context }) });
    };
    for (const one of arns) add(one);
    if (names.length === 0 && arns.length > 0 && accounts.length === 0) return;
    const regions = this.regions();
    const own = accounts.length === 0 ? await this.ownAccount(regions[0] ?? '') : undefined;
    const ids = accounts.length > 0 ? accounts : own === undefined ? [] : [own];
    for (const id of ids) await this.account(id, regions[0] ?? '');
    await Promise.all(
      ids.flatMap((account) =>
        regions.map(async (region) => {
          const found = await this.namesIn(account, region, names);
          for (const name of found) add({ account, region, name, arn: clusterArn({ account, region, name }) });
        }),
      ),
    );
    const missing = names.filter((name) => ![...this.clusters.values()].some((one) => one.name === name));
    if (missing.length > 0 && this.unread.length === 0)
      throw new UsageError(`there is no cluster ${listed(missing)} in ${listed(regions)} of ${listed(ids)}`);
  }

  private async namesIn(account: string, region: string, wanted: readonly string[]): Promise<readonly string[]> {
    const place = await this.account(account, region);
    const names = await this.live.ports().aws(accountOf(place), region).clusterNames();
    if (names.ok) return wanted.length === 0 ? names.value : names.value.filter((one) => wanted.includes(one));
    this.unread.push(notListed({ account, region }, names));
    return [];
  }

  private regions(): readonly string[] {
    const { regions } = this.wanted;
    if (regions.length > 0) return regions;
    if (this.live.region !== undefined) return [this.live.region];
    throw new UsageError('name the region of the clusters with --region (repeatable), or set AWS_REGION');
  }

  private async ownAccount(region: string): Promise<string | undefined> {
    if (this.caller !== undefined) return this.caller.account;
    const answer = await this.live.caller(region);
    if (!answer.ok) {
      this.unread.push(unreadOf({ region }, 'sts:GetCallerIdentity', answer));
      return undefined;
    }
    this.caller = answer.value;
    return answer.value.account;
  }

  /** The account with the role by which it is read: none where the credentials are of the account itself. */
  private async account(id: string, region: string): Promise<SurveyAccount> {
    const { role } = this.wanted;
    const known = this.accounts.get(id);
    if (known !== undefined) return known;
    const isOwn = role === undefined || (await this.ownAccount(region)) === id;
    const found = isOwn ? { id } : { id, readRole: `arn:${partitionOf(region)}:iam::${id}:role/${role}` };
    this.accounts.set(id, found);
    return found;
  }

  private add(cluster: SurveyCluster): void {
    const known = this.clusters.get(cluster.arn);
    // Of several contexts the one that other tools look for first: the ARN.
    if (known?.context === undefined || cluster.context === cluster.arn) this.clusters.set(cluster.arn, cluster);
  }

  async found(): Promise<FoundClusters> {
    const clusters = [...this.clusters.values()].toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
    for (const { account, region } of clusters) await this.account(account, region);
    const used = new Set(clusters.map(({ account }) => account));
    const accounts = [...this.accounts.values()]
      .filter(({ id }) => used.has(id) || this.wanted.accounts.includes(id))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return { scope: { accounts, clusters }, skipped: this.skipped, unread: this.unread };
  }
}

const NAME_CLUSTERS =
  'Add --region REGION (and --account ID) to find clusters by AWS, or write a context for each: aws eks update-kubeconfig --name NAME --region REGION';

/** `my-cluster.us-west-2.eksctl.io`. Source: eksctl-io/eksctl pkg/utils/kubeconfig/kubeconfig.go */
const EKSCTL = /^([0-9A-Za-z][\w-]*)\.[a-z0-9-]+\.eksctl\.io$/;

/** The cluster of a context by its names. */
function clusterOfContext({ name, cluster }: KubeContext): Omit<SurveyCluster, 'context'> | undefined {
  return clusterOfArn(cluster) ?? clusterOfArn(name);
}

/** The region in the issuer of an EKS cluster. Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html */
function regionOfIssuer(issuer: string): string | undefined {
  return /^https:\/\/oidc[.-]eks\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)\/id\//.exec(
    issuer,
  )?.[1];
}

/** A cluster of which only the context is known. */
function unnamed(context: string): Cluster {
  return {
    key: '',
    name: '',
    arn: context,
    region: '',
    version: '',
    autoMode: false,
    addons: [],
    kubernetes: { context },
  };
}

type NoAnswer = Extract<Answer<unknown>, { readonly ok: false }>;

function unreadOf(place: Pick<Unread, 'account' | 'region' | 'context'>, what: string, answer: NoAnswer): Unread {
  const { why, message, fix = [] } = answer;
  return { ...place, what, message, reason: why === 'not-asked' || why === 'not-judged' ? 'failed' : why, remedy: fix };
}

function notListed(place: Pick<Unread, 'account' | 'region' | 'context'>, answer: NoAnswer): Unread {
  const unread = unreadOf(place, 'eks:ListClusters', answer);
  if (answer.why !== 'denied') return unread;
  const allow = say('Allow eks:ListClusters, or name a role of the account that podlift assumes: --role NAME.');
  return { ...unread, remedy: [allow, ...unread.remedy] };
}

function accountOf({ id, readRole }: SurveyAccount) {
  return { key: labelOf('account', id), id, ...(readRole !== undefined && { readRole }) };
}
