import type { Segments } from '../Finding';
import type { Subject, Workload } from '../Inventory';
import { matchesWildcards } from '../reading/globs';
import type { WrittenExpanded, WrittenInventory } from '../schema/inventorySchema';
import { mergeOverrides } from './mergeOverrides';

/** A cluster on which a workload runs. Both are keys. */
export interface ClusterPlace {
  readonly environment: string;
  readonly cluster: string;
}

/** A service account of `expanded`, with the place of its entry. */
export interface ExpandedAccount {
  /** The key of a cluster. */
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly path: Segments;
}

type Written = Required<Pick<WrittenInventory, 'environments' | 'workloads' | 'expanded'>>;

/** The clusters on which a workload runs, in the order of the file. Empty for an unknown workload. */
export function placesOfWorkload(
  { environments, workloads }: Omit<Written, 'expanded'>,
  key: string,
): readonly ClusterPlace[] {
  const workload = workloads[key];
  if (workload === undefined) return [];
  return Object.entries(environments).flatMap(([environment, { clusters = {} }]) => {
    if (workload.environments?.includes(environment) === false) return [];
    const selected = mergeOverrides(workload, workload.overrides?.[environment]).clusters;
    return Object.keys(clusters)
      .filter((cluster) => selected?.includes(cluster) ?? true)
      .map((cluster) => ({ environment, cluster }));
  });
}

/** The clusters that a key of `expanded.<workload>` can mean: one, or none, or several of which none is chosen. */
export function placesNamed(reference: string, places: readonly ClusterPlace[]): readonly ClusterPlace[] {
  return places.filter(
    ({ environment, cluster }) => reference === cluster || reference === `${environment}/${cluster}`,
  );
}

/** The key of a cluster under `expanded.<workload>`: as short as it is clear. */
export function referenceTo(place: ClusterPlace, places: readonly ClusterPlace[]): string {
  return placesNamed(place.cluster, places).length > 1 ? `${place.environment}/${place.cluster}` : place.cluster;
}

/** The accounts of `expanded` for a workload in an environment. A key that means several clusters, or none, has a finding of the rule `expanded`. */
export function resolveExpanded(written: Written, workload: string, environment: string): readonly ExpandedAccount[] {
  const expanded: WrittenExpanded | undefined = written.expanded[workload];
  if (expanded === undefined) return [];
  const places = placesOfWorkload(written, workload);
  return Object.entries(expanded).flatMap(([reference, accounts]) => {
    const [place, ...others] = placesNamed(reference, places);
    if (place === undefined || others.length > 0 || place.environment !== environment) return [];
    return accounts.map((account, index) => ({
      cluster: place.cluster,
      ...account,
      path: ['expanded', workload, reference, index],
    }));
  });
}

/** The subjects of accounts of `expanded`: one for each name, with all its clusters in the order of the environment. podlift changes no account of theirs. */
export function expandedSubjects(
  accounts: readonly ExpandedAccount[],
  clusters: readonly string[],
): readonly Subject[] {
  const names = new Map<string, { readonly account: ExpandedAccount; readonly on: Set<string> }>();
  for (const account of accounts) {
    const name = `${account.namespace}/${account.serviceAccount}`;
    const known = names.get(name) ?? { account, on: new Set() };
    known.on.add(account.cluster);
    names.set(name, known);
  }
  return [...names.values()].map(({ account, on }) => ({
    namespace: account.namespace,
    name: account.serviceAccount,
    // Whoever makes the namespaces makes the annotation too: a preview that podlift has not seen yet must have it to get IRSA.
    manage: 'none',
    clusters: clusters.filter((key) => on.has(key)),
    isFirst: false,
    isExpanded: true,
  }));
}

/** Whether a pattern of a workload admits a service account of a cluster. `*` and `?` as in IAM's StringLike, which is case-sensitive. */
export function isAdmitted(
  { patterns = [] }: Pick<Workload, 'patterns'>,
  { cluster, namespace, serviceAccount }: Pick<ExpandedAccount, 'cluster' | 'namespace' | 'serviceAccount'>,
): boolean {
  const fits = (globs: readonly string[], name: string) => globs.some((glob) => matchesWildcards(glob, name));
  return patterns.some(
    (pattern) =>
      pattern.clusters.includes(cluster) &&
      fits(pattern.namespaces, namespace) &&
      fits(pattern.serviceAccounts, serviceAccount),
  );
}
