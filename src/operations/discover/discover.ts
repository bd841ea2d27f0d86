import { isNoAnswer, openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { placesOf } from '../../estate/places';
import type { Question } from '../../estate/questions';
import type { Inventory } from '../../inventory/Inventory';
import { ownedByAddon } from './addonRoles';
import { adoptionOf, newWaves } from './adoption';
import { askCluster, type DiscoverRequest, messageOf, unanswered } from './askCluster';
import { knownClusterNotes, newClusterEntry } from './clusterEntry';
import { type FoundCluster, foundCluster, type FoundServiceAccount } from './FoundCluster';
import { leave, type LeftOut } from './LeftOut';
import type { Proposal, ProposedWorkload } from './Proposal';
import { otherAccount, sharedRole } from './ownRole';
import { actsAlone, inInventory, keyTaken, namesOneRole, roleExists, roleTaken, trustsAccount } from './reasons';

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
  sharedRole,
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
    left: [],
    notes: [],
  };
  const { value: answers } = settle(askCluster(inventory, request), estate);
  if (isNoAnswer(answers)) return { ...nothing, blocked: unanswered(answers, placesOf(inventory, request)) };
  if ('rule' in answers) return { ...nothing, blocked: answers };

  const isNew = !environment.clusters.some(({ key }) => key === cluster.key);
  const made = isNew ? newClusterEntry(cluster, answers) : undefined;
  const found = foundCluster(inventory, request, made?.cluster ?? cluster, answers, new Date(estate.at));
  const judged = found.withRole.map((account) => judge(account, found));
  const left = judged.filter((one) => 'reason' in one);
  const workloads = judged.flatMap((one) => ('reason' in one ? [] : [one]));
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
    left,
    notes: [...notes, ...waves.notes, ...unreadNotes(answers.controllers.unread)],
  };
}

/** Objects of known controllers that could not be read can keep a service account at IRSA. */
function unreadNotes(unread: readonly string[]): readonly string[] {
  if (unread.length === 0) return [];
  return [
    `Could not check which objects of controllers use the service accounts: ${unread.join('; ')}. The gate asks again before each step.`,
  ];
}

/** What cannot be evaluated leaves out one service account, and none of the others. */
function judge(account: FoundServiceAccount, found: FoundCluster): ProposedWorkload | LeftOut {
  try {
    for (const reasonOf of REASONS) {
      const reason = reasonOf(account, found);
      if (reason !== undefined) return reason;
    }
    return adoptionOf(account, found);
  } catch (error) {
    return leave(account, 'invalid', `it cannot be evaluated: ${messageOf(error)}`);
  }
}
