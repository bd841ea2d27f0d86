import type { Account, Cluster, Environment, Inventory, Target, Wave, Workload } from '../Inventory';

/** Two versions of something that has kept its key. */
export interface Kept<T> {
  readonly base: T;
  readonly head: T;
}

/** Entries by key: those of both versions, those of the first only, those of the second only. */
export interface Matched<T> {
  readonly kept: readonly Kept<T>[];
  readonly removed: readonly T[];
  readonly added: readonly T[];
}

/** A workload in an environment that has kept its key; either version may release it. */
export interface KeptWorkload extends Kept<Workload> {
  readonly environment: Kept<Environment>;
  /** The later version releases it. */
  readonly released: boolean;
}

/** Two versions of an inventory, entry by entry. */
export interface Comparison {
  readonly base: Inventory;
  readonly head: Inventory;
  readonly now: Date;
  /** When the earlier version was committed, if that is known. */
  readonly baseTime: Date | undefined;
  /** What is removed on purpose, and may be destroyed: keys of workloads, and `addonRemoval` of add-ons. */
  readonly allowedRemovals: ReadonlySet<string>;
  readonly accounts: Matched<Account>;
  readonly waves: Matched<Wave>;
  readonly environments: Matched<Environment>;
  /** Of environments that are in both versions. */
  readonly workloads: readonly KeptWorkload[];
}

/** How the removal of an add-on is accepted: `addon/NAME`. A workload often has the name of its add-on, and its removal accepts no more than itself. */
export function addonRemoval(name: string): string {
  return `addon/${name}`;
}

/** What two versions are compared with. */
export interface CompareOptions {
  /** `since` must not be later. */
  readonly now: Date;
  /** When the earlier version was committed: a new stage is not older. Without it only the times in both versions are compared. */
  readonly baseTime?: Date | undefined;
  /** What is removed on purpose, and may be destroyed: keys of workloads, and `addonRemoval` of add-ons. Default: none. */
  readonly allowedRemovals?: readonly string[];
}

/** Puts two versions side by side. */
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

/** Those that podlift manages and those that it releases. */
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
