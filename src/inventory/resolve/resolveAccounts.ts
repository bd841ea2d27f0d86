import type { Account } from '../Inventory';
import { accountId } from '../formats/awsFormats';
import { fits } from '../formats/Format';
import type { WrittenInventory } from '../schema/inventorySchema';

/** The accounts of an inventory, with a stand-in for each one that is not known. */
export interface Accounts {
  /** Those that could be read whole. */
  readonly known: readonly Account[];
  /** An account by its key. One that is not defined, or whose id is none, has an id that no account of the inventory has. */
  readonly of: (key: string) => Account;
  /** The ids that stand in for one that is not known. They grow as accounts are asked for. */
  readonly standIns: ReadonlySet<string>;
}

/** Lets the rest of an inventory be judged, whatever is wrong with its accounts: rules leave out what has a stand-in's id. */
export function resolveAccounts(written: Required<WrittenInventory>['accounts']): Accounts {
  const accounts = new Map<string, Account>();
  const standIns = new Set<string>();
  for (const [key, account] of Object.entries(written)) {
    if (fits(accountId, account.id)) accounts.set(key, { key, ...account });
  }
  const known = [...accounts.values()];
  const taken = new Set(known.map(({ id }) => id));

  function standIn(key: string): Account {
    let number = 0;
    while (taken.has(idOf(number))) number += 1;
    const id = idOf(number);
    taken.add(id);
    standIns.add(id);
    const account = { ...written[key], key, id };
    accounts.set(key, account);
    return account;
  }
  return { known, of: (key) => accounts.get(key) ?? standIn(key), standIns };
}

function idOf(number: number): string {
  return String(number).padStart(12, '0');
}
