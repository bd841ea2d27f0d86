import { isDeepStrictEqual } from 'node:util';
import type { RuleInfo } from '../Finding';
import type { Account, Cluster, Environment, Inventory, Target, Wave, Workload } from '../Inventory';
import type { RuleFinding } from '../rules/Rule';

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

/** A cluster in both versions of an environment. */
interface KeptCluster extends Kept<Cluster> {
  readonly environment: Kept<Environment>;
}

/** A workload in both versions of an environment. Either version can release it. */
export interface KeptWorkload extends Kept<Workload> {
  readonly environment: Kept<Environment>;
  /** The later version releases it. */
  readonly released: boolean;
  readonly targets: Matched<Target>;
}

/** An entry with another key in the later version. */
interface Renamed<T> {
  readonly from: T;
  readonly to: T;
}

/** The entries of two versions of an inventory. Clusters and workloads are of environments that are in both. */
export interface TwoVersions {
  readonly base: Inventory;
  readonly head: Inventory;
  readonly now: Date;
  /** When the earlier version was committed. Absent: unknown. */
  readonly baseTime: Date | undefined;
  /** Accepted removals: keys of workloads, and `addonRemoval` of add-ons. */
  readonly allowedRemovals: ReadonlySet<string>;
  /** The git revision of the earlier version, where it is known. */
  readonly revision?: string;
  readonly accounts: Matched<Account>;
  readonly waves: Matched<Wave>;
  readonly environments: Matched<Environment>;
  readonly clusters: readonly KeptCluster[];
  readonly workloads: readonly KeptWorkload[];
  readonly renamed: {
    readonly environments: readonly Renamed<Environment>[];
    readonly clusters: readonly (Renamed<Cluster> & Pick<KeptCluster, 'environment'>)[];
    /** Workloads that left an environment while an equal workload with another key was added. */
    readonly workloads: readonly (Renamed<Workload> & Pick<KeptWorkload, 'environment'>)[];
    readonly targets: readonly (Renamed<Target> & { readonly workload: KeptWorkload })[];
  };
  /** Whether an entry of either version has another key in the other one. */
  readonly isRenamed: (entry: Environment | Cluster | Workload | Target) => boolean;
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
  /** The git revision of the earlier version, for a command that names it. Absent: there is none, or it is not known. */
  readonly revision?: string;
}

/** Matches the entries of two versions. */
export function compare(
  base: Inventory,
  head: Inventory,
  { now, baseTime, allowedRemovals = [], revision }: CompareOptions,
): TwoVersions {
  const environments = matched(base.environments, head.environments);
  const clusters = environments.kept.map((environment) => ({
    environment,
    ...matched(environment.base.clusters, environment.head.clusters),
  }));
  const workloads = environments.kept.flatMap((environment) =>
    matched(allWorkloads(environment.base), allWorkloads(environment.head)).kept.map((workload) => ({
      ...workload,
      environment,
      released: environment.head.released?.includes(workload.head) ?? false,
      targets: matched(workload.base.targets, workload.head.targets),
    })),
  );
  const renamed: TwoVersions['renamed'] = {
    environments: pairs(environments, isSameEnvironment),
    clusters: clusters.flatMap(({ environment, ...found }) =>
      pairs(found, isSameCluster).map((pair) => ({ ...pair, environment })),
    ),
    workloads: environments.kept.flatMap((environment) =>
      pairs(matched(environment.base.workloads, allWorkloads(environment.head)), isSameWorkload).map((pair) => ({
        ...pair,
        environment,
      })),
    ),
    targets: workloads.flatMap((workload) =>
      pairs(workload.targets, isSameTarget).map((pair) => ({ ...pair, workload })),
    ),
  };
  const entries = new Set<unknown>(Object.values(renamed).flatMap((all) => all.flatMap(({ from, to }) => [from, to])));
  return {
    base,
    head,
    now,
    baseTime,
    allowedRemovals: new Set(allowedRemovals),
    ...(revision !== undefined && { revision }),
    accounts: matched(base.accounts, head.accounts),
    waves: matched(base.waves, head.waves),
    environments,
    clusters: clusters.flatMap(({ environment, kept }) => kept.map((cluster) => ({ ...cluster, environment }))),
    workloads,
    renamed,
    isRenamed: (entry) => entries.has(entry),
  };
}

/** The stages of all waves in the later version. `before` is the wave in the earlier version, which also has the environment. */
export function* waveStages({ base, head }: TwoVersions) {
  const waves = new Map(base.waves.map((wave) => [wave.key, wave]));
  const environments = new Set(base.environments.map(({ key }) => key));
  for (const wave of head.waves)
    for (const [environment, now] of Object.entries(wave.stages)) {
      const isNew = !environments.has(environment);
      yield { wave, environment, now, isNew, before: isNew ? undefined : waves.get(wave.key) };
    }
}

/** Managed and released workloads. */
export function allWorkloads({ workloads, released = [] }: Pick<Environment, 'workloads' | 'released'>): Workload[] {
  return [...workloads, ...released];
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
  readonly check: (comparison: TwoVersions) => Iterable<RuleFinding>;
}

function isSameEnvironment(a: Environment, b: Environment): boolean {
  return a.account.id === b.account.id && a.clusters.some(({ arn }) => b.clusters.some((other) => other.arn === arn));
}

function isSameCluster(a: Cluster, b: Cluster): boolean {
  return a.arn === b.arn || (a.oidc !== undefined && a.oidc.issuer === b.oidc?.issuer);
}

function isSameTarget(a: Target, b: Target): boolean {
  if (a.account.id !== b.account.id) return false;
  return a.role.name === b.role.name || isDeepStrictEqual(a.permissions, b.permissions);
}

/** Workloads are equal with the same role, the same service account on a cluster, or if all but one of their traits are equal. */
function isSameWorkload(a: Workload, b: Workload): boolean {
  if (a.role.name === b.role.name) return true;
  const onOneCluster = a.clusters.some((cluster) => b.clusters.includes(cluster));
  const traits = [
    isDeepStrictEqual(namesOf(a, 'namespace'), namesOf(b, 'namespace')),
    isDeepStrictEqual(namesOf(a, 'name'), namesOf(b, 'name')),
    isDeepStrictEqual(a.permissions, b.permissions),
    isDeepStrictEqual(traitsOf(a.targets), traitsOf(b.targets)),
  ];
  if (onOneCluster && traits[0] === true && traits[1] === true) return true;
  const hasPermissions = a.permissions.managedPolicies.length + a.permissions.statements.length > 0;
  return onOneCluster && hasPermissions && traits.filter(Boolean).length >= 3;
}

/** The namespaces or the names of a workload's service accounts. */
function namesOf({ subjects }: Workload, field: 'namespace' | 'name'): readonly string[] {
  return [...new Set(subjects.map((one) => one[field]))].toSorted();
}

/** Targets without the names of their roles, which contain the workload's key. */
function traitsOf(targets: readonly Target[]): readonly unknown[] {
  return targets.map(({ key, account, via, permissions }) => ({ key, account: account.id, via, permissions }));
}

/** Pairs each removed entry with the first equal added entry that is still free. */
function pairs<T>({ removed, added }: Matched<T>, isSame: (a: T, b: T) => boolean): readonly Renamed<T>[] {
  const free = new Set(added);
  return removed.flatMap((from) => {
    const to = [...free].find((candidate) => isSame(from, candidate));
    if (to === undefined) return [];
    free.delete(to);
    return [{ from, to }];
  });
}
