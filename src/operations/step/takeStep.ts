import { compileLoaded } from '../../blueprint/compileLoaded';
import type { Estate } from '../../estate/Estate';
import { openQuestions, settle } from '../../estate/ask';
import type { Question } from '../../estate/questions';
import { type Finding, hasErrors } from '../../inventory/Finding';
import type { Inventory, Stage } from '../../inventory/Inventory';
import type { EditableFile } from '../../inventory/edit/editFile';
import { keepAgent } from '../../inventory/edit/keepAgent';
import { setStage, sinceText } from '../../inventory/edit/setStage';
import type { ChangedLines } from '../../inventory/edit/yamlText';
import type { LoadedInventory } from '../../inventory/loadInventory';
import { stepOf, type StepRequest } from '../gate/Step';
import { gateQuestions, type GateResult } from '../gate/gate';
import { type ReadInventory, saveEdits } from '../inventoryFile/editableInventory';
import { type AgentInUse, agentsInUse } from './agentsInUse';
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
  /** The reason of a forced step: no check ran. */
  readonly because?: string;
  readonly gate?: Pick<GateResult, 'evidence' | 'holds'>;
  readonly change?: FileChange;
  /** Agents that others on the cluster need: the same edit writes `keep: true` for each. Absent: there are none. */
  readonly keeps?: readonly (AgentInUse & { readonly change: FileChange })[];
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
  /** The gate; not called for a forced step. */
  readonly judge: (inventory: Inventory, request: StepRequest, estate: Estate) => GateResult;
}

/** How long a forced step waits for the lists of pods, in seconds: it goes on without them. */
const LONGEST_WAIT = 30;

/** `done`: the stage was written, or would be in a dry run. `failed`: the file cannot be written. `refused`: everything else. */
export type StepResult = 'done' | 'refused' | 'failed';

/**
 * Takes a wave one stage on or back in an environment: evidence, edit, check of the whole inventory with the edit, one atomic write. Does not
 * touch AWS. `inventory` is the one that was `read`.
 */
export async function takeStep(
  read: ReadInventory,
  inventory: Inventory,
  request: StepRequest,
  { dryRun, because }: Pick<StepReport, 'dryRun' | 'because'>,
  { estate: stands, judge }: StepWorld,
): Promise<{ readonly report: StepReport; readonly result: StepResult }> {
  const { step, to } = stepOf(inventory, request);
  const forced = because === undefined ? {} : { because };
  let report: StepReport = { ...request, from: step.from, dryRun, written: false, ...forced };
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
  const change: StageChange = { ...request, from: step.from, to, ...forced };
  // First without evidence, and whatever the time: a change that cannot be written needs no evidence.
  const trial = editStage(read, change, new Date(0));
  if (!trial.ok) return end({ findings: trial.findings });
  const restarts = neededRestarts(step);
  const leaving = agentsInUse(inventory, trial.inventory, request.environment);
  const questions = because === undefined ? gateQuestions(inventory, request) : () => [];
  const estate = await stands(
    inventory,
    (known) => [...questions(known), ...openQuestions([restarts, leaving], known)],
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

  const next = nextSteps(inventory, edited.inventory, request.environment, settle(restarts, estate).value);
  if (dryRun) return end({ next }, 'done');
  const saved = saveEdits(read, edited.texts);
  if (saved.saved) return end({ next, written: true }, 'done');
  const { reason, message, hint } = saved;
  return end({ problem: { message, hint } }, reason === 'failed' ? 'failed' : 'refused');
}

/** The new stage of a wave in an environment. */
export interface StageChange {
  readonly wave: string;
  readonly environment: string;
  readonly from: Stage;
  readonly to: Stage;
  /** The reason of a forced step. */
  readonly because?: string;
}

/** The edited files, and the inventory with them; or the errors that the edit would cause. */
export type StageEdit =
  | {
      readonly ok: true;
      /** By file, in the order of writing. */
      readonly texts: ReadonlyMap<string, string>;
      readonly change: FileChange;
      readonly keeps: NonNullable<StepReport['keeps']>;
      readonly inventory: Inventory;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Edits the text of the file that has the wave, and of those that have the clusters of these agents, and checks the whole inventory with the new
 * texts. Writes nothing. The agents come first in `texts`: an agent that stays longer harms nobody, if the process is killed before the stage is written.
 */
export function editStage(
  read: ReadInventory,
  change: StageChange,
  now: Date,
  agents: readonly AgentInUse[] = [],
): StageEdit {
  const { wave, environment, from, to, because } = change;
  const texts = new Map<string, string>();
  const keeps: (AgentInUse & { readonly change: FileChange })[] = [];
  for (const agent of agents) {
    const { file, text } = fileOf(read, texts, `environments.${environment}.clusters.${agent.cluster}.agent`);
    const kept = keepAgent({ file, text }, { environment, cluster: agent.cluster });
    if ('refusal' in kept) return { ok: false, findings: [kept.refusal] };
    texts.set(file, kept.edit.text);
    keeps.push({ ...agent, change: { file, ...kept.edit.changes } });
  }
  const { file, text } = fileOf(read, texts, `waves.${wave}`);
  const request = { wave, environment, from, stage: to, since: sinceText(now) };
  const result = setStage({ file, text }, { ...request, ...(because !== undefined && { because }) });
  if ('refusal' in result) return { ok: false, findings: [result.refusal] };
  texts.set(file, result.edit.text);
  const edited = inventoryOrErrors(read.with(texts));
  if (!('inventory' in edited)) return { ok: false, findings: edited.errors };
  return { ok: true, texts, change: { file, ...result.edit.changes }, keeps, inventory: edited.inventory };
}

/** The file that has an entry, with its text after the edits so far. */
function fileOf(read: ReadInventory, edited: ReadonlyMap<string, string>, path: string): EditableFile {
  const { file } = read.loaded.locate({ severity: 'error', rule: '', path, message: '', hint: '' });
  const text = edited.get(file) ?? read.texts.get(file);
  if (text === undefined) throw new Error(`${file} has ${path} and was not read`);
  return { file, text };
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
