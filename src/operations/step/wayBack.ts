import type { Remedy } from '../../estate/Remedy';
import type { Finding } from '../../inventory/Finding';
import { type Inventory, type Stage, STAGES } from '../../inventory/Inventory';
import { type Step, stepOf, type StepRequest } from '../gate/Step';
import type { ReadInventory } from '../inventoryFile/editableInventory';
import { remedyOf, run } from '../remedies';
import { editStage, type StageEdit, withTexts } from './editStage';
import { oldCredentials } from './neededRestarts';
import { type NextSteps, type OpenSteps, stepsAfter } from './nextSteps';

/** One of the steps that follow a rollback on its way to an earlier stage. */
export interface WayStep {
  readonly from: Stage;
  readonly to: Stage;
  /** The command that checks again and takes the step. */
  readonly command: Remedy;
  /** What to do after it, as far as is known now. Absent where the inventory would have errors. */
  readonly next?: NextSteps;
  /** Errors that the inventory would have after the step. */
  readonly findings?: readonly Finding[];
}

/** A step of the way, before it is known what stands. */
export interface OpenWayStep extends Omit<WayStep, 'next'> {
  readonly open?: OpenSteps;
}

/**
 * The steps that follow a first one until a wave is at `goal`, each from the inventory as the steps before leave it. Pods that an earlier step restarts are not
 * restarted again. Ends at a step that the inventory does not allow.
 *
 * @param first the first step, and its edit
 */
export function wayBack(
  read: ReadInventory,
  request: StepRequest,
  first: { readonly step: Step; readonly edit: Extract<StageEdit, { readonly ok: true }> },
  goal: Stage,
): readonly OpenWayStep[] {
  const { wave, environment } = request;
  const restarted = new Set([oldCredentials(first.step.from, first.step.to)]);
  let texts = first.edit.texts;
  let before: Inventory = first.edit.inventory;
  const way: OpenWayStep[] = [];
  for (;;) {
    const { step, to } = stepOf(before, request);
    const { from } = step;
    if (to === undefined || STAGES.indexOf(from) <= STAGES.indexOf(goal)) return way;
    const command = remedyOf(
      run`npx podlift rollback ${wave} --environment ${environment} ${to === goal ? [] : ['--to', goal]}`,
    );
    const edit = editStage(withTexts(read, texts), { wave, environment, from, to }, new Date(0));
    if (!edit.ok) return [...way, { from, to, command, findings: edit.findings }];
    const old = oldCredentials(from, to);
    const open = stepsAfter(before, edit.inventory, step, restarted.has(old));
    way.push({ from, to, command, open });
    restarted.add(old);
    texts = new Map([...texts, ...edit.texts]);
    before = edit.inventory;
  }
}
