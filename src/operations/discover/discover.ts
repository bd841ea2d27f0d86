import { isNoAnswer, openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { placesOf } from '../../estate/places';
import type { Question } from '../../estate/questions';
import type { Inventory } from '../../inventory/Inventory';
import { ownedByAddon } from './addonRoles';
import { adoptionOf } from './adoption';
import { newWaves } from './waves';
import { askCluster, type DiscoverRequest, messageOf, unanswered } from './askCluster';
import { knownClusterNotes, newClusterEntry } from './clusterEntry';
import { type FoundCluster, foundCluster, type FoundServiceAccount, nameOf } from './FoundCluster';
import { leave, type LeftOut } from './LeftOut';
import { editOf } from './knownRole';
import type { Proposal, ProposedEdit, ProposedWorkload } from './Proposal';
import { otherAccount } from './ownRole';
import { type RoleUser, type RoleUsers, usersOf } from './RoleUsers';
import { apart } from './sharedRole';
import { splitOf } from './splitRole';
import {
  actsAlone,
  entryOfRole,
  inInventory,
  keyTaken,
  namesOneRole,
  roleExists,
  roleTaken,
  trustsAccount,
} from './reasons';

/** The reasons to leave a service account out that are looked for before its trust policy is taken apart. The first one counts. */
const REASONS: readonly ((account: FoundServiceAccount, found: FoundCluster) => LeftOut | undefined)[] = [
  inInventory,
  namesOneRole,
  trustsAccount,
  keyTaken,
  otherAccount,
  roleExists,
  roleTaken,
  ownedByAddon,
  actsAlone,
];

/** What discover asks: the cluster, all that is on it, and each role that an annotation or an association names. */
export function discoverQuestions(
  inventory: Inventory,
  request: DiscoverRequest,
): (estate: Estate) => readonly Question[] {
  const asked = askCluster(inventory, request);
  return (estate) => openQuestions(asked, estate);
}

/**
 * What discover would write for what stands, and what it would leave out, with the reason. No entry changes anything in AWS at the stage at which it
 * was found, and none replaces an entry of the inventory.
 */
export function discover(inventory: Inventory, request: DiscoverRequest, estate: Estate): Proposal {
  const { environment, cluster } = request;
  const nothing = {
    environment: environment.key,
    clusterKey: cluster.key,
    first: [],
    waves: [],
    workloads: [],
    edits: [],
    left: [],
    notes: [],
  };
  const { value: answers } = settle(askCluster(inventory, request), estate);
  if (isNoAnswer(answers)) return { ...nothing, blocked: unanswered(answers, placesOf(inventory, request)) };
  if ('rule' in answers) return { ...nothing, blocked: answers };

  const isNew = !environment.clusters.some(({ key }) => key === cluster.key);
  const made = isNew ? newClusterEntry(cluster, answers) : undefined;
  const found = foundCluster(inventory, request, made?.cluster ?? cluster, answers, new Date(estate.at));
  const judged = judge(found, request);
  const left = judged.filter((one) => 'reason' in one);
  const workloads = judged.filter((one) => 'entry' in one);
  const edits = judged.filter((one) => 'subjects' in one);
  const waves = newWaves(found, workloads);
  const { first, notes } = made
    ? { first: [], notes: made.notes }
    : knownClusterNotes(environment, cluster, answers, left);
  return {
    ...nothing,
    ...(made && { cluster: { key: cluster.key, entry: made.entry } }),
    first,
    waves: waves.entries,
    workloads,
    edits,
    left,
    notes: [...notes, ...waves.notes, ...otherClusterNotes(found), ...unreadNotes(answers.controllers.unread)],
  };
}

/** Objects of known controllers that could not be read can keep a service account at IRSA. */
function unreadNotes(unread: readonly string[]): readonly string[] {
  if (unread.length === 0) return [];
  return [
    `Could not check which objects of controllers use the service accounts: ${unread.join('; ')}. The gate asks again before each step.`,
  ];
}

/** Roles that another cluster uses too have one entry for both. */
function otherClusterNotes({ unread }: FoundCluster): readonly string[] {
  return unread.map(
    ({ cluster, reason }) =>
      `Could not read cluster ${cluster.key} (${reason}): entries do not have its service accounts. The roles keep the statements for it (role.keepTrust). Run discover again when it can be read, before you write entries of roles that it uses too.`,
  );
}

type Judged = ProposedWorkload | ProposedEdit | LeftOut;

/** Every service account once: in a workload with the others that use its role, or left out. */
function judge(found: FoundCluster, request: DiscoverRequest): readonly Judged[] {
  const alone = found.withRole.map((account) => ({ account, left: reasonFor(account, found) }));
  const done = new Set<string>();
  return alone.flatMap(({ account, left }): readonly Judged[] => {
    const { role } = account;
    if (left !== undefined || role === undefined) return left === undefined ? [] : [left];
    if (done.has(role.facts.arn)) return [];
    done.add(role.facts.arn);
    const own = alone.filter((one) => one.left === undefined && one.account.roleArn === role.facts.arn);
    const reasonOf = ({ account: one, on }: RoleUser) =>
      on === found ? alone.find((other) => other.account === one)?.left : reasonFor(one, on);
    const result = evaluated(account, () =>
      ofRole({ role, found, users: usersOf(role, found), patterns: [] }, reasonOf, request),
    );
    // The reason about a role is for all of its service accounts.
    return 'reason' in result
      ? own.map(({ account: { namespace, name } }) => ({ ...result, namespace, serviceAccount: name }))
      : result;
  });
}

function ofRole(
  group: RoleUsers,
  reasonOf: (user: RoleUser) => LeftOut | undefined,
  request: DiscoverRequest,
): readonly Judged[] | LeftOut {
  const entry = entryOfRole(group.role.facts.arn, group.found);
  const left = apart(group, reasonOf, entry);
  if (left !== undefined) return left;
  const isShared = new Set(group.users.map(({ account }) => nameOf(account))).size > 1;
  if (entry === undefined && request.shared === 'split' && isShared) return splitOf(group);
  const result = entry === undefined ? adoptionOf(group, request) : editOf(group, entry);
  return 'reason' in result ? result : [result];
}

/** The first reason to leave a service account out before its trust policy is taken apart. */
function reasonFor(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  return evaluated(account, () => {
    for (const reasonOf of REASONS) {
      const reason = reasonOf(account, found);
      if (reason !== undefined) return reason;
    }
    return undefined;
  });
}

/** What cannot be evaluated leaves out one service account, and none of the others. */
function evaluated<T>(account: FoundServiceAccount, evaluate: () => T): T | LeftOut {
  try {
    return evaluate();
  } catch (error) {
    return leave(account, 'invalid', `it cannot be evaluated: ${messageOf(error)}`);
  }
}
