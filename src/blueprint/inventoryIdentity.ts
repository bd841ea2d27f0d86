import type { Blueprint } from './Blueprint';

/**
 * What tells the states of two inventories apart: the name of the inventory, or, without a name, the environment with its account and its
 * region. These never change for an environment with resources (rule `environment-moved`), wherever its files are.
 */
export function inventoryIdentity(blueprint: Blueprint): string {
  return blueprint.inventory ?? unnamedIdentity(blueprint);
}

/** The identity that the inventory had, or would have, without a name. */
export function unnamedIdentity({ environment, account, region }: Blueprint): string {
  return `${environment} in ${account.id} ${region}`;
}
