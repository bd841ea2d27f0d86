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

/** A workload in an environment that has kept its key. */
export interface KeptWorkload extends Kept<Workload> {
  readonly environment: Kept<Environment>;
}

/** Two versions of an inventory, entry by entry. */
export interface Comparison {
  readonly base: Inventory;
  readonly head: Inventory;
  readonly now: Date;
  /** When the earlier version was committed, if that is known. */
  readonly baseTime: Date | undefined;
  readonly accounts: Matched<Account>;
  readonly waves: Matched<Wave>;
  readonly environments: Matched<Environment>;
  /** Of environments that are in both versions. */
  readonly workloads: readonly KeptWorkload[];
}

/** Puts two versions side by side. */
export function compare(base: Inventory, head: Inventory, now: Date, baseTime?: Date): Comparison {
  const environments = matched(base.environments, head.environments);
  return {
    base,
    head,
    now,
    baseTime,
    accounts: matched(base.accounts, head.accounts),
    waves: matched(base.waves, head.waves),
    environments,
    workloads: environments.kept.flatMap((environment) =>
      matched(environment.base.workloads, environment.head.workloads).kept.map((workload) => ({
        ...workload,
        environment,
      })),
    ),
  };
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
