import type { Answer } from '../../estate/aws/AwsPort';
import type { KubeContext } from '../../estate/kubernetes/kubeContexts';
import type { Ports } from '../../estate/Ports';
import { turns } from '../../estate/turns';
import { regionsOf } from '../../inventory/aws/regions';
import { labelOf } from '../../inventory/edit/labelOf';
import { partitionOf } from '../../inventory/Inventory';
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
import { clusterOfContext, eksctlName, regionOfIssuer, unnamed } from './contextNames';
import { type NoAnswer, notListed, unreadOf } from './unread';

/** Which clusters an operator wants. Nothing: those of all contexts of the kubeconfig. */
export interface Wanted {
  readonly contexts: readonly string[];
  /** Ids. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Names or ARNs. */
  readonly clusters: readonly string[];
  /** All accounts of the organisation. */
  readonly organization: boolean;
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
  /** Called after each region in which clusters were listed. */
  readonly onListed?: (progress: { readonly done: number; readonly total: number; readonly what: string }) => void;
}

/** What was found, and what was not. */
export interface FoundClusters {
  readonly scope: SurveyScope;
  readonly skipped: readonly Skipped[];
  readonly unread: readonly Unread[];
}

/**
 * Finds the clusters: those of contexts by the ARN that `aws eks update-kubeconfig` writes, or by the issuer of their tokens, which EKS names too; those of
 * accounts by `eks:ListClusters`, in the regions that an account can use. What cannot be read is in `unread`; a context that leads to no EKS cluster and an account that
 * is not active are in `skipped`. Throws `UsageError` where nothing is named that could be found.
 */
export async function findClusters(wanted: Wanted, live: SurveyPorts): Promise<FoundClusters> {
  const search = new Search(wanted, live);
  const { accounts, regions, clusters, organization } = wanted;
  const byAws = organization || accounts.length + regions.length + clusters.length > 0;
  const contexts = await search.contexts(byAws);
  if (byAws) await search.inAccounts();
  if (!byAws || wanted.contexts.length > 0) await search.ofContexts(contexts);
  return search.found(contexts);
}

/** How many lists of clusters are under way at the same time. */
const AT_ONCE = 20;

class Search {
  private readonly clusters = new Map<string, SurveyCluster>();
  private readonly skipped: Skipped[] = [];
  private readonly unread: Unread[] = [];
  private readonly accounts = new Map<string, SurveyAccount>();
  private readonly inTurn = turns(AT_ONCE);
  private caller: Promise<string | undefined> | undefined;

  constructor(
    private readonly wanted: Wanted,
    private readonly live: SurveyPorts,
  ) {}

  /** The contexts of the kubeconfig; with `optional` none, where they cannot be read. */
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
    const failed: Unread[] = [];
    for (const id of ids) {
      const port = this.live.ports().aws(accountOf(await this.account(id, region)), region);
      const named = eksctlName(context)?.name;
      const names = named === undefined ? await port.clusterNames() : { ok: true as const, value: [named] };
      if (!names.ok) failed.push(notListed({ account: id, context: name }, [{ region, answer: names }]));
      for (const one of names.ok ? names.value : []) {
        const facts = await port.describeCluster(one);
        if (!facts.ok || facts.value?.issuer !== issuer.value) continue;
        const cluster = { account: id, region, name: one };
        this.add({ ...cluster, arn: clusterArn(cluster), context: name });
        return;
      }
    }
    const inOther: Unread = {
      ...{ region, context: name, what: 'the cluster of the context' },
      message: `no cluster of account ${listed([...ids])} in ${region} has the issuer ${issuer.value}`,
      remedy: [
        say('If it is in another account, use its credentials, or name it with --account, --region and --role.'),
      ],
    };
    if (own !== undefined) this.unread.push(...(failed.length > 0 ? failed : [inOther]));
  }

  /** The clusters of the accounts and regions that are named, or of the whole organisation. */
  async inAccounts(): Promise<void> {
    const { accounts, clusters, organization } = this.wanted;
    const arns = clusters.flatMap((one) => clusterOfArn(one) ?? []);
    const names = clusters.filter((one) => clusterOfArn(one) === undefined);
    for (const one of arns) this.add(one);
    if (names.length === 0 && arns.length > 0 && accounts.length === 0 && !organization) return;
    const first = this.firstRegion();
    const ids = organization ? await this.ofOrganization(first) : await this.named(first);
    const places = await Promise.all(
      ids.map(async (id) => {
        const account = await this.account(id, first);
        return { account, ...(await this.inTurn(() => this.regionsOf(account, first))) };
      }),
    );
    const total = places.reduce((sum, { regions }) => sum + regions.length, 0);
    let done = 0;
    await Promise.all(
      places.map(async ({ account, regions, isGuess }) => {
        const lists = await Promise.all(
          regions.map(async (region) => {
            const port = this.live.ports().aws(accountOf(account), region);
            const answer = await this.inTurn(() => port.clusterNames());
            this.live.onListed?.({ done: ++done, total, what: `${account.id} ${region}` });
            return { region, answer };
          }),
        );
        this.take(account, lists, names, isGuess);
      }),
    );
    const missing = names.filter((name) => ![...this.clusters.values()].some((one) => one.name === name));
    if (missing.length > 0 && this.unread.length === 0)
      throw new UsageError(
        `there is no cluster ${listed(missing)} in ${listed(places[0]?.regions ?? [])} of ${listed(ids)}`,
      );
  }

  /** Adds the clusters of an account. `isGuess`: the account need not have all of the regions. */
  private take(
    { id: account }: SurveyAccount,
    lists: readonly { readonly region: string; readonly answer: Answer<readonly string[]> }[],
    wanted: readonly string[],
    isGuess: boolean,
  ): void {
    const failed: { readonly region: string; readonly answer: NoAnswer }[] = [];
    for (const { region, answer } of lists) {
      if (!answer.ok) failed.push({ region, answer });
      else
        for (const name of answer.value)
          if (wanted.length === 0 || wanted.includes(name))
            this.add({ account, region, name, arn: clusterArn({ account, region, name }) });
    }
    const isRead = failed.length < lists.length;
    // In a region that is not enabled, AWS does not know the credentials.
    const real =
      isGuess && isRead
        ? failed.filter(({ answer }) => !/^UnrecognizedClient|^InvalidClientTokenId/.test(answer.message))
        : failed;
    if (real.length > 0) this.unread.push(notListed({ account }, real));
  }

  private async named(region: string): Promise<readonly string[]> {
    const { accounts } = this.wanted;
    if (accounts.length > 0) return [...new Set(accounts)];
    const own = await this.ownAccount(region);
    return own === undefined ? [] : [own];
  }

  /** The active accounts of the organisation. */
  private async ofOrganization(region: string): Promise<readonly string[]> {
    const own = await this.ownAccount(region);
    if (own === undefined) return [];
    const answer = await this.live
      .ports()
      .aws(accountOf({ id: own }), region)
      .organizationAccounts();
    if (!answer.ok) {
      const unread = unreadOf({ account: own }, 'organizations:ListAccounts', answer);
      const who = say(
        'Only the management account of the organisation, or a delegated administrator, can list the accounts. Use its credentials, or name the accounts with --account.',
      );
      this.unread.push({ ...unread, remedy: [who, ...unread.remedy] });
      return [];
    }
    for (const { id, name, status } of answer.value) {
      if (status !== 'ACTIVE') this.skipped.push({ account: id, reason: `${name}: the account is ${status}` });
      else this.accounts.set(id, { ...(await this.account(id, region)), name });
    }
    return answer.value.flatMap(({ id, status }) => (status === 'ACTIVE' ? [id] : []));
  }

  /** The region from which global services are asked. */
  private firstRegion(): string {
    return this.wanted.regions[0] ?? this.live.region ?? 'us-east-1';
  }

  /** The regions to list: those that are named, that of the settings, or all that the account can use. */
  private async regionsOf(
    account: SurveyAccount,
    first: string,
  ): Promise<{ readonly regions: readonly string[]; readonly isGuess: boolean }> {
    const { regions, organization } = this.wanted;
    if (regions.length > 0) return { regions: [...new Set(regions)], isGuess: false };
    if (!organization && this.live.region !== undefined) return { regions: [this.live.region], isGuess: false };
    const answer = await this.live.ports().aws(accountOf(account), first).regions();
    return answer.ok
      ? { regions: answer.value, isGuess: false }
      : { regions: regionsOf(partitionOf(first)), isGuess: true };
  }

  private ownAccount(region: string): Promise<string | undefined> {
    this.caller ??= this.live.caller(region).then((answer) => {
      if (answer.ok) return answer.value.account;
      this.unread.push(unreadOf({ region }, 'sts:GetCallerIdentity', answer));
      return undefined;
    });
    return this.caller;
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

  /** All of it; clusters that AWS listed get the context that the kubeconfig has for them. */
  async found(contexts: readonly KubeContext[]): Promise<FoundClusters> {
    const clusters = [...this.clusters.values()]
      .map((one) => ({ ...contextFor(one, contexts), ...one }))
      .toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
    for (const { account, region } of clusters) await this.account(account, region);
    const used = new Set(clusters.map(({ account }) => account));
    const accounts = [...this.accounts.values()]
      .filter(({ id }) => used.has(id) || this.wanted.accounts.includes(id) || this.wanted.organization)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return { scope: { accounts, clusters }, skipped: this.skipped, unread: this.unread };
  }
}

/** The context for a cluster that AWS listed. That of eksctl does not name the account: the issuer is compared before the cluster is read. */
function contextFor(
  { arn, name, region }: SurveyCluster,
  contexts: readonly KubeContext[],
): Pick<SurveyCluster, 'context'> {
  const all = contexts.filter((one) => clusterOfContext(one)?.arn === arn);
  const found =
    all.find((one) => one.name === arn) ??
    all[0] ??
    contexts.find((one) => eksctlName(one)?.name === name && eksctlName(one)?.region === region);
  return found === undefined ? {} : { context: found.name };
}

const NAME_CLUSTERS =
  'Add --region REGION (and --account ID) to find clusters by AWS, or write a context for each: aws eks update-kubeconfig --name NAME --region REGION';

function accountOf({ id, readRole }: SurveyAccount) {
  return { key: labelOf('account', id), id, ...(readRole !== undefined && { readRole }) };
}
