import { rehearsalTable } from './rehearsalTable';
import { type Rehearsed, StepFailed } from './rehearseEnvironment';
import { held } from './Walked';

/** A rehearsal for people: the table, what stopped it, and the verdict as the last line. */
export function rehearsalReport({ walked, failure }: Rehearsed, colour: boolean): string {
  const asked = walked.reduce((sum, step) => sum + step.asked, 0);
  const steps = walked.filter(({ move }) => move !== undefined).length;
  if (steps === 0 && failure === undefined)
    return 'Nothing was rehearsed: there is no step to take. Put the workloads that move into a wave, or name another stage with --to.';
  const stopped = failure === undefined || failure instanceof StepFailed ? [] : [messageOf(failure), ''];
  return [
    ...(walked.length === 0 ? [] : [rehearsalTable(walked, colour), '']),
    ...stopped,
    succeeded({ walked, failure })
      ? `${steps} steps, ${asked} times a pod asked: nobody was denied what the inventory promises${named(walked)}.`
      : `The rehearsal stopped after ${steps} steps: what is above needs mending before this is done for real.`,
  ].join('\n');
}

/** Whether the whole walk was walked, pods asked, and every step held. A rehearsal without a step shows nothing. */
export function succeeded({ walked, failure }: Rehearsed): boolean {
  const asked = walked.some((step) => step.asked > 0);
  return failure === undefined && walked.some(({ move }) => move !== undefined) && asked && walked.every(held);
}

function named(walked: Rehearsed['walked']): string {
  return walked.some(({ denied }) => denied.length > 0)
    ? ', but for the pods that dual → prepared has to restart right after the apply'
    : '';
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
