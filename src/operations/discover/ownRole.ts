import { roleArn } from '../../blueprint/arns';
import { placesOf } from '../../estate/places';
import { parseRoleArn } from '../../iam/Arn';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import { labelOf } from '../../inventory/edit/labelOf';
import type { Partition } from '../../inventory/Inventory';
import { roleName } from '../../inventory/resolve/resolveRole';
import { accountText } from '../remedies';
import { locationFields, permissionsEntry } from './adoptedEntry';
import { stuckText } from './adoption';
import type { FoundRole } from './askCluster';
import type { FoundCluster, FoundServiceAccount } from './FoundCluster';
import { leave, type LeftOut } from './LeftOut';

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

/** The fields of an entry that gets a role of its own, with the boundary and the permissions of another role. */
function copiedRole({ facts, policies }: FoundRole, partition: Partition): Readonly<Record<string, Plain>> {
  const { permissionsBoundary } = facts;
  const permissions = permissionsEntry(policies, partition) as Plain | undefined;
  return {
    ...(permissionsBoundary !== undefined && { role: { permissionsBoundary } }),
    ...(permissions !== undefined && { permissions }),
  };
}
