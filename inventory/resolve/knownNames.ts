import type { Account } from '../Inventory';
import type { WrittenEnvironment } from '../schema/inventorySchema';
import type { Defined } from './Model';
import { partitionOf } from './partitionOf';
import type { KnownNames } from './replacer';

/** Names that every environment knows; its `values` may not take them. */
export const BUILT_IN_NAMES = ['environment', 'region', 'account', 'partition'] as const;

/** What `{name}` stands for in an environment. */
export function knownNames(
  environment: string,
  { region, values = {} }: WrittenEnvironment,
  account: Account,
  accounts: ReadonlyMap<string, Account>,
  defined: Defined,
): KnownNames {
  const names = new Map<string, string>([
    // A key whose entry could not be read is no unknown name: it stands for itself, and its own finding has been made.
    ...[...(defined.values.get(environment) ?? [])].map((key) => [key, key] as const),
    ...[...defined.accounts].map((key) => [`accounts.${key}`, '000000000000'] as const),
    ...[...accounts].map(([key, { id }]) => [`accounts.${key}`, id] as const),
    ...Object.entries(values),
    ...Object.entries({ environment, region, account: account.id, partition: partitionOf(region) } satisfies Record<
      (typeof BUILT_IN_NAMES)[number],
      string
    >),
  ]);
  return { environment, known: [...names.keys()], lookUp: (name) => names.get(name) };
}
