import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Listr } from 'listr2';
import type { Move } from './planWalk';
import { type RehearsalPlan, type Started, startRehearsal } from './startRehearsal';
import { held, type Walked } from './Walked';
import { walkStep } from './walkStep';
import { withEnvironment } from './withEnvironment';

/** What came of rehearsing an environment: the steps that were taken, and what ended the walk before its end. */
export interface Rehearsed {
  readonly walked: readonly Walked[];
  readonly failure?: unknown;
}

/**
 * Rehearses an environment on a sandbox of its own, with progress on a terminal and plain lines elsewhere. The walk ends at the first step
 * that does not hold: what comes after it would say nothing. Never rejects.
 */
export async function rehearseEnvironment(
  plan: Omit<RehearsalPlan, 'folder'>,
  moves: readonly Move[],
): Promise<Rehearsed> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-rehearse-'));
  const walked: Walked[] = [];
  let started: Started | undefined;
  const tasks = new Listr(
    [
      {
        title: `${plan.environment} as it stands`,
        task: async (_: unknown, task: Task) => {
          started = await startRehearsal({ ...plan, folder }, sayIn(task));
          walked.push(started.walked);
          conclude(task, started.walked);
        },
      },
      ...moves.map((move) => ({
        title: `${move.wave}: ${move.from} → ${move.to}`,
        task: async (_: unknown, task: Task) => {
          if (started === undefined) throw new Error('the rehearsal has not begun');
          const { rehearsal, environment } = started;
          const step = await withEnvironment(environment, () => walkStep(rehearsal, move, sayIn(task)));
          walked.push(step);
          conclude(task, step);
        },
      })),
    ],
    {
      fallbackRenderer: 'simple',
      concurrent: false,
      rendererOptions: { collapseErrors: false, showErrorMessage: false },
    },
  );
  try {
    await tasks.run();
    return { walked };
  } catch (failure) {
    return { walked, failure };
  } finally {
    await started?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Task {
  title: string;
  output: string;
}

/** What is being done now is progress on a terminal, and noise in a log. */
function sayIn(task: Task): (what: string) => void {
  return (what) => {
    if (process.stdout.isTTY) task.output = what;
  };
}

/** Throws when the step does not hold, which ends the walk; the table says why. */
function conclude(task: Task, step: Walked): void {
  const { changes, asked } = step;
  task.title += `: ${changes.add} added, ${changes.change} changed, ${changes.destroy} destroyed; pods asked ${asked} times`;
  if (!held(step)) throw new StepFailed('a step does not hold');
}

/** A step that the table tells all about. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}
