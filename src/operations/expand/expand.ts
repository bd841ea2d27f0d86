import { compareContext } from '../../comparison/cluster';
import { type Expansion, expansionOn } from '../../comparison/expansion';
import { type Ask, isNoAnswer, need, type NoAnswer, openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { type Places, placesOf, questionText } from '../../estate/places';
import type { Question } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import type { Cluster, Environment, Inventory, SubjectPattern, Workload } from '../../inventory/Inventory';
import { contextText, noAccountsText, noClusterText } from '../contextText';
import { noAnswerText, say } from '../remedies';

/** The accounts by pattern of a workload on one cluster: what is known and what the cluster has. */
export interface WorkloadExpansion extends Expansion {
  readonly environment: string;
  readonly workload: string;
  /** The key of the cluster. */
  readonly cluster: string;
  readonly patterns: readonly SubjectPattern[];
}

/** A cluster of which nothing is known: its lists stay as they are. */
export interface UnreadCluster {
  readonly environment: string;
  readonly cluster: string;
  readonly found: string;
  readonly remedy: Remedy;
}

/** The result of `expand`. */
export interface Expansions {
  /** ISO 8601. */
  readonly when: string;
  /** Keys. */
  readonly environments: readonly string[];
  /** In the order of the inventory. */
  readonly workloads: readonly WorkloadExpansion[];
  readonly unread: readonly UnreadCluster[];
}

/** The questions of `expand` that an Estate does not answer yet. */
export function expandQuestions(
  inventory: Inventory,
  environments: readonly string[],
): (estate: Estate) => readonly Question[] {
  const asks = clustersWithPatterns(inventory, environments).map((one) => askExpansion(one));
  return (estate) => openQuestions(asks, estate);
}

/** What the clusters have for all workloads by pattern. A cluster that gives no answer, or that the context does not lead to, is `unread`. */
export function expand(inventory: Inventory, environments: readonly string[], estate: Estate): Expansions {
  const places = placesOf(inventory);
  const results = clustersWithPatterns(inventory, environments).map((one) => {
    const { value } = settle(askExpansion(one), estate);
    return { one, value: isNoAnswer(value) ? unanswered(value, places) : value };
  });
  return {
    when: estate.at,
    environments,
    workloads: results.flatMap(({ value }) => ('found' in value ? [] : value)),
    unread: results.flatMap(({ one: { environment, cluster }, value }) =>
      'found' in value ? [{ environment: environment.key, cluster: cluster.key, ...value }] : [],
    ),
  };
}

/** A cluster with the workloads that have patterns on it. */
export interface PatternCluster {
  readonly environment: Environment;
  readonly cluster: Cluster;
  readonly workloads: readonly Workload[];
}

function clustersWithPatterns({ environments }: Inventory, keys: readonly string[]): readonly PatternCluster[] {
  return environments
    .filter(({ key }) => keys.includes(key))
    .flatMap((environment) =>
      environment.clusters.flatMap((cluster) => {
        const workloads = environment.workloads.filter((workload) => hasPatternOn(workload, cluster));
        return workloads.length === 0 ? [] : [{ environment, cluster, workloads }];
      }),
    );
}

/** Whether a workload has accounts by pattern on a cluster, or had: `expanded` still lists some there. */
function hasPatternOn({ patterns = [] }: Workload, { key }: Cluster): boolean {
  return patterns.some(({ clusters }) => clusters.includes(key));
}

type Problem = Pick<UnreadCluster, 'found' | 'remedy'>;

/** Asks for the service accounts of a cluster, after its identity: what another cluster has is nothing to write down. */
export function askExpansion({
  environment,
  cluster,
  workloads,
}: PatternCluster): Ask<readonly WorkloadExpansion[] | Problem | NoAnswer> {
  const { arn } = cluster;
  return need(
    [
      { ask: 'cluster', cluster: arn },
      { ask: 'issuer', cluster: arn },
    ],
    (facts, issuer): Problem | Ask<readonly WorkloadExpansion[] | Problem | NoAnswer> => {
      if (facts === undefined) return noClusterText(environment.account, cluster);
      const [mismatch] = compareContext(cluster, issuer, facts);
      if (mismatch !== undefined) return contextText(environment.account, cluster, mismatch);
      return need(
        [
          { ask: 'serviceAccounts', cluster: arn },
          { ask: 'associations', cluster: arn },
        ],
        (accounts, associations): readonly WorkloadExpansion[] | Problem =>
          accounts.length === 0
            ? noAccountsText(cluster)
            : workloads.map((workload) => ({
                environment: environment.key,
                workload: workload.key,
                cluster: cluster.key,
                patterns: (workload.patterns ?? []).filter(({ clusters }) => clusters.includes(cluster.key)),
                ...expansionOn(environment, workload, cluster, accounts, associations),
              })),
      );
    },
  );
}

/** Every question that had no answer, with what to do. */
function unanswered(first: NoAnswer, places: Places): Problem {
  const all = [first, ...(first.others ?? [])].map((one) => ({
    asked: questionText(one.noAnswer, places).asked,
    ...noAnswerText(one, places),
  }));
  return {
    found: all.map(({ asked, found }) => `${asked}: ${found}`).join('; '),
    remedy:
      all.length === 1 ? (all[0]?.remedy ?? []) : all.flatMap(({ asked, remedy }) => [say(`${asked}:`), ...remedy]),
  };
}
