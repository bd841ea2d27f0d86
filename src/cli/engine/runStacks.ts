import { resolve, sep } from 'node:path';
import { inventoryFile } from '../../inventory/inventoryFile';
import { type ApplyRecord, readRecord, type RecordedStack, writeRecord } from '../../runners/engine/applyRecord';
import { rootDigest } from '../../runners/engine/digests';
import { type Interrupts, passInterrupts } from '../../runners/engine/interrupts';
import { type Outcome, schedule } from '../../runners/engine/schedule';
import { type StackRuns, stackRuns } from '../../runners/engine/stackRuns';
import { terraformVariables } from '../../runners/engine/terraformVariables';
import { type Plan, type PlannedChange, TerraformError } from '../../runners/stackCommands';
import { findTerraform, type Terraform } from '../../runners/terraformInstallation';
import type { Root } from '../../../stacks/roots';
import { UsageError } from '../exit';
import { printError } from '../output';
import { renderRoots, type RenderedRoots } from '../renderRoots';
import { engineFolder } from './engineFolder';
import { planNeeds, selectedStacks, type StackSelection } from './selection';
import { countsText } from './stackText';
import { isGood, type PlannedStacks, type StackReport } from './StackReport';
import { stackProgress, type StackProgress } from './stackProgress';
import { importUnrecorded, startsEmpty, takenStacks } from './unrecorded';

/** Which stacks, and how. */
export interface EngineRequest extends StackSelection {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  /** How many stacks at a time. Default: {@link PARALLELISM}. */
  readonly parallelism?: number | undefined;
  /** Terraform's own text of each plan with changes. Default: false. */
  readonly diff?: boolean | undefined;
}

/** What an apply may do without asking. */
export interface ApplyRequest extends EngineRequest {
  /** Apply plans that destroy or replace roles, or associations of workloads at `dual` or later. Default: false. */
  readonly allowDestroy?: boolean | undefined;
  /** With a wave: apply the pending changes of others in its stacks too. Default: false. */
  readonly withOthers?: boolean | undefined;
}

/** Each Terraform starts a provider (half a gigabyte) and sends up to ten requests at once to IAM, which throttles per account: four stacks keep both within bounds. */
export const PARALLELISM = 4;

/**
 * Writes the roots of the inventory into `.podlift/`, and plans the stacks. The progress goes to stderr. Gives nothing where the inventory has errors or its proof fails: the
 * findings are then on stderr. Throws `UsageError` for an unknown stack, environment, wave or revision, and where Terraform is missing.
 *
 * @param save called with the plans before another run can replace them
 */
export async function planStacks(
  request: EngineRequest,
  save: (planned: PlannedStacks, terraform: Terraform) => void = () => undefined,
): Promise<PlannedStacks | undefined> {
  return withEngine(request, async (run) => {
    const plans = await planned(run, selectedRoots(run, request), request.wave);
    save(plans, run.terraform);
    return plans;
  });
}

/** What an operator decides about plans before they are applied. */
export type Approve = (planned: PlannedStacks) => Promise<boolean>;

/** The stacks after an apply. */
export interface AppliedStacks extends PlannedStacks {
  /** False: the plans were not applied. */
  readonly approved: boolean;
}

/**
 * Plans the stacks like {@link planStacks}, then applies exactly these plans, in the order of the stacks' dependencies. A stack that fails stops only those that depend on it.
 * `approve` is asked once, where any plan has changes, and where the request allows what they need: else nothing is applied.
 */
export async function applyStacks(request: ApplyRequest, approve: Approve): Promise<AppliedStacks | undefined> {
  return withEngine(request, async (run) => {
    const plans = await planned(run, selectedRoots(run, request), request.wave);
    return approvedAndApplied(run, plans, { request, approve });
  });
}

/**
 * Goes on with the last apply that did not end well: the stacks that it has applied are not applied again, unless their roots have changed since. Otherwise like
 * {@link applyStacks}. Throws `UsageError` where there is no such apply.
 */
export async function resumeApply(
  request: Pick<ApplyRequest, 'parallelism' | 'diff' | 'allowDestroy' | 'withOthers'>,
  approve: Approve,
): Promise<AppliedStacks | undefined> {
  const environment = (record: ApplyRecord | undefined) => record?.environment;
  return withEngine({ ...request, environment }, async (run) => {
    const record = requireRecord(run);
    const { wave, environment: asked } = record;
    const all = run.rendered.roots.filter(({ name }) => record.stacks.some(({ stack }) => stack === name));
    const isDone = (root: Root): boolean =>
      record.stacks.some(
        ({ stack, progress, root: digest }) =>
          stack === root.name && progress === 'done' && digest === rootDigest(root.files),
      );
    const begun = record.stacks.filter(({ progress }) => progress === 'begun').map(({ stack }) => stack);
    const importing = await importUnrecorded(run, begun);
    const plans = await planned(
      run,
      all.filter((root) => !isDone(root)),
      wave,
      importing,
    );
    const earlier = all.filter(isDone).map(({ name, dependencies }): StackReport => ({
      ...{ stack: name, dependencies, result: 'earlier', changes: [], seconds: 0 },
    }));
    const reports = all.flatMap(({ name }) => [...earlier, ...plans.reports].find(({ stack }) => stack === name) ?? []);
    const resumed = { ...request, stacks: [], wave, environment: asked };
    return approvedAndApplied(run, { ...plans, roots: all, reports }, { request: resumed, approve });
  });
}

/** The record of an apply of this inventory. */
function requireRecord({ record }: Run): ApplyRecord {
  const file = resolve(inventoryFile());
  if (record?.inventory === file && record.plans === undefined) return record;
  if (record?.plans !== undefined)
    throw new UsageError(`--resume: the last apply was that of --plan ${record.plans}: add --plan ${record.plans}`);
  throw new UsageError('--resume: no apply of this inventory in this folder has failed or was interrupted');
}

/** A run of the engine: what its steps share. */
export interface Run {
  readonly terraform: Terraform;
  readonly rendered: RenderedRoots;
  /** The folder of the roots. */
  readonly folder: string;
  /** What the last apply has left to do. */
  readonly record: ApplyRecord | undefined;
  readonly runs: StackRuns;
  readonly interrupts: Interrupts;
  readonly parallelism: number;
  readonly diff: boolean;
  /** Begins the progress of a step, after the end of the one before. */
  readonly progress: () => StackProgress;
}

/**
 * Does work on the stacks: finds Terraform, writes the roots, passes interrupts on.
 *
 * @param request an environment that depends on the record is given as a function of it
 */
export async function withEngine<T>(
  request: Pick<EngineRequest, 'parallelism' | 'diff'> & {
    readonly environment?: string | undefined | ((record: ApplyRecord | undefined) => string | undefined);
  },
  work: (run: Run) => Promise<T>,
): Promise<T | undefined> {
  const terraform = await findTerraform();
  if ('missing' in terraform) throw new UsageError(terraform.missing);
  const { roots: folder, plugins, leave } = engineFolder();
  let progress = stackProgress();
  let interrupts: Interrupts | undefined;
  try {
    const record = readRecord(folder);
    const { environment } = request;
    const rendered = renderRoots(folder, typeof environment === 'function' ? environment(record) : environment, {
      absoluteStates: true,
    });
    if (rendered === undefined) return undefined;
    interrupts = passInterrupts((count) => {
      printError(count === 1 ? INTERRUPTED : 'podlift: interrupted again: Terraform ends at once');
    });
    const runs = stackRuns({
      // Terraform runs in the folder of a root.
      binary: terraform.binary.includes(sep) ? resolve(terraform.binary) : terraform.binary,
      folder,
      variables: terraformVariables(process.env, plugins, process.cwd()),
      interrupts,
      say: (stack, doing) => {
        progress.say(stack, doing);
      },
    });
    return await work({
      ...{ terraform, rendered, folder, record, runs, interrupts },
      parallelism: request.parallelism ?? PARALLELISM,
      diff: request.diff ?? false,
      progress: () => {
        progress.end();
        progress = stackProgress();
        return progress;
      },
    });
  } finally {
    progress.end();
    interrupts?.end();
    leave();
  }
}

const INTERRUPTED =
  'podlift: interrupted: Terraform ends what it has begun and releases its locks. A second interrupt ends it at once, and can leave a lock and lose changes of the state.';

function selectedRoots({ rendered, folder }: Run, request: StackSelection): readonly Root[] {
  const names = selectedStacks(request, rendered, folder);
  return rendered.roots.filter(({ name }) => names.includes(name));
}

/**
 * Plans stacks: a plan needs no other stack. A stack of which AWS has resources and its state has none has failed: the state is at another place.
 *
 * @param importing stacks whose roots import what AWS has
 */
async function planned(
  run: Run,
  roots: readonly Root[],
  wave: string | undefined,
  importing: readonly string[] = [],
): Promise<PlannedStacks> {
  const { runs, rendered, interrupts } = run;
  const plans = await plansOf(run, roots, wave, async (root) => runs.plan(root));
  const isNew = ({ stack, counts, changes }: StackReport) =>
    !importing.includes(stack) && counts !== undefined && startsEmpty(rootOf(roots, stack), { counts, changes });
  const empty = plans.reports.filter(isNew).map(({ stack }) => stack);
  if (empty.length === 0 || interrupts.count() > 0) return plans;
  const taken = await takenStacks(empty, rendered);
  const reports = plans.reports.map((report): StackReport => {
    const error = taken.get(report.stack);
    return error === undefined ? report : { ...report, result: 'failed', error };
  });
  return { ...plans, reports };
}

/** The plan of each stack, from wherever it comes. */
export async function plansOf(
  { rendered, folder, runs, interrupts, parallelism, diff, progress: begin }: Run,
  roots: readonly Root[],
  wave: string | undefined,
  planOf: (root: Root) => Promise<Plan & { readonly changesAnything: boolean }>,
): Promise<PlannedStacks> {
  const progress = begin();
  const withText = async (root: Root) => {
    const plan = await planOf(root);
    return { ...plan, ...(diff && plan.changesAnything && { diff: await runs.text(root.name) }) };
  };
  const outcomes = await schedule(
    roots.map(({ name }) => ({ name, dependencies: [] })),
    {
      parallelism,
      stopped: () => interrupts.count() > 0,
      run: (name) =>
        followed(progress, name, withText(rootOf(roots, name)), ({ counts, changesAnything }) =>
          changesAnything ? `planned: ${countsText(counts)}` : 'no changes',
        ),
    },
  );
  progress.end();
  const reports = roots.map(({ name, dependencies }): StackReport => {
    const common = { stack: name, dependencies, seconds: runs.seconds(name) };
    const outcome = outcomes.get(name);
    if (outcome?.state !== 'done') return { ...common, changes: [], ...notDone(outcome) };
    const { counts, changes, changesAnything, diff: text } = outcome.value;
    const result = changesAnything ? 'planned' : 'unchanged';
    return { ...common, result, counts, changes: byAddress(changes), ...(text !== undefined && { diff: text }) };
  });
  return { rendered, folder, roots, reports, ...planNeeds(reports, rendered, wave) };
}

/** Applies plans where the request and the operator allow them. */
export async function approvedAndApplied(
  run: Run,
  plans: PlannedStacks,
  {
    request: { allowDestroy = false, withOthers = false, ...request },
    approve,
    plansFolder,
  }: {
    readonly request: Omit<ApplyRequest, 'parallelism'>;
    readonly approve: Approve;
    readonly plansFolder?: string;
  },
): Promise<AppliedStacks> {
  if (run.interrupts.count() > 0) return { ...plans, approved: false };
  const isAllowed = (allowDestroy || plans.losses.length === 0) && (withOthers || plans.others.length === 0);
  if (!isAllowed) return { ...plans, approved: false };
  const record = {
    inventory: resolve(inventoryFile()),
    ...(request.environment !== undefined && { environment: request.environment }),
    ...(request.wave !== undefined && { wave: request.wave }),
    ...(plansFolder !== undefined && { plans: plansFolder }),
  };
  const isPending = plans.reports.some(({ result }) => result === 'planned');
  if (isPending && !(await approve(plans))) return { ...plans, approved: false };
  return { ...plans, reports: await applied(run, plans, record), approved: true };
}

/** Applies the plans of the stacks that have changes, and keeps the record. */
async function applied(
  { runs, interrupts, parallelism, folder, progress: begin }: Run,
  { reports, roots }: PlannedStacks,
  about: Omit<ApplyRecord, 'stacks'>,
): Promise<readonly StackReport[]> {
  if (roots.length === 0) return reports;
  const progress = begin();
  const reportOf = new Map(reports.map((report) => [report.stack, report]));
  const stands = new Map(
    roots.map(({ name, files }): readonly [string, RecordedStack] => {
      const { result } = reportOf.get(name) ?? { result: 'stopped' };
      const done = result === 'unchanged' || result === 'earlier';
      return [name, { stack: name, root: rootDigest(files), progress: done ? 'done' : 'open' }];
    }),
  );
  const note = (name: string, state: RecordedStack['progress']): void => {
    const stack = stands.get(name);
    if (stack !== undefined) stands.set(name, { ...stack, progress: state });
    writeRecord(folder, { ...about, stacks: [...stands.values()] });
  };
  const outcomes = await schedule<StackReport>(roots, {
    parallelism,
    stopped: () => interrupts.count() > 0,
    run: async (name) => {
      const report = reportOf.get(name);
      if (report === undefined || !isGood(report)) throw new TerraformError(report?.error ?? 'not planned');
      if (report.result !== 'planned') return report;
      note(name, 'begun');
      await followed(progress, name, runs.apply(name, report.changes), () => `applied: ${countsText(report.counts)}`);
      note(name, 'done');
      return { ...report, result: 'applied' };
    },
  });
  progress.end();
  writeRecord(folder, { ...about, stacks: [...stands.values()] });
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

function byAddress(changes: readonly PlannedChange[]): readonly PlannedChange[] {
  return [...changes].sort((one, other) => (one.address < other.address ? -1 : 1));
}

/** Work on a stack, with its last line of progress. */
async function followed<T>(
  progress: StackProgress,
  name: string,
  work: Promise<T>,
  text: (value: T) => string,
): Promise<T> {
  try {
    const value = await work;
    progress.finish(name, text(value));
    return value;
  } catch (error) {
    progress.finish(name, 'failed');
    throw error;
  }
}

function notDone(outcome: Outcome<unknown> | undefined): Pick<StackReport, 'result' | 'error' | 'because'> {
  if (outcome?.state === 'skipped') return { result: 'skipped', because: outcome.because };
  if (outcome?.state !== 'failed') return { result: 'stopped' };
  const { error } = outcome;
  if (!(error instanceof TerraformError)) throw error;
  return { result: 'failed', error: error.said };
}
