import { roleArn } from '../../blueprint/arns';
import { isMeantByName } from '../../comparison/statementAccess';
import { placesOf } from '../../estate/places';
import { parseRoleArn } from '../../iam/Arn';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import { labelOf } from '../../inventory/edit/labelOf';
import type { Partition } from '../../inventory/Inventory';
import { roleName } from '../../inventory/resolve/resolveRole';
import { listed } from '../../inventory/suggest';
import { accountText } from '../remedies';
import { locationFields, permissionsEntry, stuckText } from './adoption';
import type { FoundRole } from './askCluster';
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf, usesRole } from './FoundCluster';
import { leave, leaveOpen, type LeftOut } from './LeftOut';

// Service accounts that cannot have the role which they use: their entries create a role for each, with the permissions of the old one.

/**
 * Pod Identity takes only roles of the cluster's own account. No stage before `pod-identity` fits: a source role that is created for the workload has no
 * permissions with IRSA. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export function otherAccount(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { inventory, environment, cluster } = found;
  const { role, noAnswer, entryKey, running } = account;
  const accountId = parseRoleArn(account.roleArn)?.accountId;
  if (accountId === undefined || accountId === environment.account.id) return undefined;
  const wasAsked = placesOf(inventory, found).accounts.has(accountId);
  if (wasAsked && role === undefined && noAnswer === undefined) return undefined;
  const message = `its role ${account.roleArn} is in account ${accountId}, and Pod Identity takes only roles of ${environment.account.id}`;
  if (running.stuck.length > 0) {
    const stay = 'Leave the service account on IRSA, without an entry; or move the pods to Linux nodes.';
    return leave(account, 'other-account', message, `${stuckText(running)}. ${stay}`);
  }
  const owner = inventory.accounts.find(({ id }) => id === accountId);
  const key = owner?.key ?? `account-${accountId}`;
  const target = labelOf(key);
  const targetName = roleName(environment.key, entryKey.key, target);
  const targetArn = roleArn(environment.partition, accountId, environment.role.path ?? '/', targetName);
  const copied = role && copiedRole(role, environment.partition);
  const at = `environments.${environment.key}.clusters.${cluster.key}`;
  const steps = [
    !cluster.autoMode && cluster.agent === undefined && `First write ${at}.agent: Pod Identity needs the agent.`,
    role === undefined &&
      'podlift could not read the old role: its permissions and its trust policy are unknown. Add the account to `accounts` with a `readRole` or `deployRole`, so that podlift can read the role.',
    `The entry below creates a source role in ${accountText(environment.account)} and the target role ${targetArn}. Follow the steps of the documentation in their order: in another order, the pods lose their permissions.`,
  ];
  const left = leave(account, 'other-account', message, ...steps.filter((step) => step !== false));
  const targets = { [target]: { account: key, via: 'association', ...copied, permissions: copied?.permissions ?? {} } };
  const snippet = sectionsText({
    accounts: owner === undefined ? { [key]: { id: accountId } } : undefined,
    workloads: { [entryKey.key]: { stage: 'pod-identity', ...locationFields(account, found), targets } },
  });
  return { ...left, snippet };
}

/** Several service accounts use the role, and a workload has a role of its own: the role is split, and each service account keeps its permissions. */
export function sharedRole(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { roleArn: arn, role } = account;
  const named = found.withRole.filter((one) => one.roleArn === arn).map((one) => ({ one, access: usesRole(one) }));
  for (const { one, access } of named)
    if (access.result === 'depends')
      return leaveOpen(account, `whether ${nameOf(one)} can assume ${arn} as well`, access.dependsOn);
  const users = named.filter(({ access }) => access.result === 'allowed').map(({ one }) => one);
  if (role === undefined || users.length < 2) return undefined;
  const isMeant = (user: FoundServiceAccount) => isMeantByName({ ...found, role: role.facts, pods: podsOf(user) });
  const written = users.filter(({ known }) => known !== undefined);
  const free = users.filter(({ known }) => known === undefined);
  const keeper = free.find(isMeant) ?? free.find(({ association }) => association !== undefined) ?? free[0];
  const others = free.filter((user) => user !== keeper);
  const associated = others.filter(({ association }) => association !== undefined);
  const unwritten = others.filter(({ association }) => association === undefined);
  const listedNames = (these: readonly FoundServiceAccount[]) => listed(these.map(nameOf), 8);
  const steps = [
    keeper !== undefined && `${nameOf(keeper)} keeps the role.`,
    ...written.map((user) => `${nameOf(user)} has an entry: workload ${user.entryKey.key}.`),
    unwritten.length > 0 &&
      `${listedNames(unwritten)}: the entries below create a role with the same permissions for each.`,
    ...associated.map((user) => `${nameOf(user)} has an association: copy the role for it.`),
    'Follow the steps of the documentation in their order: the trust policy of the old role is changed last.',
  ];
  const shared = `${arn} is shared by ${listedNames(users)}`;
  const left = leave(account, 'shared-role', shared, ...steps.filter((step) => step !== false));
  if (unwritten.length === 0) return left;
  const fields = { stage: 'irsa', because: 'its shared role is being split; put it into a wave afterwards' };
  const copied = copiedRole(role, found.environment.partition);
  const entries = unwritten.map(
    (user) => [user.entryKey.key, { ...fields, ...locationFields(user, found), ...copied }] as const,
  );
  return { ...left, snippet: sectionsText({ workloads: Object.fromEntries(entries) }) };
}

/** The fields of an entry that gets a role of its own, with the boundary and the permissions of another role. */
function copiedRole({ facts, policies }: FoundRole, partition: Partition): Readonly<Record<string, Plain>> {
  const { permissionsBoundary } = facts;
  const permissions = permissionsEntry(policies, partition) as Plain | undefined;
  return {
    ...(permissionsBoundary !== undefined && { role: { permissionsBoundary } }),
    ...(permissions !== undefined && { permissions }),
  };
}
