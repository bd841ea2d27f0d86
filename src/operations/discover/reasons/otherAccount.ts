import { roleArn } from '../../../blueprint/arns';
import { computeOfPods } from '../../../comparison/nodes';
import { placesOf } from '../../../estate/places';
import { parseRoleArn } from '../../../iam/Arn';
import { sectionsText } from '../../../inventory/edit/entryLines';
import { roleName } from '../../../inventory/resolve/resolveRole';
import { accountText } from '../../remedies';
import { copiedRole, locationFields, stuckText } from '../adoption';
import { type FoundCluster, type FoundServiceAccount } from '../FoundCluster';
import { labelOf } from '../../../inventory/edit/labelOf';
import { leave, type LeftOut } from '../LeftOut';

/**
 * Pod Identity takes only roles of the cluster's own account. No stage before `pod-identity` fits: a source role that is created for the workload has no
 * permissions with IRSA. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html
 */
export function otherAccount(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { inventory, environment, cluster } = found;
  const { role, noAnswer, entryKey } = account;
  const accountId = parseRoleArn(account.roleArn)?.accountId;
  if (accountId === undefined || accountId === environment.account.id) return undefined;
  const wasAsked = placesOf(inventory, found).accounts.has(accountId);
  const isGone = wasAsked && role === undefined && noAnswer === undefined;
  if (isGone) return undefined;
  const message = `its role ${account.roleArn} is in account ${accountId}, and Pod Identity takes only roles of ${environment.account.id}`;
  const running = computeOfPods(account.pods, found.nodes);
  if (running.stuck.length > 0)
    return leave(
      account,
      'other-account',
      message,
      `${stuckText(running)}. Leave the service account on IRSA, without an entry; or move the pods to Linux nodes.`,
    );
  const owner = inventory.accounts.find(({ id }) => id === accountId);
  const key = owner?.key ?? `account-${accountId}`;
  const target = labelOf(key);
  const targetName = roleName(environment.key, entryKey.key, target);
  const targetArn = roleArn(environment.partition, accountId, environment.role.path ?? '/', targetName);
  const copied = role && copiedRole(role, environment.partition);
  return {
    ...leave(
      account,
      'other-account',
      message,
      ...(cluster.autoMode || cluster.agent !== undefined
        ? []
        : [`First write environments.${environment.key}.clusters.${cluster.key}.agent: Pod Identity needs the agent.`]),
      ...(role === undefined
        ? [
            'podlift could not read the old role: its permissions and its trust policy are unknown. Add the account to `accounts` with a `readRole` or `deployRole`, so that podlift can read the role.',
          ]
        : []),
      `The entry below creates a source role in ${accountText(environment.account)} and the target role ${targetArn}. Follow the steps of the documentation in their order: in another order, the pods lose their permissions.`,
    ),
    snippet: sectionsText({
      accounts: owner === undefined ? { [key]: { id: accountId } } : undefined,
      workloads: {
        [entryKey.key]: {
          stage: 'pod-identity',
          ...locationFields(account, found),
          targets: {
            [target]: { account: key, via: 'association', ...copied, permissions: copied?.permissions ?? {} },
          },
        },
      },
    }),
  };
}
