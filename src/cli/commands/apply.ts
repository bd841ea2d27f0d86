import { askApproval } from '../engine/askApproval';
import { needsText, problemsText } from '../engine/needsText';
import { reportDocument } from '../engine/reportDocument';
import { type AppliedStacks, type ApplyRequest, applyStacks, type Approve, resumeApply } from '../engine/runStacks';
import { applySavedPlans } from '../engine/savedPlans';
import { isGood } from '../engine/StackReport';
import { type StackFlags, selectionOf } from '../engine/stackFlags';
import { changesText, errorsText, summaryTable } from '../engine/stackText';
import { EXIT, UsageError } from '../exit';
import { print, printError, printResult } from '../output';
import { stdoutStyle } from '../report';
import { printedCommand } from '../started';

export interface ApplyOptions extends StackFlags, Pick<ApplyRequest, 'environment' | 'parallelism'> {
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
export async function apply(stacks: readonly string[], options: ApplyOptions): Promise<number> {
  const applied = await work(stacks, options, approval(options));
  if (applied === undefined) return EXIT.findings;
  if ('problems' in applied) {
    printError(problemsText(applied.problems, options.plan ?? ''));
    return EXIT.findings;
  }
  return result(applied, options);
}

async function work(stacks: readonly string[], options: ApplyOptions, approve: Approve) {
  const { plan, resume = false, environment, parallelism, allowDestroy, withOthers } = options;
  const allowed = { parallelism, allowDestroy, withOthers };
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
