import type { Account, Inventory } from '../../inventory/Inventory';

/** An account as a command's reader is told of it: without a key where the inventory does not have it. */
export type NamedAccount = Pick<Account, 'id'> & { readonly key?: string };

/** `apps-prod (333333333333)`, or the id alone. */
export function accountText({ id, key }: NamedAccount): string {
  return key === undefined ? id : `${key} (${id})`;
}

/**
 * Commands of the AWS CLI, a line each, below a line that says whose credentials they take: pasted with those of another account
 * they would read or change something there.
 */
export function withCredentials(account: NamedAccount, commands: readonly string[]): readonly string[] {
  return [`With credentials of ${accountText(account)}:`, ...commands];
}

/** The account of an id, as the inventory has it. */
export function accountOf({ accounts }: Pick<Inventory, 'accounts'>, id: string): NamedAccount {
  return accounts.find((account) => account.id === id) ?? { id };
}
