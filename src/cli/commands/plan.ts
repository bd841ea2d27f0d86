import { needsText } from '../engine/needsText';
import { reportDocument } from '../engine/reportDocument';
import { type EngineRequest, planStacks } from '../engine/runStacks';
import { preparePlans, saveStackPlans } from '../engine/savedPlans';
import { isGood } from '../engine/StackReport';
import { changesText, errorsText, summaryTable } from '../engine/stackText';
import { type StackFlags, selectionOf } from '../engine/stackFlags';
import { EXIT } from '../exit';
import { print, printError, printResult } from '../output';
import { stdoutStyle } from '../report';
import { printedCommand } from '../started';

export interface PlanOptions extends StackFlags, Pick<EngineRequest, 'environment' | 'parallelism' | 'diff'> {
  /** The folder into which the plans are written. */
  readonly out?: string;
  /** 0: no changes, 2: changes, 1: any error. */
  readonly detailedExitcode?: boolean;
  readonly format: 'text' | 'json';
}

/** The exit code of `plan --detailed-exitcode` for a plan with changes. Source: https://developer.hashicorp.com/terraform/cli/commands/plan */
const CHANGES = 2;

/**
 * `podlift plan [STACK…]`: plans the stacks with Terraform, and changes nothing. Gives 0; 1 where the inventory has errors or a plan failed; with `detailedExitcode` 2 where a
 * stack has changes. Throws `UsageError` as `planStacks` does.
 */
export async function plan(stacks: readonly string[], options: PlanOptions): Promise<number> {
  const { out, detailedExitcode = false, format, environment, parallelism, diff } = options;
  const request = { ...selectionOf(stacks, options), environment, parallelism, diff };
  if (out !== undefined) preparePlans(out);
  const planned = await planStacks(request, (plans, terraform) => {
    if (out !== undefined) saveStackPlans(out, request.wave, plans, terraform);
  });
  if (planned === undefined) return EXIT.findings;
  const { reports } = planned;
  printResult('plan', format, reportDocument(planned), () => {
    const style = stdoutStyle();
    const parts = [changesText(reports, style), summaryTable(reports, style), needsText(planned, {})];
    return parts.filter((text) => text !== '').join('\n\n');
  });
  if (!reports.every(isGood)) {
    const errors = errorsText(reports);
    if (errors !== '') printError(errors);
    return EXIT.findings;
  }
  if (out !== undefined && format === 'text')
    print(`\nTo apply exactly these plans:\n  ${printedCommand(['npx', 'podlift', 'apply', '--plan', out])}`);
  return detailedExitcode && reports.some(({ result }) => result === 'planned') ? CHANGES : EXIT.ok;
}
