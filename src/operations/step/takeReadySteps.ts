import { openQuestions } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import type { Inventory } from '../../inventory/Inventory';
import { identityStackName } from '../../inventory/stackNames';
import { stepOf, type StepRequest } from '../gate/Step';
import { type ReadInventory, saveEdits } from '../inventoryFile/editableInventory';
import { applyStacks } from '../remedies';
import { type WaveGate, waveGates } from '../status/waveGates';
import { editStage, type FileChange, type StageChange, withTexts } from './editStage';
import { writeEvidence } from './evidenceFiles';
import { type NextSteps, type OpenSteps, stepsAfter } from './nextSteps';
import { findingObstacle } from './stepObstacles';
import { evidenceTexts, type StepChoice, type StepResult, type StepWorld } from './takeStep';

/** A wave that moves, and the change of its file. */
export interface ReadyStep extends Pick<StageChange, 'wave' | 'from' | 'to'> {
  readonly change: FileChange;
}

/** The result of `advance --all-ready`. */
export interface ReadySteps {
  readonly environment: string;
  readonly dryRun: boolean;
  readonly written: boolean;
  /** All waves of the environment, with the answers of their gates. */
  readonly waves: readonly WaveGate[];
  /** The waves that move, or would in a dry run, in the order of the inventory. */
  readonly steps: readonly ReadyStep[];
  /** The files of the evidence that was written. Absent: none was. */
  readonly evidence?: readonly string[];
  /** What to do for all steps together. Absent: no wave moves. */
  readonly next?: NextSteps;
  /** The reason when nothing was written although a gate passes, apart from `dryRun`. */
  readonly problem?: { readonly message: string; readonly hint: string };
}

/**
 * Takes every wave of an environment whose gate passes one stage forward: one Estate, one edit, one atomic write; the evidence of each wave as `takeStep` writes it.
 * Each gate is judged with the inventory as it is: a wave that waits for another one moves in a later call. Does not touch AWS.
 */
export async function takeReadySteps(
  read: ReadInventory,
  inventory: Inventory,
  environment: string,
  { dryRun, evidence: keep }: Pick<StepChoice, 'dryRun' | 'evidence'>,
  { estate: stands, judge }: StepWorld,
): Promise<{ readonly report: ReadySteps; readonly result: StepResult }> {
  const follows = new Map<string, OpenSteps>();
  for (const { key } of inventory.waves) {
    const open = openStep(read, inventory, { wave: key, environment, direction: 'forward' });
    if (open !== undefined) follows.set(key, open);
  }
  // The edits of all waves so far: each must fit together with those before it.
  let texts: ReadonlyMap<string, string> = new Map();
  const steps: ReadyStep[] = [];
  const gates = waveGates(inventory, [environment], judge, (request, estate) => {
    const { step, to } = stepOf(inventory, request);
    if (to === undefined) return [];
    const move = { wave: request.wave, from: step.from, to };
    const edit = editStage(withTexts(read, texts), { ...move, environment }, new Date(estate.at));
    if (!edit.ok) return edit.findings.map(findingObstacle);
    texts = new Map([...texts, ...edit.texts]);
    steps.push({ ...move, change: edit.change });
    return [];
  });
  const asks = [...follows.values()].flatMap((open) => open.asks);
  const estate = await stands(inventory, (known) => [...gates.questions(known), ...openQuestions(asks, known)]);
  const waves = gates.judge(estate);
  const report: ReadySteps = {
    ...{ environment, dryRun, written: false, waves, steps },
    ...(steps.length > 0 && {
      next: together(
        environment,
        steps.flatMap(({ wave }) => follows.get(wave)?.next(estate) ?? []),
      ),
    }),
  };
  if (steps.length === 0) return { report, result: waves.every(isSettled) ? 'done' : 'refused' };
  if (dryRun) return { report, result: 'done' };
  // Before the stages, as `takeStep` does.
  const kept = keep && writeEvidence(keep.folder, allEvidence(report, estate, keep.by()));
  if (kept && 'problem' in kept) return { report: { ...report, problem: kept.problem }, result: 'failed' };
  const saved = saveEdits(read, texts);
  if (saved.saved)
    return { report: { ...report, written: true, ...(kept && { evidence: kept.files }) }, result: 'done' };
  kept?.remove();
  const { reason, message, hint } = saved;
  return { report: { ...report, problem: { message, hint } }, result: reason === 'failed' ? 'failed' : 'refused' };
}

/** What follows from the step of a wave alone. Nothing where there is no step, and where its edit is refused. */
function openStep(read: ReadInventory, inventory: Inventory, request: StepRequest): OpenSteps | undefined {
  const { step, to } = stepOf(inventory, request);
  if (to === undefined || step.workloads.length === 0) return undefined;
  const { wave, environment } = request;
  const trial = editStage(read, { wave, environment, from: step.from, to }, new Date(0));
  return trial.ok ? stepsAfter(inventory, trial.inventory, step) : undefined;
}

/** No step is left for the wave. */
function isSettled({ answer }: WaveGate): boolean {
  return answer === 'done' || answer === 'empty';
}

/** What follows from several steps, as one list: the stacks are applied once. */
function together(environment: string, all: readonly NextSteps[]): NextSteps {
  const stacks = inOrder(
    all.map((one) => one.stacks),
    identityStackName(environment),
  );
  const associations = all.flatMap((one) => one.associations ?? []);
  const owners = all.flatMap((one) => one.owners ?? []);
  return {
    stacks,
    apply: stacks.length === 0 ? [] : applyStacks(stacks, 'Compare with the plan, then apply:'),
    byHand: all.flatMap((one) => one.byHand),
    annotations: all.flatMap((one) => one.annotations),
    ...(associations.length > 0 && { associations }),
    outdated: all.flatMap((one) => one.outdated),
    restarts: all.flatMap((one) => one.restarts),
    ...(owners.length > 0 && { owners }),
  };
}

/** The stacks of all steps, each once: targets, identity, service accounts. In every list they stand around the identity stack, and a list without it has targets alone. */
function inOrder(lists: readonly (readonly string[])[], identity: string): readonly string[] {
  const parts = lists.map((list) => {
    const at = list.indexOf(identity);
    return at < 0 ? [list, [], []] : [list.slice(0, at), [identity], list.slice(at + 1)];
  });
  return [...new Set([0, 1, 2].flatMap((index) => parts.flatMap((one) => one[index] ?? [])))];
}

function allEvidence(
  { environment, steps, waves }: ReadySteps,
  estate: Estate,
  by: Parameters<typeof evidenceTexts>[2],
): ReadonlyMap<string, string> {
  return new Map(
    steps.flatMap((step) => {
      const gate = waves.find(({ wave }) => wave === step.wave)?.gate ?? { evidence: [], holds: false };
      return [...evidenceTexts({ ...step, environment, gate }, estate, by)];
    }),
  );
}
