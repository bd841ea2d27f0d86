import { roleArn } from '../../blueprint/arns';
import { otherOwner } from '../../comparison/otherOwner';
import { isTagOfAws, SESSION_DURATION } from '../../comparison/role';
import { parseRoleArn } from '../../iam/Arn';
import { roleName } from '../../inventory/resolve/resolveRole';
import { listed } from '../../inventory/suggest';
import { permissionsEntry } from './adoptedEntry';
import type { FoundRole } from './askCluster';
import { type FoundServiceAccount, nameOf } from './FoundCluster';
import { leave, type LeftOut } from './LeftOut';
import type { ProposedWorkload, WorkloadEntry } from './Proposal';
import { type RoleUser, type RoleUsers, userName } from './RoleUsers';

/**
 * A role of its own for each service account that shares one, with everything copied; or the reason why not, for each of the others. The shared role is
 * not changed: pods that run keep it, new pods get the new one with the annotation.
 */
export function splitOf(group: RoleUsers): readonly (ProposedWorkload | LeftOut)[] {
  const names = new Map<string, RoleUser[]>();
  for (const user of group.users) {
    const same = names.get(nameOf(user.account));
    if (same === undefined) names.set(nameOf(user.account), [user]);
    else same.push(user);
  }
  // What is on other clusters alone is split where that cluster is discovered.
  return [...names.values()].flatMap((users) =>
    users.some(({ on }) => on === group.found) ? [entryFor(users, group)] : [],
  );
}

function entryFor(users: readonly RoleUser[], group: RoleUsers): ProposedWorkload | LeftOut {
  const { role, found } = group;
  const account = accountOf(users, group);
  const { namespace, name, entryKey } = account;
  const { facts, policies } = role;
  const { environment } = found;
  const associated = users.find((user) => user.account.association !== undefined);
  if (associated !== undefined) {
    const message = `${facts.arn} is shared, and ${userName(associated, group)} has an association: a new role at irsa would have none`;
    return leave(
      account,
      'shared-role',
      message,
      'Copy the role for it, as the documentation shows: first the copy, then the association.',
    );
  }
  if (users.some((user) => user.account.audience !== undefined)) {
    const message = `${facts.arn} is shared, and ${nameOf(account)} has an audience of its own, which a new role would not accept`;
    return leave(
      account,
      'shared-role',
      message,
      'Leave it in one entry with the others: run discover without --split.',
    );
  }
  const all = [...new Set(group.users.map((user) => nameOf(user.account)))];
  const permissions = permissionsEntry(policies, environment.partition);
  const entry: WorkloadEntry = {
    stage: 'irsa',
    because: `role ${facts.name} is shared by ${listed(all, 8)}: this service account gets a role of its own; write a wave afterwards`,
    namespace,
    serviceAccount: { name, manage: 'annotate' },
    environments: [environment.key],
    clusters: users.map(({ on }) => on.cluster.key),
    role: copiedSettings(role),
    ...(permissions && { permissions }),
  };
  const newName = roleName(environment.key, entryKey.key);
  const path = facts.path === '/' ? (environment.role.path ?? '/') : facts.path;
  const byHand = users.filter(({ on }) => on.cluster.kubernetes === undefined).map(({ on }) => on.cluster.key);
  const notes = [
    `The first apply creates role ${newName} with the permissions of ${facts.name}, which stays as it is. Before you apply: policies of buckets, keys and queues, and trust policies of other roles, that name ${facts.name} must name ${newName} too.`,
    byHand.length === 0
      ? 'The same apply changes the annotation after the role exists. Running pods keep the old role; new pods get the new one.'
      : `podlift does not manage service accounts on cluster ${listed(byHand)}: after the apply, run discover again, and change the annotation with the command that it prints. Running pods keep the old role; new pods get the new one.`,
    `Change the annotation where the service account is created (Helm values, GitOps) too. Remove ${nameOf(account)} from the trust policy of ${facts.name} last, after its pods were restarted.`,
  ];
  return {
    ...{ key: entryKey.key, entry, notes },
    accounts: users.map(({ on }) => ({ cluster: on.cluster.key, namespace, name })),
    roleArn: roleArn(environment.partition, environment.account.id, path, newName),
  };
}

/** The account of the discovered cluster. */
function accountOf(users: readonly RoleUser[], { found }: RoleUsers): FoundServiceAccount {
  const user = users.find(({ on }) => on === found);
  if (user === undefined) throw new Error('a service account of another cluster was split');
  return user.account;
}

/** The settings of a role for a new one: tags of AWS, of podlift and of a tool that owns the role belong to the old one. */
function copiedSettings({ facts }: FoundRole): NonNullable<WorkloadEntry['role']> {
  const { permissionsBoundary, maxSessionDuration, tags } = facts;
  const owned = otherOwner(tags)?.tags ?? [];
  const copied = Object.entries(tags).filter(
    ([key]) => !isTagOfAws(key) && !key.startsWith('podlift:') && !owned.includes(key),
  );
  const path = parseRoleArn(facts.arn)?.path ?? '/';
  return {
    ...(path !== '/' && { path }),
    ...(copied.length > 0 && { tags: Object.fromEntries(copied) }),
    ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    ...(maxSessionDuration !== SESSION_DURATION && { maxSessionDuration }),
  };
}
