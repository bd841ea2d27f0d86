import type { Blueprint } from '../../blueprint/Blueprint';
import { compileLoaded } from '../../blueprint/compileLoaded';
import { compile } from '../../blueprint/compile';
import { adoptionChanges } from '../../comparison/adoption';
import { showsNoChange } from '../../comparison/showsNoChange';
import { isNoAnswer, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { listOf } from '../../iam/PolicyDocument';
import { addEntries, type PlacedEntry } from '../../inventory/edit/addEntries';
import { unwritable } from '../../inventory/edit/unwritable';
import type { Finding } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import type { LoadedInventory } from '../../inventory/loadInventory';
import { parseSource } from '../../inventory/source/parseSource';
import { isWrittenAs } from '../../proof/failures';
import { proveInventory } from '../../proof/proveInventory';
import type { Failure } from '../../proof/Proof';
import type { ReadInventory } from '../inventoryFile/editableInventory';
import { askCluster, type ClusterAnswers, type DiscoverRequest, messageOf } from './askCluster';
import { nameOf } from './FoundCluster';
import { leave, type LeftOut, type LeftReason } from './LeftOut';
import { editWorkload } from './editWorkloads';
import { entriesOf, type Proposal, type ProposedEdit, type ProposedWorkload } from './Proposal';

/** A proposal as it can be written, and the file with it. */
export interface CheckedProposal {
  readonly proposal: Proposal;
  /** The inventory's first file (of a new cluster: the one that has its environment) with the entries; absent: there are none, or they cannot be added. */
  readonly edit?: {
    readonly file: string;
    readonly text: string;
    /** The new texts of further files, which have changed entries. */
    readonly others: ReadonlyMap<string, string>;
    readonly places: readonly PlacedEntry[];
  };
  /** Why the entries cannot be added, or what would be wrong with the inventory. */
  readonly findings: readonly Finding[];
}

/**
 * Checks a proposal with the whole inventory as it would be: an entry is left out that would make an error, or with which podlift would compile anything
 * else than what is in AWS. Each entry is checked by itself first: one that cannot be written, or whose evaluation throws, keeps none of the others
 * back. Writes nothing.
 */
export function checkProposal(
  read: ReadInventory,
  request: DiscoverRequest,
  proposal: Proposal,
  estate: Estate,
): CheckedProposal {
  const { inventory } = read.loaded;
  const answers = inventory && settle(askCluster(inventory, request), estate).value;
  if (answers === undefined || isNoAnswer(answers) || 'rule' in answers) return { proposal, findings: [] };
  const check: Check = (one) => checkOnce(read, one, answers);
  let checked = without(proposal, proposal.workloads.flatMap(cannotBeWritten));
  for (;;) {
    if (entriesOf(checked).length + checked.edits.length === 0) return { proposal: checked, findings: [] };
    const { left, ...result } = checkOrBisect(checked, check);
    if (left.length === 0) return result;
    checked = without(checked, left);
  }
}

/** The result of one check; `left`: what has to be left out before the next one. */
type Checked = CheckedProposal & { readonly left: readonly LeftOut[] };
type Check = (proposal: Proposal) => Checked;

function checkOrBisect(proposal: Proposal, check: Check): Checked {
  try {
    return check(proposal);
  } catch (error) {
    const left = throwing(proposal.workloads, (workloads) => check({ ...proposal, workloads }));
    if (left.length === 0) throw error;
    return { proposal, findings: [], left };
  }
}

/** Bisects to the workloads whose evaluation throws. */
export function throwing(
  workloads: readonly ProposedWorkload[],
  evaluate: (some: readonly ProposedWorkload[]) => unknown,
): readonly LeftOut[] {
  if (workloads.length === 0) return [];
  try {
    evaluate(workloads);
    return [];
  } catch (error) {
    const message = `its entry cannot be evaluated: ${messageOf(error)}`;
    if (workloads.length === 1) return workloads.flatMap((one) => leaveAll(one, 'invalid', message));
    const half = Math.ceil(workloads.length / 2);
    return [...throwing(workloads.slice(0, half), evaluate), ...throwing(workloads.slice(half), evaluate)];
  }
}

function checkOnce(read: ReadInventory, proposal: Proposal, answers: ClusterAnswers): Checked {
  const { environment, workloads, edits } = proposal;
  const written = writtenTexts(read, proposal);
  if ('refusal' in written) return { proposal, findings: [written.refusal], left: [] };
  if ('left' in written) return { proposal, findings: [], left: written.left };
  const { edit } = written;
  const loaded = read.with(new Map([...edit.others, [edit.file, edit.text]]));
  const { inventory } = loaded;
  const findings = errorsOf(loaded);
  if (inventory === undefined || findings.length > 0)
    return { proposal, findings, left: [...workloads, ...edits].flatMap((one) => errorIn(one, findings)) };
  const blueprint = compile(inventory, environment);
  const changed = [
    ...workloads.flatMap((one) => wouldChange(one, blueprint, answers, proposal.clusterKey)),
    ...edits.flatMap((one) => wouldRefuse(one, blueprint, answers)),
  ];
  if (changed.length > 0) return { proposal, edit, findings: [], left: changed };
  const { failures, accepted } = proveInventory(inventory, { environment, oncePerGroup: true });
  const left = [...workloads, ...edits].flatMap((one) => {
    const failure = failures.find(({ workload }) => workload === keyOf(one));
    return failure === undefined
      ? []
      : leaveAll(one, 'proof', failure.message, ...inAws(one, failure, answers), failure.hint);
  });
  if (left.length > 0) return { proposal, edit, findings: [], left };
  const joining = joiningWorkloads(read, inventory, proposal);
  const broken = newFailures(read, failures, environment).map((one) => loaded.locate(hinted(one, joining)));
  if (broken.length > 0) return { proposal, findings: broken, left: [] };
  const checked = withAccepted(proposal, accepted);
  const notes = [...joining.values()].map(({ note }) => note);
  return { proposal: { ...checked, notes: [...checked.notes, ...notes] }, edit, findings: [], left: [] };
}

/** The statement of AWS that a failure names by the place that it would have in the inventory: no entry is written that has it. */
function inAws(
  one: ProposedWorkload | ProposedEdit,
  { path, decidedBy }: Failure,
  { roles }: ClusterAnswers,
): readonly string[] {
  const found = roles.get(one.roleArn);
  if (!('entry' in one) || decidedBy === undefined || found === undefined || isNoAnswer(found)) return [];
  const { name, trust } = found.facts;
  const index = listOf(trust.Statement).findIndex((statement) => isWrittenAs(statement, decidedBy.statement));
  if (index < 0) return [];
  return [
    `No entry is written: ${path} is statement ${index} in the trust policy of role ${name}. Change the statement there, then run discover again; or write the entry by hand.`,
  ];
}

/** What a new cluster means for a workload that runs on every cluster. */
interface Joining {
  readonly note: string;
  readonly hint: string;
}

/** Workloads that name no clusters, and so run on the new one too: by key, without those that discover changes or adds. */
function joiningWorkloads(
  { loaded }: ReadInventory,
  inventory: Inventory,
  { environment, cluster, edits }: Proposal,
): ReadonlyMap<string, Joining> {
  if (cluster === undefined) return new Map();
  const before = loaded.inventory?.environments.find(({ key }) => key === environment)?.workloads ?? [];
  const after = inventory.environments.find(({ key }) => key === environment)?.workloads ?? [];
  const joining = before.filter(
    ({ key }) =>
      !edits.some(({ workload }) => workload === key) &&
      after.some((one) => one.key === key && one.clusters.includes(cluster.key)),
  );
  return new Map(
    joining.map(({ key, clusters }) => {
      const write = `write \`clusters: [${clusters.join(', ')}]\` into workloads.${key}`;
      const runs = `orkload ${key} names no clusters, so it would run on ${cluster.key} too`;
      return [
        key,
        {
          note: `W${runs}: the next plan adds what it needs there. If it does not run there, ${write}.`,
          hint: `W${runs}. If it does not run there, ${write} first. If it does, move the statement for ${cluster.key} from keepTrust to adoptedTrust.oidc, word by word. Then run discover again.`,
        },
      ];
    }),
  );
}

function hinted(failure: Failure, joining: ReadonlyMap<string, Joining>): Failure {
  const { hint } = joining.get(failure.workload) ?? {};
  return hint === undefined ? failure : { ...failure, hint };
}

/** Failures of other workloads that the inventory does not have yet: a new cluster can break the proof of what runs on all clusters. */
function newFailures({ loaded }: ReadInventory, failures: readonly Failure[], environment: string): readonly Failure[] {
  if (failures.length === 0 || loaded.inventory === undefined) return failures;
  const before = proveInventory(loaded.inventory, { environment, oncePerGroup: true }).failures;
  const isSame = (one: Failure, other: Failure) =>
    one.workload === other.workload && one.rule === other.rule && one.who === other.who && one.what === other.what;
  return failures.filter((one) => !before.some((other) => isSame(one, other)));
}

/** The files with the entries and the changed ones; or why one of them cannot be written. */
function writtenTexts(
  read: ReadInventory,
  proposal: Proposal,
):
  | { readonly edit: NonNullable<CheckedProposal['edit']> }
  | { readonly refusal: Finding }
  | { readonly left: readonly LeftOut[] } {
  const entries = entriesOf(proposal);
  const file = fileFor(read, proposal);
  const added = addEntries({ file, text: read.texts.get(file) ?? '' }, entries);
  if ('refusal' in added) return added;
  const texts = new Map(read.texts);
  texts.set(file, added.edit.text);
  const changed = new Set<string>();
  const places: PlacedEntry[] = [];
  for (const edit of proposal.edits) {
    const edited = editWorkload(texts, edit, proposal.environment);
    if (edited === undefined)
      return { left: leaveAll(edit, 'role-taken', `no file has workload ${edit.workload}`, BY_HAND) };
    if ('refusal' in edited) {
      const { refusal, snippet } = edited;
      const message = `${edit.roleArn} is the role of workload "${edit.workload}", which podlift cannot change: ${refusal.message}`;
      return { left: leaveAll(edit, 'role-taken', message, BY_HAND).map((one) => ({ ...one, snippet })) };
    }
    texts.set(edited.file, edited.text);
    changed.add(edited.file);
    places.push(...edited.places);
  }
  const others = [...changed].filter((one) => one !== file).map((one) => [one, texts.get(one) ?? ''] as const);
  return {
    edit: {
      ...{ file, text: texts.get(file) ?? '', others: new Map(others) },
      places: [...added.edit.places, ...places],
    },
  };
}

const BY_HAND =
  'Write these fields into its entry by hand, all at once. Leave the annotation and the association as they are: an apply without the id of the association fails, because the association exists.';

function keyOf(one: ProposedWorkload | ProposedEdit): string {
  return 'entry' in one ? one.key : one.workload;
}

/** What podlift would change of a role whose entry gets further service accounts, or could not create since it exists. */
function wouldRefuse(
  edit: ProposedEdit,
  { roles, associations }: Blueprint,
  answers: ClusterAnswers,
): readonly LeftOut[] {
  const role = roles.find((one) => one.workload === edit.workload);
  const found = answers.roles.get(edit.roleArn);
  if (role === undefined || found === undefined || isNoAnswer(found))
    throw new Error(`workload ${edit.workload} was changed and is not compiled`);
  const imported = new Set(associations.flatMap(({ importId }) => importId ?? []));
  const ids = Object.values(edit.associations).flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one)));
  const same = showsNoChange(role.trust, found.facts.trust) && ids.every((id) => imported.has(id));
  if (same) return [];
  const message = `podlift would change the trust policy of ${edit.roleArn} with them in workload ${edit.workload}`;
  return leaveAll(edit, 'would-change', message);
}

/** The file, as findings name it, that gets the entries. All are written in one step, and a new cluster belongs to its environment. */
function fileFor({ texts }: ReadInventory, { cluster, environment }: Proposal): string {
  const [first = '', ...others] = texts.keys();
  if (cluster === undefined) return first;
  const hasEnvironment = (file: string): boolean => {
    const environments = parseSource(texts.get(file) ?? '', file).source?.data.environments;
    return typeof environments === 'object' && environments !== null && Object.hasOwn(environments, environment);
  };
  return [first, ...others].find(hasEnvironment) ?? first;
}

function errorsOf(loaded: LoadedInventory): readonly Finding[] {
  return compileLoaded(loaded).findings.filter(({ severity }) => severity === 'error');
}

/** Leaves out all service accounts of a workload. */
function leaveAll(
  { accounts }: Pick<ProposedWorkload, 'accounts'>,
  reason: LeftReason,
  ...text: readonly [string, ...string[]]
): readonly LeftOut[] {
  const names = new Map(accounts.map((one) => [nameOf(one), one]));
  return [...names.values()].map((one) => leave(one, reason, ...text));
}

function cannotBeWritten(workload: ProposedWorkload): readonly LeftOut[] {
  const { key, entry, roleArn } = workload;
  const problem = unwritable(key, entry);
  return problem === undefined
    ? []
    : leaveAll(workload, 'invalid', `the inventory cannot have ${roleArn} as it is: ${problem}`);
}

function errorIn(workload: ProposedWorkload | ProposedEdit, errors: readonly Finding[]): readonly LeftOut[] {
  const path = `workloads.${keyOf(workload)}`;
  const found = errors.find((error) => error.path === path || error.path.startsWith(`${path}.`));
  return found === undefined ? [] : leaveAll(workload, 'invalid', found.message, found.hint);
}

/** What podlift would change of a role or of its associations. */
function wouldChange(
  workload: ProposedWorkload,
  { roles, associations }: Blueprint,
  answers: ClusterAnswers,
  clusterKey: string,
): readonly LeftOut[] {
  const { key, roleArn, accounts } = workload;
  // A role that podlift creates changes none that exists.
  if (workload.entry.role?.adopt !== true) return [];
  const role = roles.find((one) => one.workload === key);
  const found = answers.roles.get(roleArn);
  if (role === undefined || found === undefined || isNoAnswer(found))
    throw new Error(`workload ${key} was proposed and is not compiled`);
  const on = new Map<string, Pick<ClusterAnswers, 'associations'>>([
    [clusterKey, answers],
    ...answers.others.flatMap((one) => ('answers' in one ? [[one.cluster.key, one.answers] as const] : [])),
  ]);
  const standing = accounts.flatMap(({ cluster, namespace, name }) =>
    (on.get(cluster)?.associations ?? [])
      .filter((one) => one.namespace === namespace && one.serviceAccount === name)
      .map((one) => ({ ...one, cluster })),
  );
  const { facts, policies } = found;
  const own = associations.filter((one) => one.workload === key);
  const changes = adoptionChanges(role, own, { role: facts, policies, associations: standing });
  if (changes.length === 0) return [];
  const message = `podlift would change ${changes.map((one) => `its ${one}`).join(', ')} of ${roleArn}`;
  return leaveAll(workload, 'would-change', message);
}

/** A proposal without the workloads that are left out, and without waves that have no workload then. */
function without(proposal: Proposal, left: readonly LeftOut[]): Proposal {
  const gone = new Set(left.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`));
  const stays = ({ accounts }: Pick<ProposedWorkload, 'accounts'>) => !accounts.some((one) => gone.has(nameOf(one)));
  const workloads = proposal.workloads.filter(stays);
  const used = new Set(workloads.map(({ entry }) => entry.wave));
  const waves = proposal.waves.filter(({ key }) => used.has(key));
  return { ...proposal, workloads, waves, edits: proposal.edits.filter(stays), left: [...proposal.left, ...left] };
}

/** Adds to each workload who else can assume its role as the proof found, where its entry accepts that. */
function withAccepted(proposal: Proposal, accepted: readonly Failure[]): Proposal {
  const workloads = proposal.workloads.map((workload) => {
    const own = accepted.filter(
      (one) => one.rule === 'proof-attack' && one.workload === workload.key && !isSaid(workload, one),
    );
    const texts = own.map(
      ({ who, what, also = [] }) => `${who} ${what}${also.length > 0 ? `, and so do ${also.join(', ')}` : ''}`,
    );
    const weak = [...new Set([workload.weak ?? [], ...texts].flat())].join('; ');
    return weak === '' ? workload : { ...workload, weak };
  });
  return { ...proposal, workloads };
}

/** Whether `weak` has it already: discover and the proof use the same words. */
function isSaid({ weak }: ProposedWorkload, { who, also = [] }: Failure): boolean {
  return [who, ...also].every((one) => weak?.includes(one) === true);
}
