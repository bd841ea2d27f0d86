import type { Account } from '../Inventory';
import type { WrittenEnvironment } from '../schema/inventorySchema';
import type { Defined } from './Model';
import { partitionOf } from './partitionOf';
import type { KnownNames } from './replacer';
import type { Accounts } from './resolveAccounts';

/** Names that every environment knows; its `values` may not take them. */
export const BUILT_IN_NAMES = ['environment', 'region', 'account', 'partition'] as const;

/** What `{name}` stands for in an environment. */
export function knownNames(
  environment: string,
  { region, values = {} }: Pick<WrittenEnvironment, 'region' | 'values'>,
  account: Account,
  accounts: Accounts,
  defined: Pick<Defined, 'accounts' | 'unreadable'> & { readonly values: Iterable<string> },
): KnownNames {
  const names = new Map<string, string | null>([
    // A value that could not be read is no unknown name: a finding has been made of it.
    ...[...defined.values].map((key) => [key, null] as const),
    ...[...defined.accounts].map((key) => [`accounts.${key}`, accounts.of(key).id] as const),
    ...Object.entries(values),
    ...Object.entries({ environment, region, account: account.id, partition: partitionOf(region) } satisfies Record<
      (typeof BUILT_IN_NAMES)[number],
      string
    >),
  ]);
  const accountsUnread = defined.unreadable.has('accounts');
  return {
    environment,
    known: [...names.keys()],
    lookUp: (name) => (accountsUnread && name.startsWith('accounts.') ? null : names.get(name)),
  };
}
