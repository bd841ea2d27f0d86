import type { Workload } from '../../inventory/Inventory';
import { usesRole } from './FoundCluster';
import { leave, leaveOpen, type LeftOut } from './LeftOut';
import { isMeantUnderConditions, type RoleUser, type RoleUsers, userName } from './RoleUsers';

/**
 * Why the users of a role cannot be in one entry: one of them cannot be in any. An entry without it would take the role from its pods at the last step.
 * Returns nothing where all of them can.
 *
 * @param reasonOf the reason to leave a user out, by itself
 * @param entry the workload of the inventory that has the role: users that are in it stay
 */
export function apart(
  group: RoleUsers,
  reasonOf: (user: RoleUser) => LeftOut | undefined,
  entry?: Workload,
): LeftOut | undefined {
  const { users, found, role } = group;
  const { arn } = role.facts;
  const first = users.find(({ on }) => on === found);
  if (first === undefined) return undefined;
  for (const user of users) {
    const access = usesRole(user.account);
    if (user.account.roleArn === arn && access.result === 'depends' && !isMeantUnderConditions(user))
      return leaveOpen(first.account, `whether ${userName(user, group)} can assume ${arn} as well`, access.dependsOn);
  }
  for (const user of users) {
    const left = entry !== undefined && user.account.known === entry ? undefined : reasonOf(user);
    if (left === undefined) continue;
    const message = `${arn} is shared with ${userName(user, group)}, which cannot be in its entry: ${left.message}`;
    const together =
      'One entry has all service accounts that use a role: one that the entry does not name would lose the role at the last step.';
    return leave(first.account, 'shared-role', message, ...left.remedy, together);
  }
  return undefined;
}
