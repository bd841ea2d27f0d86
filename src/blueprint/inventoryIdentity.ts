import type { Blueprint } from './Blueprint';

/**
 * What tells the states of two inventories apart: the name of the inventory, or, without a name, the environment with its account and its
 * region. These never change for an environment with resources (rule `environment-moved`), wherever its files are.
 */
export function inventoryIdentity({ inventory, environment, account, region }: Blueprint): string {
  return inventory ?? `${environment} in ${account.id} ${region}`;
}
