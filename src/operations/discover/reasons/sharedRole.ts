import { isMeantByName } from '../../../comparison/statementAccess';
import { sectionsText } from '../../../inventory/edit/entryLines';
import { listed } from '../../../inventory/suggest';
import { copiedRole, locationFields } from '../adoption';
import { type FoundCluster, type FoundServiceAccount, nameOf, podsOf } from '../FoundCluster';
import { leave, type LeftOut } from '../LeftOut';

/** Several service accounts use the role, and a workload has a role of its own: the role is split, and each service account keeps its permissions. */
export function sharedRole(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const { roleArn, role } = account;
  const users = found.withRole.filter((one) => one.roleArn === roleArn && one.modes.length > 0);
  if (role === undefined || users.length < 2) return undefined;
  const written = users.filter(({ known }) => known !== undefined);
  const free = users.filter(({ known }) => known === undefined);
  const keeper =
    free.find((user) => isMeant(user, found)) ?? free.find(({ association }) => association !== undefined) ?? free[0];
  const others = free.filter((user) => user !== keeper);
  const associated = others.filter(({ association }) => association !== undefined);
  const unwritten = others.filter(({ association }) => association === undefined);
  const named = (these: readonly FoundServiceAccount[]) => listed(these.map(nameOf), 8);
  const reason = leave(
    account,
    'shared-role',
    `${roleArn} is shared by ${named(users)}`,
    ...(keeper === undefined ? [] : [`${nameOf(keeper)} keeps the role.`]),
    ...written.map((user) => `${nameOf(user)} has an entry: workload ${user.entryKey.key}.`),
    ...(unwritten.length > 0
      ? [`${named(unwritten)}: the entries below create a role with the same permissions for each.`]
      : []),
    ...associated.map((user) => `${nameOf(user)} has an association: copy the role for it.`),
    'Follow the steps of the documentation in their order: the trust policy of the old role is changed last.',
  );
  if (unwritten.length === 0) return reason;
  const fields = { stage: 'irsa', because: 'its shared role is being split; put it into a wave afterwards' };
  const copied = copiedRole(role, found.environment.partition);
  const workloads = Object.fromEntries(
    unwritten.map((user) => [user.entryKey.key, { ...fields, ...locationFields(user, found), ...copied }] as const),
  );
  return { ...reason, snippet: sectionsText({ workloads }) };
}

function isMeant(account: FoundServiceAccount, { environment, cluster }: FoundCluster): boolean {
  const { role } = account;
  return role !== undefined && isMeantByName({ role: role.facts, environment, cluster, pods: podsOf(account) });
}
