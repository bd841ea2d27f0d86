import type { Estate } from '../../estate/Estate';
import { openQuestions, settle } from '../../estate/ask';
import { estateText } from '../../estate/estateFile';
import type { Question } from '../../estate/questions';
import type { Finding } from '../../inventory/Finding';
import type { Inventory, Stage } from '../../inventory/Inventory';
import {
  acceptAll,
  type Acceptance,
  acceptanceTexts,
  acceptChecks,
  type AcceptedGate,
  canBeAccepted,
} from '../gate/accept';
import { type Step, stepOf, type StepRequest } from '../gate/Step';
import { staticEvidence } from '../gate/staticEvidence';
import { gateQuestions, type GateResult } from '../gate/gate';
import { sinceText } from '../../inventory/edit/setStage';
import { type ReadInventory, saveEdits } from '../inventoryFile/editableInventory';
import { agentsInUse } from './agentsInUse';
import { editStage, type FileChange, type KeptAgent, type StageChange } from './editStage';
import { evidenceDocument, evidenceName, type Taker, type TakenStep } from './evidenceDocument';
import { type EvidenceTexts, writeEvidence } from './evidenceFiles';
import { type NextSteps, stepsAfter } from './nextSteps';
import { wayBack, type WayStep } from './wayBack';

/** The result of `advance` or `rollback`. */
export interface StepReport {
  readonly wave: string;
  readonly environment: string;
  readonly direction: 'forward' | 'back';
  readonly from: Stage;
  /** Absent when there is no step. */
  readonly to?: Stage;
  /** The stage of `--to`. */
  readonly goal?: Stage;
  readonly dryRun: boolean;
  readonly written: boolean;
  /** The reason of a step with accepted checks, or of a forced one. */
  readonly because?: string;
  /** The step does not need its gate: every check that does not pass is accepted. */
  readonly forced?: true;
  /** What the inventory records as accepted: `CHECK[:WORKLOAD[:CLUSTER]]`. */
  readonly accepted?: readonly string[];
  /** What `--accept` names and passes: the inventory records nothing of it. Absent: nothing. */
  readonly unneeded?: readonly string[];
  /** What `--accept` has to name so that the gate holds; absent when it holds, and where nobody can accept one of the checks. */
  readonly acceptable?: readonly string[];
  readonly gate?: Pick<GateResult, 'evidence' | 'holds'>;
  /** False: checks that need no question failed, and neither AWS nor a cluster was asked. */
  readonly asked?: false;
  readonly change?: FileChange;
  /** The files of the evidence that was written, the document last. Absent: none was written. */
  readonly evidence?: readonly string[];
  /** Agents that others on the cluster need: the same edit writes `keep: true` for each. Absent: there are none. */
  readonly keeps?: readonly KeptAgent[];
  /** Paths of the imports that the same edit removes, since the step removes what they import. Absent: there are none. */
  readonly imports?: readonly string[];
  readonly next?: NextSteps;
  /** The steps that follow on the way back to the stage of `--to`. Absent without `--to`. */
  readonly way?: readonly WayStep[];
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
  /** The earlier stage to which a rollback leads in the end: the report has the steps that follow. */
  readonly goal?: Stage;
  /** Where the evidence of the step is written, and who takes it. Absent: no evidence is written. */
  readonly evidence?: { readonly folder: string; readonly by: () => Taker };
}

/**
 * Takes a wave one stage on or back in an environment: evidence, edit, check of the whole inventory with the edit, one atomic write. Does not
 * touch AWS. `inventory` is the one that was `read`.
 */
export async function takeStep(
  read: ReadInventory,
  inventory: Inventory,
  request: StepRequest,
  { dryRun, accept = [], force = false, because, goal, evidence: keep }: StepChoice,
  { estate: stands, judge }: StepWorld,
): Promise<{ readonly report: StepReport; readonly result: StepResult }> {
  const { step, to } = stepOf(inventory, request);
  let reason: Pick<StepReport, 'because'> = because === undefined ? {} : { because };
  let report: StepReport = {
    ...request,
    from: step.from,
    ...(goal !== undefined && { goal }),
    dryRun,
    written: false,
    ...(force && { forced: true }),
  };
  const end = (more: Partial<StepReport>, result: StepResult = 'refused') => ({
    report: { ...report, ...reason, ...more },
    result,
  });
  if (to === undefined || goal === step.from) {
    const message = `wave "${request.wave}" in ${request.environment} is already at ${step.from}`;
    return end({
      problem: {
        message,
        hint:
          to === undefined
            ? `There is no stage ${request.direction === 'forward' ? 'after' : 'before'} it.`
            : `For one stage back, leave out --to.`,
      },
    });
  }

  report = { ...report, to };
  const change: StageChange = { ...request, from: step.from, to };
  // First without evidence, and whatever the time: a change that cannot be written needs no evidence.
  const trial = editStage(read, { ...change, ...reason }, new Date(0));
  if (!trial.ok) return end({ findings: trial.findings });
  // What fails by the inventory alone fails before minutes of questions. A dry run shows every check.
  if (!force && !dryRun && request.direction === 'forward') {
    const found = staticEvidence(inventory, request).filter(({ holds }) => holds !== 'yes');
    const accepted = acceptChecks({ ...request, from: step.from, to, evidence: found, holds: false }, accept, step);
    const failed = accepted.gate.evidence.filter((one) => one.accepted !== true);
    const gate = { evidence: failed, holds: false };
    const texts = accept.map(({ text }) => text);
    if (failed.length > 0) return end({ gate, asked: false, ...acceptable(gate, texts, step) });
  }
  const after = stepsAfter(inventory, trial.inventory, step);
  const way = goal === undefined ? undefined : wayBack(read, request, { step, edit: trial }, goal);
  const leaving = agentsInUse(inventory, trial.inventory, request.environment);
  const followUps = [after, ...(way ?? []).flatMap(({ open }) => open ?? [])]
    .flatMap(({ asks }) => asks)
    .concat(leaving);
  const questions = gateQuestions(inventory, request);
  const estate = await stands(
    inventory,
    (known) => [...questions(known), ...openQuestions(followUps, known)],
    force ? LONGEST_WAIT : undefined,
  );
  const judged = judge(inventory, request, estate);
  const { gate, unneeded, unused } = force
    ? { gate: acceptAll(judged), unneeded: [], unused: [] }
    : acceptChecks(judged, accept, step);
  const { evidence, holds } = gate;
  const overridden = force
    ? acceptanceTexts(
        evidence.filter((one) => one.accepted),
        evidence,
      )
    : accept.filter((one) => !unneeded.includes(one)).map(({ text }) => text);
  const accepted = overridden.length === 0 ? {} : { accepted: overridden };
  // The reason is one of an acceptance: a step whose named checks all pass needs none.
  if (!force && holds && overridden.length === 0) reason = {};
  const needless = unneeded.length > 0 && { unneeded: unneeded.map(({ text }) => text) };
  report = { ...report, gate: { evidence, holds }, ...accepted, ...needless };
  if (unused.length > 0) return end({ problem: unusedProblem(unused) }, 'mistaken');
  const edited = editStage(
    read,
    { ...change, ...reason, ...accepted },
    new Date(estate.at),
    settle(leaving, estate).value,
  );
  if (!edited.ok) return end({ findings: edited.findings });
  const { keeps, imports } = edited;
  const edits = { ...(keeps.length > 0 && { keeps }), ...(imports.length > 0 && { imports }) };
  if (holds || dryRun) report = { ...report, change: edited.change, ...edits };
  if (!holds) return end(acceptable(gate, overridden, step));

  const later = way?.map(({ open, ...one }) => (open === undefined ? one : { ...one, next: open.next(estate) }));
  const follows = { next: after.next(estate), ...(later !== undefined && { way: later }) };
  if (dryRun) return end(follows, 'done');
  // Before the stage: a stage without its evidence could not be merged, and evidence without a stage harms nobody.
  const taken = { ...report, ...reason, to, gate: { evidence, holds }, change: edited.change };
  const kept = keep && writeEvidence(keep.folder, evidenceTexts(taken, estate, keep.by()));
  if (kept && 'problem' in kept) return end({ problem: kept.problem }, 'failed');
  const saved = saveEdits(read, edited.texts);
  if (saved.saved) return end({ ...follows, written: true, ...(kept && { evidence: kept.files }) }, 'done');
  kept?.remove();
  const { reason: why, message, hint } = saved;
  return end({ problem: { message, hint } }, why === 'failed' ? 'failed' : 'refused');
}

/** The files of a step's evidence: the Estate, and the document that names it. */
export function evidenceTexts(taken: TakenStep, estate: Estate, by: Taker): EvidenceTexts {
  const since = sinceText(new Date(estate.at));
  const name = evidenceName(taken, since);
  const text = estateText(estate);
  return new Map([
    [`${name}.json`, text],
    [`${name}.md`, evidenceDocument(taken, since, by, text)],
  ]);
}

/** What an operator has to accept so that the gate holds. */
function acceptable(
  { evidence }: Pick<GateResult, 'evidence'>,
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
