import { compactConfiguration } from '../../comparison/addon';
import { ownerOf } from '../../comparison/association';
import type { AddonFacts } from '../../estate/aws/AwsPort';
import { unwritable } from '../../inventory/edit/unwritable';
import { listed } from '../../inventory/suggest';
import { adoptionOf } from './adoption';
import { newWaves } from './waves';
import { configurationNotes } from './clusterEntry';
import { type FoundCluster, type FoundServiceAccount, nameOf } from './FoundCluster';
import { type LeftOut, leave, LEFT_REASONS } from './LeftOut';
import { entriesOf, entriesText, type ProposedWorkload } from './Proposal';

/** An add-on provides the roles of its own service accounts: by `serviceAccountRoleArn`, or by associations that it owns. */
export function ownedByAddon(account: FoundServiceAccount, found: FoundCluster): LeftOut | undefined {
  const addon = addonOf(account, found);
  const owner = account.association?.ownerArn;
  if (addon === undefined)
    return owner === undefined ? undefined : leave(account, 'owned', `its association belongs to ${owner}`);
  const all = found.withRole.filter((one) => one === account || isOwn(one, addon, found));
  const isOne = all.length === 1;
  const provides = `the add-on ${addon.name} provides ${isOne ? 'its role' : `the roles of ${listed(all.map(nameOf), 8)}`}`;
  const adopted = all
    .filter(({ known }) => known === undefined)
    .map((one) => ({ one, result: obstacleOf(one, all) ?? adoptionOfAddon(one, found) }));
  for (const { one, result } of adopted) {
    if (!('reason' in result)) continue;
    const which = isOne ? 'the role' : `the role of ${nameOf(one)}`;
    const message = `${provides}, and ${which} cannot be adopted as it is: ${result.message}`;
    const together =
      'The entry of the add-on has all of them or none: service accounts that it does not name lose their roles.';
    return leave(account, 'addon', message, ...result.remedy, ...(isOne ? [] : [together]));
  }
  const workloads = adopted.flatMap(({ result }) => ('reason' in result ? [] : [result]));
  const { problem, text, notes } = addonEntries(found, addon, all, workloads);
  if (problem !== undefined)
    return leave(account, 'addon', `${provides}, and its entries cannot be written: ${problem}`, 'Fix this error.');
  return { ...leave(account, 'addon', provides, LEFT_REASONS.addon, ...notes), snippet: text };
}

function adoptionOfAddon(account: FoundServiceAccount, found: FoundCluster): ProposedWorkload | LeftOut {
  const { role, roleArn } = account;
  if (role === undefined) return leave(account, 'unanswered', `${roleArn} is not known`, 'Run discover again.');
  return adoptionOf({ role, found, users: [{ account, on: found }], patterns: [] }, { addon: true });
}

/** The add-on that provides the role: by the association that it owns, else by the role that the annotation names. */
function addonOf(
  { annotation, association }: FoundServiceAccount,
  { addons, cluster }: FoundCluster,
): AddonFacts | undefined {
  if (association?.ownerArn === undefined)
    return addons.find((one) => annotation !== undefined && one.serviceAccountRoleArn === annotation);
  return addons.find(({ name }) => name === ownerOf(association, cluster.name));
}

/** An association that the add-on owns is its own; an annotation is so unless the role does not trust the service account. */
function isOwn(account: FoundServiceAccount, addon: AddonFacts, found: FoundCluster): boolean {
  if (addonOf(account, found) !== addon) return false;
  return account.association?.ownerArn !== undefined || (account.access.irsa?.result ?? 'denied') !== 'denied';
}

/** What keeps a service account of an add-on from having its entry. */
function obstacleOf(account: FoundServiceAccount, all: readonly FoundServiceAccount[]): LeftOut | undefined {
  const other = all.find((one) => one !== account && one.roleArn === account.roleArn);
  if (other !== undefined) {
    const message = `${nameOf(other)} has the same role, and discover writes one service account of an add-on into an entry`;
    const together =
      'Write one workload with both as its subjects, and name this workload for each of them under serviceAccounts of the add-on.';
    const split =
      'If one does not belong to the add-on, or to have two workloads, give each of them a role of its own.';
    return leave(account, 'addon', message, together, split);
  }
  if (account.association === undefined || account.association.ownerArn !== undefined) return undefined;
  const message = 'its association was created beside the add-on, which would create its own';
  const own = 'Let the add-on own the association, or remove the role from the add-on.';
  return leave(account, 'addon', message, own);
}

/** The entries of an add-on and of the workloads of all its service accounts: a service account that the add-on's block does not name loses its association. */
function addonEntries(
  found: FoundCluster,
  addon: AddonFacts,
  all: readonly FoundServiceAccount[],
  adopted: readonly ProposedWorkload[],
): { readonly problem: string | undefined; readonly text: string; readonly notes: readonly string[] } {
  const { key: environment } = found.environment;
  const { name, version } = addon;
  const configuration = compactConfiguration(addon);
  const serviceAccounts = Object.fromEntries(all.map((one) => [one.name, one.entryKey.key]));
  const waves = newWaves(found, adopted);
  const entries = [
    {
      into: ['environments', environment, 'clusters', found.cluster.key, 'addons'],
      key: name,
      value: { version, ...(configuration && { configuration }), serviceAccounts, adopt: true },
    },
    ...entriesOf({ environment, waves: waves.entries, workloads: adopted }),
  ];
  return {
    problem: entries.flatMap(({ key, value }) => unwritable(key, value) ?? [])[0],
    text: entriesText(entries),
    notes: [...configurationNotes(addon), ...waves.notes],
  };
}
