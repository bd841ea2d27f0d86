import { accountId } from '../formats/awsFormats';
import { fits } from '../formats/Format';
import { type Account, partitionOf } from '../Inventory';
import type { WrittenEnvironment, WrittenInventory } from '../schema/inventorySchema';
import type { Merged } from '../source/mergeSources';
import { formatPath, isMap, valueAt } from '../source/plainData';
import { suggest } from '../suggest';
import type { Defined } from './Model';
import type { KnownNames } from './replacer';

/** The keys that the files define, also keys whose values could not be read. */
export function definedKeys({ raw, unreadable, sourceOf }: Pick<Merged, 'raw' | 'unreadable' | 'sourceOf'>): Defined {
  const environments = Object.entries(raw.environments);
  const keysIn = (field: string) =>
    new Map(environments.map(([key, environment]) => [key, keysOf(valueAt(environment, [field]))]));
  // The data of a file does not contain values that could not be read.
  const isRefused = (...path: string[]): boolean => sourceOf(path)?.refused.has(formatPath(path)) === true;
  const staged = Object.entries(raw.workloads).filter(
    ([key, workload]) => writesStage(workload) || STAGED_BY.some((field) => isRefused('workloads', key, field)),
  );
  return {
    accounts: keysOf(raw.accounts),
    environments: keysOf(raw.environments),
    waves: keysOf(raw.waves),
    workloads: keysOf(raw.workloads),
    expanded: keysOf(raw.expanded),
    staged: new Set(staged.map(([key]) => key)),
    clusters: keysIn('clusters'),
    values: keysIn('values'),
    unreadable,
  };
}

const STAGED_BY = ['wave', 'stage'] as const;

function writesStage(workload: unknown): boolean {
  const overrides = valueAt(workload, ['overrides']);
  const all = [workload, ...(isMap(overrides) ? Object.values(overrides) : [])];
  return all.flatMap((fields) => [...keysOf(fields)]).some((key) => suggest(key, STAGED_BY) !== undefined);
}

function keysOf(value: unknown): ReadonlySet<string> {
  return new Set(isMap(value) ? Object.keys(value) : []);
}

/** Names that every environment has; its `values` cannot use them. */
export const BUILT_IN_NAMES = ['environment', 'region', 'account', 'partition'] as const;

/** The values of `{name}` in an environment. `values` are the keys of its values, also of those that could not be read. */
export function knownNames(
  environment: string,
  { region, values = {} }: Pick<WrittenEnvironment, 'region' | 'values'>,
  account: Account,
  accounts: Accounts,
  defined: Pick<Defined, 'accounts' | 'unreadable'> & { readonly values: Iterable<string> },
): KnownNames {
  const builtIn: Readonly<Record<(typeof BUILT_IN_NAMES)[number], string>> = {
    environment,
    region,
    account: account.id,
    partition: partitionOf(region),
  };
  const names = new Map<string, string | null>([
    // A value that could not be read has a finding already: its name is known.
    ...[...defined.values].map((key) => [key, null] as const),
    ...[...defined.accounts].map((key) => [`accounts.${key}`, accounts.of(key).id] as const),
    ...Object.entries(values),
    ...Object.entries(builtIn),
  ]);
  const accountsUnread = defined.unreadable.has('accounts');
  return {
    environment,
    known: [...names.keys()],
    lookUp: (name) => (accountsUnread && name.startsWith('accounts.') ? null : names.get(name)),
  };
}

/** The accounts of an inventory, with a stand-in for each unknown one. */
export interface Accounts {
  /** Accounts without an error. */
  readonly known: readonly Account[];
  /** An account by its key. An undefined account, or one without a valid id, gets an id that no other account has. */
  readonly of: (key: string) => Account;
  /** The ids of stand-ins. `of` adds to them. */
  readonly standIns: ReadonlySet<string>;
}

/** Resolves accounts so that the rest of the inventory can be checked despite their errors. Rules skip the ids of stand-ins. */
export function resolveAccounts(written: Required<WrittenInventory>['accounts']): Accounts {
  const accounts = new Map<string, Account>();
  const standIns = new Set<string>();
  for (const [key, account] of Object.entries(written)) {
    if (fits(accountId, account.id)) accounts.set(key, { key, ...account });
  }
  const known = [...accounts.values()];
  const taken = new Set(known.map(({ id }) => id));

  function standIn(key: string): Account {
    const idOf = (number: number): string => String(number).padStart(12, '0');
    let number = 0;
    while (taken.has(idOf(number))) number += 1;
    const account = { ...written[key], key, id: idOf(number) };
    taken.add(account.id);
    standIns.add(account.id);
    accounts.set(key, account);
    return account;
  }
  return { known, of: (key) => accounts.get(key) ?? standIn(key), standIns };
}
