import { STAGE_TABLE } from '../../blueprint/stageTable';
import { isWrittenAs } from '../../proof/failures';
import {
  associationImport,
  type KeptStatement,
  type Subject,
  subjectName,
  subjectsOn,
  type Workload,
} from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { type FoundTrust, foundTrust } from './foundTrust';
import { nameOf } from './FoundCluster';
import { leave, type LeftOut } from './LeftOut';
import type { ProposedEdit } from './Proposal';
import { type RoleUser, type RoleUsers, userName } from './RoleUsers';

/**
 * The change of an entry that has the role already, so that it has further service accounts or clusters that use the role; or the reason why there is none,
 * for the first of them. Nothing changes in AWS: the associations are imported, and statements of the trust policy for these service accounts move to
 * where they belong in the entry.
 */
export function editOf(group: RoleUsers, workload: Workload): ProposedEdit | LeftOut {
  const { users, found, role } = group;
  const added = users.filter((user) => !isIn(workload, user));
  const first = added.find(({ on }) => on === found) ?? added[0];
  if (first === undefined) throw new Error(`${role.facts.arn} has no user beside its entry`);
  const other = users.find(({ account }) => account.known !== undefined && account.known !== workload);
  const { arn } = role.facts;
  const unread = found.unread.find(({ cluster }) => workload.clusters.includes(cluster.key));
  if (unread !== undefined) {
    const message = `${arn} is the role of workload "${workload.key}", and its cluster ${unread.cluster.key} could not be read: ${unread.reason}`;
    return leave(
      first.account,
      'role-taken',
      message,
      'Run discover again when both clusters can be read. Leave the annotation and the association until then.',
    );
  }
  if (other !== undefined) {
    const message = `${arn} is the role of workload "${workload.key}", and ${userName(other, group)} has an entry with another role`;
    return leave(
      first.account,
      'role-taken',
      message,
      'Change the annotation and the association of this one to the role of its entry. Then run discover again.',
    );
  }
  const all = withKnown(group, workload);
  const trust = foundTrust(all);
  if ('reason' in trust) return { ...trust, namespace: first.account.namespace, serviceAccount: first.account.name };
  if (trust.stage !== workload.stage) {
    const message = `${arn} is the role of workload "${workload.key}", which is at ${workload.stage}, and ${userName(first, group)} uses it at ${trust.stage}`;
    const same =
      'Service accounts that share a role move together. Apply what the inventory has, and bring the service account to the same stage (docs/MIGRATION.md). Then run discover again. Leave its annotation and its association until then.';
    return leave(first.account, 'role-taken', message, same);
  }
  const names = listed([...new Set(added.map((user) => userName(user, { users: [...users] })))], 8);
  return {
    workload: workload.key,
    roleArn: arn,
    accounts: added.map(({ account: { namespace, name }, on }) => ({ cluster: on.cluster.key, namespace, name })),
    clusters: [...new Set(added.map(({ on }) => on.cluster.key))].filter((key) => !workload.clusters.includes(key)),
    subjects: withAdded(workload.subjects, added),
    associations: importsOf(workload, all, added),
    trust: changedTrust(workload, trust),
    notes: [`${names}: uses role ${role.facts.name} of workload ${workload.key}, and joins its entry.`],
  };
}

function isIn({ subjects }: Workload, { account, on }: RoleUser): boolean {
  return subjects.some((one) => subjectName(one) === nameOf(account) && one.clusters.includes(on.cluster.key));
}

/** The users in the order of the entry, with its service accounts that were not found: they are as the entry says. */
function withKnown(group: RoleUsers, workload: Workload): RoleUsers {
  const { subjects, patterns = [] } = workload;
  const { found, role } = group;
  const missing = [found, ...found.others].flatMap((on) =>
    subjectsOn(workload, on.cluster).flatMap(({ namespace, name }): readonly RoleUser[] => {
      const is = group.users.some((user) => user.on === on && nameOf(user.account) === nameOf({ namespace, name }));
      const annotation = STAGE_TABLE[workload.stage].annotation && { annotation: role.facts.arn };
      const account = { namespace, name, exists: false, pods: [], running: { stuck: [] }, roleArn: role.facts.arn };
      const rest = { role, access: {}, known: workload, entryKey: { key: workload.key, free: false } };
      return is ? [] : [{ account: { ...account, ...rest, ...annotation }, on }];
    }),
  );
  const order = subjects.map(subjectName);
  const placeOf = ({ account }: RoleUser) => {
    const at = order.indexOf(nameOf(account));
    return at < 0 ? order.length : at;
  };
  const users = [...group.users, ...missing].toSorted((one, other) => placeOf(one) - placeOf(other));
  return { ...group, patterns, users };
}

/** The subjects of the entry, each with the clusters that it is on then, and behind them the new ones. */
function withAdded(subjects: readonly Subject[], added: readonly RoleUser[]): ProposedEdit['subjects'] {
  const result = subjects.map(({ namespace, name, clusters }) => ({ namespace, name, clusters: [...clusters] }));
  for (const { account, on } of added) {
    const known = result.find((one) => subjectName(one) === nameOf(account));
    if (known === undefined)
      result.push({ namespace: account.namespace, name: account.name, clusters: [on.cluster.key] });
    else known.clusters.push(on.cluster.key);
  }
  return result;
}

/** The ids of the new associations, with those of the same clusters that the entry imports still. */
function importsOf(workload: Workload, { users }: RoleUsers, added: readonly RoleUser[]): ProposedEdit['associations'] {
  const clusters = new Map(added.map(({ on }) => [on.cluster.key, on.cluster]));
  return Object.fromEntries(
    [...clusters].flatMap(([key, cluster]) => {
      const fresh = added.filter(({ on }) => on.cluster.key === key);
      const ids = fresh.flatMap(({ account }) =>
        account.association === undefined ? [] : [[nameOf(account), account.association.id] as const],
      );
      const kept = workload.subjects.flatMap((subject) => {
        const id = associationImport(workload, subject, cluster)?.id;
        return id === undefined ? [] : [[subjectName(subject), id] as const];
      });
      const [only] = ids;
      if (only === undefined) return [];
      const isAlone = users.filter(({ on }) => on.cluster.key === key).length === 1;
      return [[key, isAlone ? only[1] : Object.fromEntries([...kept, ...ids])] as const];
    }),
  );
}

/** The statements of the trust policy that the entry has then, with the reasons that it gives now. Absent: they stay as they are. */
function changedTrust({ role, stage }: Workload, { fields }: FoundTrust): ProposedEdit['trust'] {
  const written = [
    ...(role.keepTrust ?? []),
    ...(role.adoptedTrust?.oidc ?? []),
    ...(role.adoptedTrust?.podIdentity ?? []),
  ];
  const asWritten = (statement: KeptStatement): KeptStatement =>
    written.find((one) => one.because !== undefined && isWrittenAs(one, withoutReason(statement))) ?? statement;
  const { keepTrust, adoptedTrust: found } = fields as Pick<Workload['role'], 'keepTrust' | 'adoptedTrust'>;
  // What the stage does not have, a step back needs.
  const row = STAGE_TABLE[stage];
  const oidc = row.trustsOidc ? found?.oidc : role.adoptedTrust?.oidc;
  const podIdentity = row.trustsPodIdentity ? found?.podIdentity : role.adoptedTrust?.podIdentity;
  const isSame = (one: readonly KeptStatement[] = [], other: readonly KeptStatement[] = []) =>
    JSON.stringify(one.map(withoutReason)) === JSON.stringify(other.map(withoutReason));
  const because = role.adoptedTrust?.because ?? found?.because;
  const { version, id } = role.adoptedTrust ?? {};
  const frame = { ...(version !== undefined && { version }), ...(id !== undefined && { id }) };
  return {
    ...(!isSame(keepTrust, role.keepTrust) && { keepTrust: (keepTrust ?? []).map(asWritten) }),
    ...(!(isSame(oidc, role.adoptedTrust?.oidc) && isSame(podIdentity, role.adoptedTrust?.podIdentity)) && {
      adoptedTrust: {
        ...frame,
        ...(because !== undefined && { because }),
        ...(oidc && { oidc: oidc.map(asWritten) }),
        ...(podIdentity && { podIdentity: podIdentity.map(asWritten) }),
      },
    }),
  };
}

function withoutReason({ because, ...statement }: KeptStatement): KeptStatement {
  return statement;
}
