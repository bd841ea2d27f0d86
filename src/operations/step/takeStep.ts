import { compileLoaded } from '../../blueprint/compileLoaded';
import type { Estate } from '../../estate/Estate';
import { openQuestions, settle } from '../../estate/ask';
import type { Question } from '../../estate/questions';
import { type Finding, hasErrors } from '../../inventory/Finding';
import type { Inventory, Stage } from '../../inventory/Inventory';
import { setStage, sinceText } from '../../inventory/edit/setStage';
import type { ChangedLines } from '../../inventory/edit/yamlText';
import type { LoadedInventory } from '../../inventory/loadInventory';
import { type Step, stepOf, type StepRequest } from '../gate/Step';
import {
  acceptAll,
  type Acceptance,
  acceptanceTexts,
  acceptChecks,
  type AcceptedGate,
  canBeAccepted,
} from '../gate/accept';
import { gateQuestions, type GateResult } from '../gate/gate';
import { type ReadInventory, saveEdit } from '../inventoryFile/editableInventory';
import { neededRestarts } from './neededRestarts';
import { nextSteps, type NextSteps } from './nextSteps';

/** The change of the inventory's file. */
export interface FileChange extends ChangedLines {
  /** As findings name it. */
  readonly file: string;
}

/** The result of `advance` or `rollback`. */
export interface StepReport {
  readonly wave: string;
  readonly environment: string;
  readonly direction: 'forward' | 'back';
  readonly from: Stage;
  /** Absent when there is no step. */
  readonly to?: Stage;
  readonly dryRun: boolean;
  readonly written: boolean;
  /** The reason of a step with accepted checks, or of a forced one. */
  readonly because?: string;
  /** The step does not need its gate: every check that does not pass is accepted. */
  readonly forced?: true;
  /** What the inventory records as accepted: `CHECK[:WORKLOAD[:CLUSTER]]`. */
  readonly accepted?: readonly string[];
  /** What `--accept` has to name so that the gate holds; absent when it holds, and where nobody can accept one of the checks. */
  readonly acceptable?: readonly string[];
  readonly gate?: Pick<GateResult, 'evidence' | 'holds'>;
  readonly change?: FileChange;
  readonly next?: NextSteps;
  /** The reason when nothing was written, apart from the gate and `dryRun`. */
  readonly problem?: { readonly message: string; readonly hint: string };
  /** Errors that the inventory would have after the step, or the reason why its file cannot be edited. */
  readonly findings?: readonly Finding[];
}

/** How a step learns what stands, and judges it. */
export interface StepWorld {
  /** What AWS and the clusters answer; within so many seconds, where a number is given. */
  readonly estate: (
    inventory: Inventory,
    questions: (estate: Estate) => readonly Question[],
    seconds?: number,
  ) => Promise<Estate>;
  /** The gate. */
  readonly judge: (inventory: Inventory, request: StepRequest, estate: Estate) => GateResult;
}

/** How long a forced step waits for AWS and the clusters, in seconds: what has not answered by then could not be checked. */
const LONGEST_WAIT = 30;

/**
 * `done`: the stage was written, or would be in a dry run. `failed`: the file cannot be written. `mistaken`: something that was to be accepted is
 * not there to be accepted. `refused`: everything else.
 */
export type StepResult = 'done' | 'refused' | 'failed' | 'mistaken';

/** How an operator takes a step. */
export interface StepChoice {
  readonly dryRun: boolean;
  /** The checks that need not pass, by name. */
  readonly accept?: readonly Acceptance[];
  /** No check needs to pass. */
  readonly force?: boolean;
  /** The reason; present with one of these two. */
  readonly because?: string;
}

/**
 * Takes a wave one stage on or back in an environment: evidence, edit, check of the whole inventory with the edit, one atomic write. Does not
 * touch AWS. `inventory` is the one that was `read`.
 */
export async function takeStep(
  read: ReadInventory,
  inventory: Inventory,
  request: StepRequest,
  { dryRun, accept = [], force = false, because }: StepChoice,
  { estate: stands, judge }: StepWorld,
): Promise<{ readonly report: StepReport; readonly result: StepResult }> {
  const { step, to } = stepOf(inventory, request);
  const reason = because === undefined ? {} : { because };
  let report: StepReport = {
    ...request,
    from: step.from,
    dryRun,
    written: false,
    ...reason,
    ...(force && { forced: true }),
  };
  const end = (more: Partial<StepReport>, result: StepResult = 'refused') => ({
    report: { ...report, ...more },
    result,
  });
  if (to === undefined) {
    const message = `wave "${request.wave}" in ${request.environment} is already at ${step.from}`;
    return end({
      problem: { message, hint: `There is no stage ${request.direction === 'forward' ? 'after' : 'before'} it.` },
    });
  }

  report = { ...report, to };
  const change: StageChange = { ...request, from: step.from, to, ...reason };
  // First without evidence, and whatever the time: a change that cannot be written needs no evidence.
  const trial = editStage(read, change, new Date(0));
  if (!trial.ok) return end({ findings: trial.findings });
  const restarts = neededRestarts(step);
  const questions = gateQuestions(inventory, request);
  const estate = await stands(
    inventory,
    (known) => [...questions(known), ...openQuestions(restarts, known)],
    force ? LONGEST_WAIT : undefined,
  );
  const judged = judge(inventory, request, estate);
  const { gate, unused } = force ? { gate: acceptAll(judged), unused: [] } : acceptChecks(judged, accept, step);
  const { evidence, holds } = gate;
  const overridden = force
    ? acceptanceTexts(
        evidence.filter((one) => one.accepted),
        evidence,
      )
    : accept.map(({ text }) => text);
  const accepted = overridden.length === 0 ? {} : { accepted: overridden };
  report = { ...report, gate: { evidence, holds }, ...accepted };
  if (unused.length > 0) return end({ problem: unusedProblem(unused) }, 'mistaken');
  const edited = editStage(read, { ...change, ...accepted }, new Date(estate.at));
  if (!edited.ok) return end({ findings: edited.findings });
  if (holds || dryRun) report = { ...report, change: { file: edited.file, ...edited.changes } };
  if (!holds) return end(acceptable(gate, overridden, step));

  const next = nextSteps(inventory, edited.inventory, request.environment, settle(restarts, estate).value);
  if (dryRun) return end({ next }, 'done');
  const saved = saveEdit(read, edited.file, edited.text);
  if (saved.saved) return end({ next, written: true }, 'done');
  const { reason: why, message, hint } = saved;
  return end({ problem: { message, hint } }, why === 'failed' ? 'failed' : 'refused');
}

/** What an operator has to accept so that the gate holds. */
function acceptable(
  { evidence }: GateResult,
  accepted: readonly string[],
  { environment }: Step,
): Pick<StepReport, 'acceptable'> {
  const open = evidence.filter((one) => one.holds !== 'yes' && one.accepted !== true);
  if (!open.every((one) => canBeAccepted(one, environment.clusters))) return {};
  return { acceptable: [...new Set([...accepted, ...acceptanceTexts(open, evidence)])] };
}

function unusedProblem(unused: AcceptedGate['unused']): NonNullable<StepReport['problem']> {
  return {
    message: unused.map(({ text, why }) => `--accept ${text}: ${why}`).join('\n'),
    hint: 'Correct --accept or remove it, then run the command again.',
  };
}

/** The new stage of a wave in an environment. */
export interface StageChange {
  readonly wave: string;
  readonly environment: string;
  readonly from: Stage;
  readonly to: Stage;
  /** The reason of a step whose gate did not pass. */
  readonly because?: string;
  /** The checks that were accepted for it. */
  readonly accepted?: readonly string[];
}

/** The edited file that has the wave, and the inventory with it; or the errors that the edit would cause. */
export type StageEdit =
  | {
      readonly ok: true;
      readonly file: string;
      readonly text: string;
      readonly changes: ChangedLines;
      readonly inventory: Inventory;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Edits the text of the file that has the wave, and checks the whole inventory with the new text. Writes nothing. */
export function editStage(read: ReadInventory, change: StageChange, now: Date): StageEdit {
  const { wave, environment, from, to, because, accepted } = change;
  const path = `waves.${wave}`;
  const { file } = read.loaded.locate({ severity: 'error', rule: '', path, message: '', hint: '' });
  const text = read.texts.get(file);
  if (text === undefined) throw new Error(`${file} has wave "${wave}" and was not read`);
  const request = { wave, environment, from, stage: to, since: sinceText(now) };
  const result = setStage(
    { file, text },
    {
      ...request,
      ...(because !== undefined && { because }),
      ...(accepted !== undefined && { accepted }),
    },
  );
  if ('refusal' in result) return { ok: false, findings: [result.refusal] };
  const edited = inventoryOrErrors(read.with(file, result.edit.text));
  if ('inventory' in edited) return { ok: true, file, ...result.edit, inventory: edited.inventory };
  return { ok: false, findings: edited.errors };
}

/** The inventory when nothing in it is an error, quotas included; else the errors. */
export function inventoryOrErrors(
  loaded: LoadedInventory,
): { readonly inventory: Inventory } | { readonly errors: readonly Finding[] } {
  const { inventory } = loaded;
  const { findings } = compileLoaded(loaded);
  if (inventory && !hasErrors(findings)) return { inventory };
  return { errors: findings.filter(({ severity }) => severity === 'error') };
}
