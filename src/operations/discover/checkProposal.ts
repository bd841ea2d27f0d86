import type { Blueprint } from '../../blueprint/Blueprint';
import { compileLoaded } from '../../blueprint/compileLoaded';
import { compile } from '../../blueprint/compile';
import { adoptionChanges } from '../../comparison/adoption';
import { isNoAnswer, settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { addEntries, type PlacedEntry } from '../../inventory/edit/addEntries';
import { unwritable } from '../../inventory/edit/unwritable';
import type { Finding } from '../../inventory/Finding';
import type { LoadedInventory } from '../../inventory/loadInventory';
import { parseSource } from '../../inventory/source/parseSource';
import { proveInventory } from '../../proof/proveInventory';
import type { Failure } from '../../proof/Proof';
import type { ReadInventory } from '../inventoryFile/editableInventory';
import { askCluster, type ClusterAnswers, type DiscoverRequest, messageOf } from './askCluster';
import { nameOf } from './FoundCluster';
import { leave, type LeftOut } from './LeftOut';
import { entriesOf, type Proposal, type ProposedWorkload } from './Proposal';

/** A proposal as it can be written, and the file with it. */
export interface CheckedProposal {
  readonly proposal: Proposal;
  /** The inventory's first file (of a new cluster: the one that has its environment) with the entries; absent: there are none, or they cannot be added. */
  readonly edit?: { readonly file: string; readonly text: string; readonly places: readonly PlacedEntry[] };
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
    if (entriesOf(checked).length === 0) return { proposal: checked, findings: [] };
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
    if (workloads.length === 1) return workloads.map((one) => leave(accountOf(one), 'invalid', message));
    const half = Math.ceil(workloads.length / 2);
    return [...throwing(workloads.slice(0, half), evaluate), ...throwing(workloads.slice(half), evaluate)];
  }
}

function checkOnce(read: ReadInventory, proposal: Proposal, answers: ClusterAnswers): Checked {
  const { environment, workloads } = proposal;
  const file = fileFor(read, proposal);
  const result = addEntries({ file, text: read.texts.get(file) ?? '' }, entriesOf(proposal));
  if ('refusal' in result) return { proposal, findings: [result.refusal], left: [] };
  const { text, places } = result.edit;
  const loaded = read.with(new Map([[file, text]]));
  const { inventory } = loaded;
  const findings = errorsOf(loaded);
  if (inventory === undefined || findings.length > 0)
    return { proposal, findings, left: workloads.flatMap((one) => errorIn(one, findings)) };
  const edit = { file, text, places };
  const blueprint = compile(inventory, environment);
  const changed = workloads.flatMap((one) => wouldChange(one, blueprint, answers));
  if (changed.length > 0) return { proposal, edit, findings: [], left: changed };
  const { failures, accepted } = proveInventory(inventory, { environment, oncePerGroup: true });
  const left = workloads.flatMap((one) => {
    const failure = failures.find(({ workload }) => workload === one.key);
    return failure === undefined ? [] : [leave(accountOf(one), 'proof', failure.message, failure.hint)];
  });
  return { proposal: withAccepted(proposal, accepted), edit, findings: [], left };
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

function accountOf({ entry }: ProposedWorkload): { readonly namespace: string; readonly name: string } {
  return { namespace: entry.namespace, name: entry.serviceAccount.name };
}

function cannotBeWritten(workload: ProposedWorkload): readonly LeftOut[] {
  const { key, entry, roleArn } = workload;
  const problem = unwritable(key, entry);
  if (problem === undefined) return [];
  const message = `the inventory cannot have ${roleArn} as it is: ${problem}`;
  return [leave(accountOf(workload), 'invalid', message)];
}

function errorIn(workload: ProposedWorkload, errors: readonly Finding[]): readonly LeftOut[] {
  const path = `workloads.${workload.key}`;
  const found = errors.find((error) => error.path === path || error.path.startsWith(`${path}.`));
  return found === undefined ? [] : [leave(accountOf(workload), 'invalid', found.message, found.hint)];
}

/** What podlift would change of a role or of its association. */
function wouldChange(
  workload: ProposedWorkload,
  { roles, associations }: Blueprint,
  answers: ClusterAnswers,
): readonly LeftOut[] {
  const { key, roleArn } = workload;
  const account = accountOf(workload);
  const role = roles.find((one) => one.workload === key);
  const found = answers.roles.get(roleArn);
  if (role === undefined || found === undefined || isNoAnswer(found))
    throw new Error(`workload ${key} was proposed and is not compiled`);
  const own = associations.filter((one) => one.workload === key);
  const association = answers.associations.find(
    ({ namespace, serviceAccount }) => namespace === account.namespace && serviceAccount === account.name,
  );
  const { facts, policies } = found;
  const changes = adoptionChanges(role, own, { role: facts, policies, ...(association && { association }) });
  if (changes.length === 0) return [];
  const message = `podlift would change ${changes.map((one) => `its ${one}`).join(', ')} of ${roleArn}`;
  return [leave(account, 'would-change', message)];
}

/** A proposal without the workloads that are left out, and without waves that have no workload then. */
function without(proposal: Proposal, left: readonly LeftOut[]): Proposal {
  const gone = new Set(left.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`));
  const workloads = proposal.workloads.filter((one) => !gone.has(nameOf(accountOf(one))));
  const used = new Set(workloads.map(({ entry }) => entry.wave));
  const waves = proposal.waves.filter(({ key }) => used.has(key));
  return { ...proposal, workloads, waves, left: [...proposal.left, ...left] };
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
