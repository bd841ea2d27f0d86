import { checkQuotas } from '../../blueprint/checkQuotas';
import { compile } from '../../blueprint/compile';
import { addEntries, type PlacedEntry } from '../../inventory/edit/addEntries';
import type { NewEntry } from '../../inventory/edit/NewEntry';
import type { Plain } from '../../inventory/edit/entryLines';
import type { Finding } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import type { LoadedInventory } from '../../inventory/loadInventory';
import { proveInventory } from '../../proof/proveInventory';
import type { Failure } from '../../proof/Proof';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import type { ReadInventory } from '../inventoryFile/readForEdit';
import { associationChanges, changesOf } from './changesOf';
import type { ClusterSurvey } from './ClusterSurvey';
import { fileFor } from './fileFor';
import type { LeftOut, Proposal, ProposedWorkload } from './Proposal';
import { thrownBy } from './thrownBy';
import { unwritable } from './unwritable';
import { withAccepted } from './withAccepted';

/** A proposal as it can be written, and the file with it. */
export interface Settled {
  readonly proposal: Proposal;
  /** The inventory's first file (of a new cluster: the one that has its environment) with the entries; absent when there are none, or they cannot be added. */
  readonly edit?: { readonly file: string; readonly text: string; readonly places: readonly PlacedEntry[] };
  /** Why the entries cannot be added, or what would be wrong with the inventory. */
  readonly findings: readonly Finding[];
}

/**
 * Holds a proposal against the whole inventory as it would be: an entry with which that would have errors is left out with what is
 * wrong, and so is one from which podlift would compile anything else than what stands in AWS. Each entry is held by itself first: one that cannot
 * be written, or over which anything here throws, is left out, and keeps none of the others back. Writes nothing.
 */
export function settle(read: ReadInventory, proposal: Proposal, survey: ClusterSurvey): Settled {
  const file = fileFor(read, proposal);
  let settled = without(proposal, proposal.workloads.flatMap(notCarried));
  for (;;) {
    if (entriesOf(settled).length === 0) return { proposal: settled, findings: [] };
    const { left, ...judged } = judge(read, file, settled, survey);
    if (left.length === 0) return judged;
    settled = without(settled, left);
  }
}

/** What came of one look; `left`: who is to be left out before the next one. */
type Judged = Settled & { readonly left: readonly LeftOut[] };

function judge(read: ReadInventory, file: string, proposal: Proposal, survey: ClusterSurvey): Judged {
  try {
    return judged(read, file, proposal, survey);
  } catch (error) {
    const culprits = thrownBy(proposal.workloads, (workloads) =>
      judged(read, file, { ...proposal, workloads }, survey),
    );
    if (culprits.length === 0) throw error;
    const left = culprits.map(({ workload, why }) =>
      leave(workload, 'invalid', `its entry cannot be judged: ${why}`, BY_HAND),
    );
    return { proposal, findings: [], left };
  }
}

function judged(read: ReadInventory, file: string, proposal: Proposal, survey: ClusterSurvey): Judged {
  const result = addEntries({ file, text: read.texts.get(file) ?? '' }, entriesOf(proposal));
  if ('refusal' in result) return { proposal, findings: [result.refusal], left: [] };
  const { text, places } = result.edit;
  const loaded = read.with(file, text);
  const errors = errorsOf(loaded);
  if (errors.length > 0)
    return { proposal, findings: errors, left: proposal.workloads.flatMap((workload) => invalid(workload, errors)) };
  const changes = changing(proposal, loaded.inventory, survey);
  const { left, accepted } = changes.length > 0 ? { left: changes, accepted: [] } : proven(proposal, loaded.inventory);
  return { proposal: withAccepted(proposal, accepted), edit: { file, text, places }, findings: [], left };
}

/** The entries of a proposal, each with the map that it goes into. */
export function entriesOf({ environment, cluster, waves, workloads }: Proposal): readonly NewEntry[] {
  return [
    ...(cluster === undefined
      ? []
      : [{ into: ['environments', environment, 'clusters'], key: cluster.key, value: cluster.entry }]),
    ...waves.map(({ key, entry }) => ({ into: ['waves'], key, value: entry })),
    // Statements and documents of IAM are plain data.
    ...workloads.map(({ key, entry }) => ({ into: ['workloads'], key, value: entry as unknown as Plain })),
  ];
}

function errorsOf({ inventory, findings, locate }: LoadedInventory): readonly Finding[] {
  const quotas =
    inventory === undefined
      ? []
      : checkQuotas(
          inventory,
          inventory.environments.map(({ key }) => compile(inventory, key)),
        ).map(locate);
  return [...findings, ...quotas].filter(({ severity }) => severity === 'error');
}

const BY_HAND = 'Write its entry by hand.';

/** The entry by itself: what it carries of AWS cannot be said in an inventory. */
function notCarried(workload: ProposedWorkload): readonly LeftOut[] {
  const problem = unwritable(workload.key, workload.entry as unknown as Plain);
  if (problem === undefined) return [];
  return [leave(workload, 'invalid', `the inventory cannot carry ${workload.roleArn} as it is: ${problem}`, BY_HAND)];
}

function invalid(workload: ProposedWorkload, errors: readonly Finding[]): readonly LeftOut[] {
  const path = `workloads.${workload.key}`;
  const found = errors.find((error) => error.path === path || error.path.startsWith(`${path}.`));
  return found === undefined ? [] : [leave(workload, 'invalid', found.message, found.hint)];
}

function changing(proposal: Proposal, inventory: Inventory | undefined, survey: ClusterSurvey): readonly LeftOut[] {
  if (inventory === undefined) return [];
  const blueprint = compile(inventory, proposal.environment);
  return proposal.workloads.flatMap((workload) => {
    const answer = survey.roles[workload.roleArn];
    const found = answer?.ok === true ? answer.value : undefined;
    const role = blueprint.roles.find((one) => one.workload === workload.key);
    const associations = blueprint.associations.filter((one) => one.workload === workload.key);
    if (role === undefined || found?.policies.ok !== true || found.policies.value === undefined)
      throw new Error(`workload ${workload.key} was proposed and is not compiled`);
    const changes = [
      ...changesOf(role, found.facts, found.policies.value),
      ...(associationChanges(associations, associationOf(survey, workload)) ? ['its association'] : []),
    ];
    if (changes.length === 0) return [];
    const message = `podlift would change ${changes.join(', ')} of ${workload.roleArn}`;
    return [
      leave(workload, 'would-change', message, 'Write its entry by hand, and look at the plan before you apply.'),
    ];
  });
}

function associationOf({ associations }: ClusterSurvey, { entry }: ProposedWorkload): AssociationFacts | undefined {
  if (!associations.ok) return undefined;
  return associations.value.find(
    ({ namespace, serviceAccount }) => namespace === entry.namespace && serviceAccount === entry.serviceAccount.name,
  );
}

/** What `main.ts` would refuse to write stacks for, and whom else the proof found let in, where the entries say that they may be. */
function proven(
  { environment, workloads }: Proposal,
  inventory: Inventory | undefined,
): { readonly left: readonly LeftOut[]; readonly accepted: readonly Failure[] } {
  if (inventory === undefined) return { left: [], accepted: [] };
  const { failures, accepted } = proveInventory(inventory, { environment, oncePerGroup: true });
  const left = workloads.flatMap((workload) => {
    const failure = failures.find((one) => one.workload === workload.key);
    return failure === undefined ? [] : [leave(workload, 'proof', failure.message, failure.hint)];
  });
  return { left, accepted };
}

function leave({ entry }: ProposedWorkload, reason: LeftOut['reason'], message: string, hint: string): LeftOut {
  return { namespace: entry.namespace, serviceAccount: entry.serviceAccount.name, reason, message, hint };
}

/** A proposal without the workloads that are left out, and without waves that nobody is in then. */
function without(proposal: Proposal, left: readonly LeftOut[]): Proposal {
  const gone = new Set(left.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`));
  const workloads = proposal.workloads.filter(
    ({ entry }) => !gone.has(`${entry.namespace}/${entry.serviceAccount.name}`),
  );
  const waves = new Set(workloads.flatMap(({ entry }) => entry.wave ?? []));
  return {
    ...proposal,
    workloads,
    waves: proposal.waves.filter(({ key }) => waves.has(key)),
    left: [...proposal.left, ...left],
  };
}
