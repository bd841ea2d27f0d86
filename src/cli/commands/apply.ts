import { applyWave, type WaveChoice, type WaveRun } from '../engine/applyWave';
import { askApproval } from '../engine/askApproval';
import { needsText, problemsText } from '../engine/needsText';
import { reportDocument } from '../engine/reportDocument';
import { type AppliedStacks, type ApplyRequest, applyStacks, type Approve, resumeApply } from '../engine/runStacks';
import { applySavedPlans } from '../engine/savedPlans';
import { isGood } from '../engine/StackReport';
import { type StackFlags, selectionOf } from '../engine/stackFlags';
import { changesText, errorsText, summaryTable } from '../engine/stackText';
import { inRealWorld, waveChoice, type WaveFlags } from '../engine/waveCommand';
import { runDocument } from '../engine/runDocument';
import { stopText, waveText } from '../engine/waveText';
import { EXIT, UsageError } from '../exit';
import { print, printError, printResult } from '../output';
import { stdoutStyle } from '../report';
import { printedCommand } from '../started';

export interface ApplyOptions
  extends StackFlags, WaveFlags, Pick<ApplyRequest, 'environment' | 'parallelism' | 'diff'> {
  readonly allowDestroy?: boolean;
  readonly withOthers?: boolean;
  /** The folder with the plans of `plan --out`. */
  readonly plan?: string;
  /** Go on after an apply that failed. */
  readonly resume?: boolean;
  /** Ask nothing. Without a terminal podlift never asks. */
  readonly autoApprove?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift apply [STACK…]`: plans the stacks, asks for an approval on a terminal, and applies exactly these plans; with `plan` those of a folder, with `resume` what the last
 * apply has left. Gives 0; 1 where the inventory has errors, a stack failed, the plans do not fit, or something was not allowed or not approved: nothing is applied then. Throws
 * `UsageError` as `applyStacks` does, and for flags that do not go together.
 */
export async function apply(
  stacks: readonly string[],
  options: ApplyOptions,
  inWorld: typeof inRealWorld = inRealWorld,
): Promise<number> {
  const choice = waveChoice(options, { ...options, stacks });
  if (choice !== undefined) return wave(choice, options, inWorld);
  const applied = await work(stacks, options, approval(options));
  if (applied === undefined) return EXIT.findings;
  if ('problems' in applied) {
    printError(problemsText(applied.problems, options.plan ?? ''));
    return EXIT.findings;
  }
  return result(applied, options);
}

/** Applies a wave with its restarts and steps. Gives 0 where the run reached its goal, else 1. */
async function wave(choice: WaveChoice, options: ApplyOptions, inWorld: typeof inRealWorld): Promise<number> {
  const { parallelism, diff, allowDestroy, withOthers } = options;
  const allowed = { parallelism, diff, allowDestroy, withOthers };
  const run = await inWorld(allowed, approval(options), (world) => applyWave(choice, world));
  if (run === undefined) return EXIT.findings;
  const { applies, stopped } = run;
  const last = applies.at(-1);
  const { approved = true, ...shown } = last ?? { reports: [], losses: [], others: [] };
  const again = ['npx', 'podlift', 'apply', ...waveWords(choice, run, options)];
  printResult('apply', options.format, { approved, ...reportDocument(shown), run: runDocument(run, again) }, () => {
    const style = stdoutStyle();
    const parts = [last === undefined ? '' : summaryTable(shown.reports, style), waveText(run, style)];
    return parts.filter((text) => text !== '').join('\n\n');
  });
  if (stopped === undefined) return EXIT.ok;
  const errors = errorsText(shown.reports);
  if (errors !== '') printError(errors);
  const needs = approved ? '' : needsText(shown, options);
  if (needs !== '') printError(needs);
  if (!approved) printError('podlift apply: the stacks were not applied.');
  const text = stopText(stopped, run, { ...stdoutStyle(), colour: false });
  if (text !== '') printError(text);
  printError(`${continueText(last, options)}\n  ${printedCommand(again)}`);
  return EXIT.findings;
}

/** The sentence before the command that continues a run. The operator adds a flag, and podlift does not print it into a command that people paste. */
function continueText(last: AppliedStacks | undefined, { allowDestroy = false, withOthers = false }: ApplyOptions) {
  const { approved = true, losses = [], others = [] } = last ?? {};
  const flags = [
    ...(losses.length > 0 && !allowDestroy ? ['--allow-destroy'] : []),
    ...(others.length > 0 && !withOthers ? ['--with-others'] : []),
  ];
  return approved || flags.length === 0
    ? 'To continue:'
    : `To continue, apply the changes above on their own, or add ${flags.join(' ')} if all of them are intended:`;
}

/** The flags that continue a run: it begins where the inventory, AWS and the clusters are. */
function waveWords(
  { restart, atATime, through, rollbackTo }: WaveChoice,
  { wave: key, environment }: WaveRun,
  options: ApplyOptions,
): readonly string[] {
  return [
    ...['--wave', key, '--environment', environment],
    ...(restart ? ['--restart'] : []),
    ...(atATime === 1 ? [] : ['--at-a-time', `${atATime}`]),
    ...(through === undefined ? [] : ['--through', through]),
    ...(rollbackTo === undefined ? [] : ['--rollback-to', rollbackTo]),
    ...(options.wait === undefined ? [] : ['--wait', `${options.wait}`]),
    ...flagsOf(options),
  ];
}

async function work(stacks: readonly string[], options: ApplyOptions, approve: Approve) {
  const { plan, resume = false, environment, parallelism, diff, allowDestroy, withOthers } = options;
  const allowed = { parallelism, diff, allowDestroy, withOthers };
  const selects = stacks.length > 0 || [environment, options.wave, options.base].some((one) => one !== undefined);
  if (selects && (plan !== undefined || resume))
    throw new UsageError(
      `${plan === undefined ? '--resume' : '--plan'} has its own stacks: name no stack, environment, wave or revision`,
    );
  if (plan !== undefined) {
    const saved = await applySavedPlans(plan, { ...allowed, resume }, approve);
    return saved !== undefined && 'applied' in saved ? saved.applied : saved;
  }
  const selection = selectionOf(stacks, options);
  return resume ? resumeApply(allowed, approve) : applyStacks({ ...selection, ...allowed, environment }, approve);
}

/** Shows the plans, and asks on a terminal. */
function approval({ autoApprove = false, format }: ApplyOptions): Approve {
  const asks = !autoApprove && process.stdin.isTTY && process.stderr.isTTY;
  return async ({ reports }) => {
    if (format === 'json') printError(changesText(reports, { colour: false }));
    else print(`${changesText(reports, stdoutStyle())}\n`);
    if (!asks) return true;
    const errors = errorsText(reports);
    if (errors !== '') printError(errors);
    return askApproval();
  };
}

function result(applied: AppliedStacks, options: ApplyOptions): number {
  const { reports, approved } = applied;
  const needs = needsText(applied, options);
  const isBlocked = !approved && needs !== '';
  printResult('apply', options.format, { approved, ...reportDocument(applied) }, () => {
    const style = stdoutStyle();
    const parts = [isBlocked ? changesText(reports, style) : '', summaryTable(reports, style)];
    return parts.filter((text) => text !== '').join('\n\n');
  });
  const errors = errorsText(reports);
  if (errors !== '') printError(errors);
  if (isBlocked) printError(needs);
  if (!approved) printError('podlift apply: nothing was applied.');
  if (approved && reports.every(isGood)) return EXIT.ok;
  if (approved)
    printError(`To continue:\n  ${printedCommand(['npx', 'podlift', 'apply', '--resume', ...flagsOf(options)])}`);
  return EXIT.findings;
}

/** The flags that the run after a failure needs too. */
function flagsOf({
  plan,
  allowDestroy = false,
  withOthers = false,
  autoApprove = false,
}: ApplyOptions): readonly string[] {
  return [
    ...(plan === undefined ? [] : ['--plan', plan]),
    ...(allowDestroy ? ['--allow-destroy'] : []),
    ...(withOthers ? ['--with-others'] : []),
    ...(autoApprove ? ['--auto-approve'] : []),
  ];
}
