import { AGENT_ADDON } from '../../blueprint/agents';
import { compileLoaded } from '../../blueprint/compileLoaded';
import { computeOf } from '../../comparison/nodes';
import { isNoAnswer, openQuestions, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import type { Question } from '../../estate/questions';
import { type Plain, sectionsText } from '../../inventory/edit/entryLines';
import { formatFindings } from '../../inventory/formatFindings';
import type { Inventory } from '../../inventory/Inventory';
import { parseSource } from '../../inventory/source/parseSource';
import { askCluster } from '../discover/askCluster';
import { checkProposal } from '../discover/checkProposal';
import { discover } from '../discover/discover';
import { type FoundCluster, foundCluster, nameOf } from '../discover/FoundCluster';
import type { LeftOut } from '../discover/LeftOut';
import { type ReadInventory, textForEdit } from '../inventoryFile/editableInventory';
import { say } from '../remedies';
import type { AccessWay, Survey, SurveyedAccount, SurveyedCluster, Unread } from './Survey';
import { type Exceeded, surveyedAccount, surveyedWithout } from './surveyedAccount';
import { firstText, requestFor, type SurveyCluster, type SurveyScope } from './surveyInventory';
import { waveOrder } from './waveOrder';
import { withoutRole } from './withoutRole';

/** The name of the inventory in findings. */
const FILE = 'inventory.yaml';

/** What a survey asks: for each cluster what `podlift discover` asks. `onRead` hears of each cluster once, when all of it is answered. */
export function surveyQuestions(
  scope: SurveyScope,
): (estate: Estate, onRead?: (cluster: SurveyCluster) => void) => readonly Question[] {
  const inventory = firstInventory(scope);
  const asked = scope.clusters.map((cluster) => ({
    cluster,
    questions: askCluster(inventory, requestFor(inventory, cluster)),
  }));
  const done = new Set<string>();
  return (estate, onRead) =>
    asked.flatMap(({ cluster, questions }) => {
      const open = openQuestions(questions, estate);
      if (open.length === 0 && !done.has(cluster.arn)) {
        done.add(cluster.arn);
        onRead?.(cluster);
      }
      return open;
    });
}

/** The inventory before the first cluster is in it. */
export function firstInventory(scope: SurveyScope): Inventory {
  return inventoryOf(textForEdit(FILE, firstText(scope)));
}

function inventoryOf({ loaded }: ReadInventory): Inventory {
  if (loaded.inventory === undefined)
    throw new Error(`the survey made an inventory with errors:\n${formatFindings(loaded.findings, 'text')}`);
  return loaded.inventory;
}

/**
 * What stands on clusters, for people who have no inventory yet: each service account with access to AWS, what keeps it from moving, an order of waves, and the
 * inventory that adopts all of it as it is. It is made as `podlift discover --write` makes it, cluster by cluster, and each entry went through the same checks.
 *
 * @param found what was skipped, and what could not be read, before the clusters were known
 */
export function surveyOf(
  scope: SurveyScope,
  estate: Estate,
  found: Pick<Survey, 'skipped' | 'unread'> = { skipped: [], unread: [] },
): Survey {
  const { read, left, notes, unread: blocked } = proposeAll(scope, estate);
  const unread: Unread[] = [...found.unread, ...blocked];
  const inventory = inventoryOf(read);
  const now = new Date(estate.at);
  const names = new Map(scope.accounts.map(({ id, name }) => [id, name]));
  const named = (cluster: SurveyCluster) => {
    const accountName = names.get(cluster.account);
    return { ...cluster, ...(accountName !== undefined && { accountName }) };
  };
  const exceeded = exceededBy(read);
  const clusters: SurveyedCluster[] = [];
  const accounts: SurveyedAccount[] = [];
  for (const cluster of scope.clusters) {
    const { arn } = cluster;
    const on = foundOn(cluster, inventory, estate, now);
    if (on === undefined) {
      clusters.push({ ...named(cluster), counts: {}, notes: notes.get(arn) ?? [] });
      continue;
    }
    const own = [
      ...on.withRole.map((account) => surveyedAccount(arn, account, on, { left: left.get(arn) ?? [], exceeded })),
      ...withoutRole(on).map((account) => surveyedWithout(arn, account, on)),
    ];
    accounts.push(...own);
    unread.push(...controllersUnread(cluster, on));
    clusters.push(surveyedCluster(named(cluster), on, own, notes.get(arn) ?? []));
  }
  const sections = parseSource(read.texts.get(FILE) ?? '', FILE).source?.data ?? {};
  const ordered = waveOrder(sections as Readonly<Record<string, Plain>>, accounts, now);
  const isSound = errorsOf(textForEdit(FILE, sectionsText(ordered.inventory))) === 0;
  const result = isSound ? ordered : { inventory: sections as Readonly<Record<string, Plain>>, waves: [] };
  const waveOf = new Map(result.waves.flatMap(({ key, workloads }) => workloads.map((one) => [one, key] as const)));
  return {
    at: estate.at,
    clusters,
    serviceAccounts: accounts.map((one) => {
      const wave = one.workload === undefined ? undefined : waveOf.get(one.workload);
      return wave === undefined ? one : { ...one, wave };
    }),
    ...result,
    skipped: found.skipped,
    unread,
  };
}

function errorsOf({ loaded }: ReadInventory): number {
  return compileLoaded(loaded).findings.filter(({ severity }) => severity === 'error').length;
}

function exceededBy({ loaded }: ReadInventory): Exceeded {
  const found = compileLoaded(loaded).findings.filter(({ rule }) => rule === 'quota');
  return (workload) =>
    found.filter(({ path }) => path === `workloads.${workload}` || path.startsWith(`workloads.${workload}.`));
}

/** What comes of all proposals, one cluster after the other. */
interface Proposed {
  readonly read: ReadInventory;
  readonly left: ReadonlyMap<string, readonly LeftOut[]>;
  readonly notes: ReadonlyMap<string, readonly string[]>;
  readonly unread: readonly Unread[];
}

function proposeAll(scope: SurveyScope, estate: Estate): Proposed {
  let read = textForEdit(FILE, firstText(scope));
  const left = new Map<string, readonly LeftOut[]>();
  const notes = new Map<string, readonly string[]>();
  const unread: Unread[] = [];
  for (const cluster of scope.clusters) {
    const { arn, account, region, context = arn } = cluster;
    const inventory = inventoryOf(read);
    const request = requestFor(inventory, cluster);
    const { proposal, edit, findings } = checkProposal(read, request, discover(inventory, request, estate), estate);
    const place = { account, region, cluster: arn, context };
    if (proposal.blocked !== undefined) {
      const { rule, message, remedy } = proposal.blocked;
      const isOther = rule === 'unanswered' && request.environment.account.readRole === undefined;
      const role = say(
        'If your credentials are of another account, name a role there that podlift assumes: --role NAME.',
      );
      const steps = isOther ? [...remedy, role] : remedy;
      unread.push({ ...place, what: `cluster ${cluster.name}`, message, remedy: steps });
    } else if (edit === undefined) {
      const message = 'the inventory cannot have the cluster';
      unread.push({
        ...place,
        what: `cluster ${cluster.name}`,
        message,
        remedy: findings.map((one) => say(one.message)),
      });
    }
    if (edit !== undefined) read = textForEdit(FILE, edit.text);
    left.set(arn, proposal.left);
    notes.set(arn, proposal.notes);
  }
  return { read, left, notes, unread };
}

/** A cluster beside the whole inventory, with the users of its roles on the other clusters; nothing where it could not be read. */
function foundOn(cluster: SurveyCluster, inventory: Inventory, estate: Estate, now: Date): FoundCluster | undefined {
  const request = requestFor(inventory, cluster);
  const { value: answers } = settle(askCluster(inventory, request), estate);
  return isNoAnswer(answers) || 'rule' in answers
    ? undefined
    : foundCluster(inventory, request, request.cluster, answers, now);
}

/** Objects and templates that could not be read on a cluster that could. */
function controllersUnread(
  { arn, account, region, context = arn }: SurveyCluster,
  { controllers }: FoundCluster,
): readonly Unread[] {
  return controllers.unread.map((what) => ({
    ...{ account, region, cluster: arn, context },
    ...{ what: `kubectl ${what}`, message: 'What uses the roles, and what pods without a role have, is not known.' },
    remedy: [say('Give the operator the ClusterRole podlift-read of docs/permissions.md.')],
  }));
}

function surveyedCluster(
  cluster: SurveyCluster,
  { facts, addons, provider, nodes, serviceAccounts, withRole }: FoundCluster,
  accounts: readonly SurveyedAccount[],
  notes: readonly string[],
): SurveyedCluster {
  const { version, platformVersion, autoMode, issuer } = facts;
  const agent = addons.find(({ name }) => name === AGENT_ADDON)?.version;
  const counts: Partial<Record<AccessWay | 'none', number>> = {};
  for (const { access } of accounts) counts[access] = (counts[access] ?? 0) + 1;
  const existing = new Set([...serviceAccounts, ...withRole].map(nameOf));
  return {
    ...cluster,
    facts: {
      ...{ version, platform: platformVersion, autoMode, issuer, provider: provider !== undefined },
      ...(agent !== undefined && { agent }),
      nodes: countsOf(nodes.map((one) => computeOf(one) || 'ec2')),
      serviceAccounts: serviceAccounts.length,
    },
    counts: { ...counts, none: Math.max(0, existing.size - accounts.length) },
    notes,
  };
}

function countsOf(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
