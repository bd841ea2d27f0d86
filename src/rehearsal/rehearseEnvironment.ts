import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Listr } from 'listr2';
import { printableLine } from '../inventory/printable';
import type { Move } from './planWalk';
import { passed, type RehearsedStep, rehearseStep } from './rehearseStep';
import { type RehearsalPlan, type StartedRehearsal, startRehearsal } from './startRehearsal';

/** The result of a rehearsal: the steps that were taken, and what ended it too early. */
export interface RehearsalResult {
  readonly steps: readonly RehearsedStep[];
  readonly failure?: unknown;
}

/** A step failed, and its result says why. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** True when all steps were taken, pods asked, and each step passed. A rehearsal without a step does not succeed. */
export function succeeded({ steps, failure }: RehearsalResult): boolean {
  const asked = steps.some((step) => step.asked > 0);
  return failure === undefined && steps.some(({ move }) => move !== undefined) && asked && steps.every(passed);
}

/**
 * Rehearses an environment on a sandbox of its own, with progress on a terminal and plain lines elsewhere. Ends at the first step that fails:
 * later steps would show nothing. Never rejects.
 */
export async function rehearseEnvironment(plan: RehearsalPlan, moves: readonly Move[]): Promise<RehearsalResult> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-rehearse-'));
  const steps: RehearsedStep[] = [];
  let started: StartedRehearsal | undefined;
  const conclude = (task: Task, step: RehearsedStep): void => {
    steps.push(step);
    const { add, change, destroy } = step.changes;
    task.title += `: ${add} added, ${change} changed, ${destroy} destroyed; pods requested credentials ${step.asked} times`;
    if (!passed(step)) throw new StepFailed('the step failed');
  };
  const tasks = new Listr(
    [
      {
        title: `${plan.environment} before the first step`,
        task: async (_: unknown, task: Task) => {
          started = await startRehearsal(plan, folder, sayIn(task));
          conclude(task, started.first);
        },
      },
      ...moves.map((move) => ({
        title: `${move.wave}: ${move.from} → ${move.to}`,
        task: async (_: unknown, task: Task) => {
          if (started === undefined) throw new Error('the rehearsal has not started');
          const { rehearsal } = started;
          const { variables } = rehearsal.project;
          conclude(task, await withVariables(variables, () => rehearseStep(rehearsal, move, sayIn(task))));
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
    return { steps };
  } catch (failure) {
    return { steps, failure };
  } finally {
    await started?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Task {
  title: string;
  output: string;
}

/** Shows what is being done now: useful on a terminal, noise in a log. */
function sayIn(task: Task): (what: string) => void {
  return (what) => {
    if (process.stdout.isTTY) task.output = printableLine(what);
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Runs `work` while this process has these environment variables and no others; then it has its own again. */
async function withVariables<T>(variables: Variables, work: () => Promise<T>): Promise<T> {
  const own = { ...process.env };
  replaceWith(variables);
  try {
    return await work();
  } finally {
    replaceWith(own);
  }
}

function replaceWith(variables: Variables): void {
  for (const name of Object.keys(process.env))
    if (variables[name] === undefined) Reflect.deleteProperty(process.env, name);
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
}
