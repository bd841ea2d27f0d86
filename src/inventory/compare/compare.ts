import { isDeepStrictEqual } from 'node:util';
import type { RuleInfo } from '../Finding';
import type { Account, Cluster, Environment, Inventory, Target, Wave, Workload } from '../Inventory';
import type { Found } from '../rules/Rule';

/** The two versions of an entry with the same key. */
export interface Kept<T> {
  readonly base: T;
  readonly head: T;
}

/** Entries by key: in both versions, only in the first, only in the second. */
interface Matched<T> {
  readonly kept: readonly Kept<T>[];
  readonly removed: readonly T[];
  readonly added: readonly T[];
}

/** A workload in both versions of an environment. Either version can release it. */
export interface KeptWorkload extends Kept<Workload> {
  readonly environment: Kept<Environment>;
  /** The later version releases it. */
  readonly released: boolean;
}

/** The entries of two versions of an inventory. */
export interface Comparison {
  readonly base: Inventory;
  readonly head: Inventory;
  readonly now: Date;
  /** When the earlier version was committed, if known. */
  readonly baseTime: Date | undefined;
  /** Accepted removals: keys of workloads, and `addonRemoval` of add-ons. */
  readonly allowedRemovals: ReadonlySet<string>;
  readonly accounts: Matched<Account>;
  readonly waves: Matched<Wave>;
  readonly environments: Matched<Environment>;
  /** Of environments that are in both versions. */
  readonly workloads: readonly KeptWorkload[];
}

/** The name of an add-on in accepted removals: `addon/NAME`, since a workload often has the same name as its add-on. */
export function addonRemoval(name: string): string {
  return `addon/${name}`;
}

export interface CompareOptions {
  /** `since` must not be later. */
  readonly now: Date;
  /** When the earlier version was committed: a new stage cannot be older. Without it only times in both versions are compared. */
  readonly baseTime?: Date | undefined;
  /** Accepted removals: keys of workloads, and `addonRemoval` of add-ons. Default: none. */
  readonly allowedRemovals?: readonly string[];
}

/** Matches the entries of two versions. */
export function compare(
  base: Inventory,
  head: Inventory,
  { now, baseTime, allowedRemovals = [] }: CompareOptions,
): Comparison {
  const environments = matched(base.environments, head.environments);
  return {
    base,
    head,
    now,
    baseTime,
    allowedRemovals: new Set(allowedRemovals),
    accounts: matched(base.accounts, head.accounts),
    waves: matched(base.waves, head.waves),
    environments,
    workloads: environments.kept.flatMap((environment) =>
      matched(allWorkloads(environment.base), allWorkloads(environment.head)).kept.map((workload) => ({
        ...workload,
        environment,
        released: environment.head.released?.includes(workload.head) ?? false,
      })),
    ),
  };
}

/** Managed and released workloads. */
export function allWorkloads({ workloads, released = [] }: Pick<Environment, 'workloads' | 'released'>): Workload[] {
  return [...workloads, ...released];
}

/** All clusters that both versions have, with their environment. */
export function keptClusters({ environments }: Pick<Comparison, 'environments'>) {
  return environments.kept.flatMap((environment) =>
    matched(environment.base.clusters, environment.head.clusters).kept.map((cluster) => ({ ...cluster, environment })),
  );
}

/** Matches entries by their keys. */
export function matched<T extends Account | Cluster | Environment | Target | Wave | Workload>(
  base: readonly T[],
  head: readonly T[],
): Matched<T> {
  const [before, after] = [base, head].map((entries) => new Map(entries.map((entry) => [entry.key, entry])));
  return {
    kept: base.flatMap((entry) => {
      const now = after?.get(entry.key);
      return now ? [{ base: entry, head: now }] : [];
    }),
    removed: base.filter(({ key }) => after?.has(key) !== true),
    added: head.filter(({ key }) => before?.has(key) !== true),
  };
}

/** A rule over two versions of an inventory. Its paths are of the later version; for a removed entry, of its nearest container. */
export interface CompareRule extends RuleInfo {
  readonly check: (comparison: Comparison) => Iterable<Found>;
}

/** An entry with another key in the later version. */
interface Renamed<T> {
  readonly from: T;
  readonly to: T;
}

interface RenamedWorkload extends Renamed<Workload> {
  readonly environment: Kept<Environment>;
}

/** Workloads that left an environment while an equal workload with another key was added. */
export function renamedWorkloads({ environments }: Comparison): readonly RenamedWorkload[] {
  return environments.kept.flatMap((environment) => {
    const workloads = matched(environment.base.workloads, allWorkloads(environment.head));
    return pairs(workloads.removed, workloads.added, isSameWorkload).map((pair) => ({ ...pair, environment }));
  });
}

export function renamedEnvironments({ environments }: Comparison): readonly Renamed<Environment>[] {
  return pairs(
    environments.removed,
    environments.added,
    (a, b) =>
      a.account.id === b.account.id && a.clusters.some(({ arn }) => b.clusters.some((other) => other.arn === arn)),
  );
}

export function renamedClusters({ base, head }: Kept<Environment>): readonly Renamed<Cluster>[] {
  const clusters = matched(base.clusters, head.clusters);
  return pairs(clusters.removed, clusters.added, (a, b) => a.arn === b.arn || sameIssuer(a, b));
}

export function renamedTargets({ base, head }: Kept<Workload>): readonly Renamed<Target>[] {
  const targets = matched(base.targets, head.targets);
  return pairs(
    targets.removed,
    targets.added,
    (a, b) =>
      a.account.id === b.account.id && (a.role.name === b.role.name || isDeepStrictEqual(a.permissions, b.permissions)),
  );
}

function sameIssuer(a: Cluster, b: Cluster): boolean {
  return a.oidc !== undefined && a.oidc.issuer === b.oidc?.issuer;
}

/** Workloads are equal with the same role, the same service account on a cluster, or if all but one of their traits are equal. */
function isSameWorkload(a: Workload, b: Workload): boolean {
  if (a.role.name === b.role.name) return true;
  const onOneCluster = a.clusters.some((cluster) => b.clusters.includes(cluster));
  const traits = [
    a.namespace === b.namespace,
    a.serviceAccount.name === b.serviceAccount.name,
    isDeepStrictEqual(a.permissions, b.permissions),
    isDeepStrictEqual(traitsOf(a.targets), traitsOf(b.targets)),
  ];
  if (onOneCluster && traits[0] === true && traits[1] === true) return true;
  const hasPermissions = a.permissions.managedPolicies.length + a.permissions.statements.length > 0;
  return onOneCluster && hasPermissions && traits.filter(Boolean).length >= 3;
}

/** Targets without the names of their roles, which contain the workload's key. */
function traitsOf(targets: readonly Target[]): readonly unknown[] {
  return targets.map(({ key, account, via, permissions }) => ({ key, account: account.id, via, permissions }));
}

/** Pairs each removed entry with the first equal added entry that is still free. */
function pairs<T>(removed: readonly T[], added: readonly T[], isSame: (a: T, b: T) => boolean): readonly Renamed<T>[] {
  const free = new Set(added);
  return removed.flatMap((from) => {
    const to = [...free].find((candidate) => isSame(from, candidate));
    if (to === undefined) return [];
    free.delete(to);
    return [{ from, to }];
  });
}
