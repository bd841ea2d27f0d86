import type { Blueprint } from './Blueprint';
import { inventoryIdentity, unnamedIdentity } from './inventoryIdentity';
import type { StateContent } from './stateContent';

/** The ARNs of all roles that podlift manages or releases in an environment. */
export function roleArnsOf({ roles, targetRoles, released }: Blueprint): readonly string[] {
  return [...roles, ...targetRoles, ...released.roles, ...released.targetRoles].map(({ arn }) => arn);
}

/** Whether the states of an environment have a role of this inventory. */
export function sharesRoles(blueprint: Blueprint, states: readonly StateContent[]): boolean {
  const own = new Set(roleArnsOf(blueprint));
  return states.some(({ roleArns }) => roleArns.some((arn) => own.has(arn)));
}

/**
 * Why states of an environment belong to another inventory; undefined where they do not. Their output must be that of this inventory; states of
 * earlier versions have none. Two inventories without names can have the same output, so one role at least must be in both.
 * An inventory without any role in the environment has nothing to compare.
 */
export function foreignOwner(blueprint: Blueprint, states: readonly StateContent[]): string | undefined {
  const full = states.filter(({ resources }) => resources.length > 0);
  // A state that was moved by hand has the output of the inventory without a name until the next apply.
  const own = new Set<string | undefined>([undefined, inventoryIdentity(blueprint), unnamedIdentity(blueprint)]);
  const other = full.find(({ inventory }) => !own.has(inventory));
  if (other?.inventory !== undefined) return `of the inventory "${other.inventory}"`;
  const theirs = full.flatMap(({ roleArns }) => roleArns);
  if (theirs.length === 0 || roleArnsOf(blueprint).length === 0 || sharesRoles(blueprint, full)) return undefined;
  return `of other workloads (${theirs.length} roles, such as ${theirs[0] ?? ''})`;
}
