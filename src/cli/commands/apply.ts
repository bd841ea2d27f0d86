import { askApproval } from '../engine/askApproval';
import { applyStacks, type EngineRequest } from '../engine/runStacks';
import { reportDocument } from '../engine/reportDocument';
import { changesText, errorsText, summaryTable } from '../engine/stackText';
import { isGood } from '../engine/StackReport';
import { EXIT } from '../exit';
import { print, printError, printResult } from '../output';
import { stdoutStyle } from '../report';

export interface ApplyOptions extends Omit<EngineRequest, 'stacks'> {
  /** Ask nothing. Without a terminal podlift never asks. */
  readonly autoApprove?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift apply [STACK…]`: plans the stacks, asks for an approval on a terminal, and applies exactly these plans. Gives 0; 1 where the inventory has errors, a stack failed, or
 * the approval was refused. Throws `UsageError` as `applyStacks` does.
 */
export async function apply(
  stacks: readonly string[],
  { autoApprove = false, format, ...options }: ApplyOptions,
): Promise<number> {
  const asks = !autoApprove && process.stdin.isTTY && process.stderr.isTTY;
  const applied = await applyStacks({ ...options, stacks }, async ({ reports }) => {
    const show = format === 'json' ? printError : print;
    const style = format === 'json' ? { colour: false } : stdoutStyle();
    show(`${changesText(reports, style)}\n`);
    if (!asks) return true;
    if (!reports.every(isGood)) printError(errorsText(reports));
    return askApproval();
  });
  if (applied === undefined) return EXIT.findings;
  const { reports, approved } = applied;
  printResult('apply', format, { approved, ...reportDocument(reports) }, () => summaryTable(reports, stdoutStyle()));
  if (!approved) printError('podlift apply: nothing was applied.');
  if (approved && reports.every(isGood)) return EXIT.ok;
  const errors = errorsText(reports);
  if (errors !== '') printError(errors);
  return EXIT.findings;
}
