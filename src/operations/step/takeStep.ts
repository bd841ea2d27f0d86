import type { Estate } from '../../estate/Estate';
import { openQuestions, settle } from '../../estate/ask';
import type { Question } from '../../estate/questions';
import type { Finding } from '../../inventory/Finding';
import type { Inventory, Stage } from '../../inventory/Inventory';
import { stepOf, type StepRequest } from '../gate/Step';
import { gateQuestions, type GateResult } from '../gate/gate';
import { type ReadInventory, saveEdits } from '../inventoryFile/editableInventory';
import { agentsInUse } from './agentsInUse';
import { editStage, type FileChange, type KeptAgent, type StageChange } from './editStage';
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
  /** The reason of a forced step: no check ran. */
  readonly because?: string;
  readonly gate?: Pick<GateResult, 'evidence' | 'holds'>;
  readonly change?: FileChange;
  /** Agents that others on the cluster need: the same edit writes `keep: true` for each. Absent: there are none. */
  readonly keeps?: readonly KeptAgent[];
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
  /** The gate; not called for a forced step. */
  readonly judge: (inventory: Inventory, request: StepRequest, estate: Estate) => GateResult;
}

/** How long a forced step waits for the lists of pods, in seconds: it goes on without them. */
const LONGEST_WAIT = 30;

/** `done`: the stage was written, or would be in a dry run. `failed`: the file cannot be written. `refused`: everything else. */
export type StepResult = 'done' | 'refused' | 'failed';

/** How an operator takes a step. */
export interface StepChoice {
  readonly dryRun: boolean;
  /** The reason of a forced step. */
  readonly because?: string;
  /** The earlier stage to which a rollback leads in the end: the report has the steps that follow. */
  readonly goal?: Stage;
}

/**
 * Takes a wave one stage on or back in an environment: evidence, edit, check of the whole inventory with the edit, one atomic write. Does not
 * touch AWS. `inventory` is the one that was `read`.
 */
export async function takeStep(
  read: ReadInventory,
  inventory: Inventory,
  request: StepRequest,
  { dryRun, because, goal }: StepChoice,
  { estate: stands, judge }: StepWorld,
): Promise<{ readonly report: StepReport; readonly result: StepResult }> {
  const { step, to } = stepOf(inventory, request);
  const forced = because === undefined ? {} : { because };
  const wanted = goal === undefined ? {} : { goal };
  let report: StepReport = { ...request, from: step.from, ...wanted, dryRun, written: false, ...forced };
  const end = (more: Partial<StepReport>, result: StepResult = 'refused') => ({
    report: { ...report, ...more },
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
  const change: StageChange = { ...request, from: step.from, to, ...forced };
  // First without evidence, and whatever the time: a change that cannot be written needs no evidence.
  const trial = editStage(read, change, new Date(0));
  if (!trial.ok) return end({ findings: trial.findings });
  const after = stepsAfter(inventory, trial.inventory, step);
  const way = goal === undefined ? undefined : wayBack(read, request, { step, edit: trial }, goal);
  const leaving = agentsInUse(inventory, trial.inventory, request.environment);
  const followUps = [after, ...(way ?? []).flatMap(({ open }) => open ?? [])]
    .flatMap(({ asks }) => asks)
    .concat(leaving);
  const questions = because === undefined ? gateQuestions(inventory, request) : () => [];
  const estate = await stands(
    inventory,
    (known) => [...questions(known), ...openQuestions(followUps, known)],
    because === undefined ? undefined : LONGEST_WAIT,
  );
  const gate = because === undefined ? judge(inventory, request, estate) : undefined;
  if (gate !== undefined) report = { ...report, gate: { evidence: gate.evidence, holds: gate.holds } };
  const edited = editStage(read, change, new Date(estate.at), settle(leaving, estate).value);
  if (!edited.ok) return end({ findings: edited.findings });
  const { keeps } = edited;
  if (gate?.holds !== false || dryRun)
    report = { ...report, change: edited.change, ...(keeps.length > 0 && { keeps }) };
  if (gate?.holds === false) return end({});

  const later = way?.map(({ open, ...one }) => (open === undefined ? one : { ...one, next: open.next(estate) }));
  const follows = { next: after.next(estate), ...(later !== undefined && { way: later }) };
  if (dryRun) return end(follows, 'done');
  const saved = saveEdits(read, edited.texts);
  if (saved.saved) return end({ ...follows, written: true }, 'done');
  const { reason, message, hint } = saved;
  return end({ problem: { message, hint } }, reason === 'failed' ? 'failed' : 'refused');
}
