import { selectStacks } from '../../operations/engine/selectStacks';
import { type Interrupts, passInterrupts } from '../../runners/engine/interrupts';
import { type Outcome, schedule } from '../../runners/engine/schedule';
import { type StackRuns, stackRuns } from '../../runners/engine/stackRuns';
import { terraformVariables } from '../../runners/engine/terraformVariables';
import { type CheckedPlan, TerraformError } from '../../runners/stackCommands';
import { findTerraform } from '../../runners/terraformInstallation';
import type { Root } from '../../../stacks/roots';
import { UsageError } from '../exit';
import { printError } from '../output';
import { renderRoots, type RenderedRoots } from '../renderRoots';
import { engineFolder } from './engineFolder';
import { countsText } from './stackText';
import { isGood, type StackReport } from './StackReport';
import { stackProgress, type StackProgress } from './stackProgress';

/** Which stacks, and how. */
export interface EngineRequest {
  /** Names and patterns (`prod-*`). Empty: all. */
  readonly stacks: readonly string[];
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  /** How many stacks at a time. Default: {@link PARALLELISM}. */
  readonly parallelism?: number | undefined;
}

/** Each Terraform starts a provider (half a gigabyte) and sends up to ten requests at once to IAM, which throttles per account: four stacks keep both within bounds. */
export const PARALLELISM = 4;

/** The stacks that were planned: their plans are in the folders of the roots until the next run. */
export interface PlannedStacks {
  readonly rendered: RenderedRoots;
  /** The stacks that were asked for, in the order in which they are written. */
  readonly roots: readonly Root[];
  readonly reports: readonly StackReport[];
}

/**
 * Writes the roots of the inventory into `.podlift/`, and plans the stacks. The progress goes to stderr. Gives nothing where the inventory has errors or its proof fails: the
 * findings are then on stderr. Throws `UsageError` for an unknown stack or environment, and where Terraform is missing.
 */
export async function planStacks(request: EngineRequest): Promise<PlannedStacks | undefined> {
  return withEngine(request, (run) => planned(run));
}

/** What an operator decides about plans before they are applied. */
export type Approve = (planned: PlannedStacks) => Promise<boolean>;

/** The stacks after an apply. */
export interface AppliedStacks extends PlannedStacks {
  /** False: the plans were shown, and nothing was applied. */
  readonly approved: boolean;
}

/**
 * Plans the stacks like {@link planStacks}, then applies exactly these plans, in the order of the stacks' dependencies. A stack that fails stops only those that depend on it.
 * `approve` is asked once, where any plan has changes.
 */
export async function applyStacks(request: EngineRequest, approve: Approve): Promise<AppliedStacks | undefined> {
  return withEngine(request, async (run) => {
    const plans = await planned(run);
    if (!plans.reports.some(({ result }) => result === 'planned')) return { ...plans, approved: true };
    run.progress().end();
    if (run.interrupts.count() > 0 || !(await approve(plans))) return { ...plans, approved: false };
    return { ...plans, reports: await applied(run, plans), approved: true };
  });
}

/** A run of the engine: what its steps share. */
interface Run {
  readonly rendered: RenderedRoots;
  readonly roots: readonly Root[];
  readonly runs: StackRuns;
  readonly interrupts: Interrupts;
  readonly parallelism: number;
  /** The progress of the present step. */
  readonly progress: () => StackProgress;
  readonly newProgress: () => StackProgress;
}

async function withEngine<T>(request: EngineRequest, work: (run: Run) => Promise<T>): Promise<T | undefined> {
  const terraform = await findTerraform();
  if ('missing' in terraform) throw new UsageError(terraform.missing);
  const { roots: folder, plugins } = engineFolder();
  const rendered = renderRoots(folder, request.environment);
  if (rendered === undefined) return undefined;
  const known = rendered.roots.map(({ name }) => name);
  const selected = selectStacks(known, request.stacks);
  if (selected.stacks === undefined) throw new UsageError(selected.problem);
  const { stacks } = selected;
  let progress = stackProgress();
  const interrupts = passInterrupts((count) => {
    printError(count === 1 ? INTERRUPTED : 'podlift: interrupted again: Terraform ends at once');
  });
  const runs = stackRuns({
    binary: terraform.binary,
    folder,
    variables: terraformVariables(process.env, plugins, process.cwd()),
    interrupts,
    say: (stack, doing) => {
      progress.say(stack, doing);
    },
  });
  try {
    return await work({
      rendered,
      roots: rendered.roots.filter(({ name }) => stacks.includes(name)),
      runs,
      interrupts,
      parallelism: request.parallelism ?? PARALLELISM,
      progress: () => progress,
      newProgress: () => (progress = stackProgress()),
    });
  } finally {
    progress.end();
    interrupts.end();
  }
}

const INTERRUPTED =
  'podlift: interrupted: Terraform ends what it has begun and releases its locks. A second interrupt ends it at once, and can leave a lock and lose changes of the state.';

/** Plans all stacks: a plan needs no other stack. */
async function planned({ rendered, roots, runs, interrupts, parallelism, progress }: Run): Promise<PlannedStacks> {
  const outcomes = await schedule<CheckedPlan>(
    roots.map(({ name }) => ({ name, dependencies: [] })),
    {
      parallelism,
      stopped: () => interrupts.count() > 0,
      run: (name) => runs.plan(rootOf(roots, name)).then(finished(progress(), name, planText)),
    },
  );
  const reports = roots.map((root): StackReport => {
    const common = { stack: root.name, dependencies: root.dependencies, seconds: runs.seconds(root.name) };
    const outcome = outcomes.get(root.name);
    if (outcome?.state !== 'done') return { ...common, changes: [], ...notDone(outcome) };
    const { counts, changesAnything } = outcome.value;
    const changes = [...outcome.value.changes].sort((one, other) => (one.address < other.address ? -1 : 1));
    return { ...common, result: changesAnything ? 'planned' : 'unchanged', counts, changes };
  });
  return { rendered, roots, reports };
}

/** Applies the plans of the stacks that have changes. */
async function applied(run: Run, { reports, roots }: PlannedStacks): Promise<readonly StackReport[]> {
  const { runs, interrupts, parallelism } = run;
  const progress = run.newProgress();
  const planOf = new Map(reports.map((report) => [report.stack, report]));
  const outcomes = await schedule<StackReport>(roots, {
    parallelism,
    stopped: () => interrupts.count() > 0,
    run: async (name) => {
      const report = planOf.get(name);
      if (report === undefined || !isGood(report)) throw new TerraformError(report?.error ?? 'not planned');
      if (report.result === 'unchanged') return report;
      await runs
        .apply(name, report.changes)
        .then(finished(progress, name, () => `applied: ${countsText(report.counts)}`));
      return { ...report, result: 'applied' };
    },
  });
  progress.end();
  return reports.map((report) => {
    const seconds = runs.seconds(report.stack);
    const outcome = outcomes.get(report.stack);
    if (outcome?.state === 'done') return { ...outcome.value, seconds };
    // A plan that failed stays as it is.
    return isGood(report) ? { ...report, seconds, ...notDone(outcome) } : report;
  });
}

function rootOf(roots: readonly Root[], name: string): Root {
  const root = roots.find((one) => one.name === name);
  if (root === undefined) throw new Error(`there is no root ${name}`);
  return root;
}

function planText({ counts, changesAnything }: CheckedPlan): string {
  return changesAnything ? `planned: ${countsText(counts)}` : 'no changes';
}

/** Prints the last line of a stack. */
function finished<T>(progress: StackProgress, name: string, text: (value: T) => string): (value: T) => T {
  return (value) => {
    progress.finish(name, text(value));
    return value;
  };
}

function notDone(outcome: Outcome<unknown> | undefined): Pick<StackReport, 'result' | 'error' | 'because'> {
  if (outcome?.state === 'skipped') return { result: 'skipped', because: outcome.because };
  if (outcome?.state !== 'failed') return { result: 'stopped' };
  const { error } = outcome;
  if (!(error instanceof TerraformError)) throw error;
  return { result: 'failed', error: error.said };
}
