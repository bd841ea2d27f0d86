import { type EngineRequest, planStacks } from '../engine/runStacks';
import { reportDocument } from '../engine/reportDocument';
import { changesText, errorsText, summaryTable } from '../engine/stackText';
import { isGood } from '../engine/StackReport';
import { EXIT } from '../exit';
import { printError, printResult } from '../output';
import { stdoutStyle } from '../report';

export interface PlanOptions extends Omit<EngineRequest, 'stacks'> {
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
export async function plan(
  stacks: readonly string[],
  { detailedExitcode, format, ...options }: PlanOptions,
): Promise<number> {
  const planned = await planStacks({ ...options, stacks });
  if (planned === undefined) return EXIT.findings;
  const { reports } = planned;
  printResult('plan', format, reportDocument(reports), () => {
    const style = stdoutStyle();
    return [changesText(reports, style), summaryTable(reports, style)].filter((text) => text !== '').join('\n\n');
  });
  if (!reports.every(isGood)) {
    printError(errorsText(reports));
    return EXIT.findings;
  }
  return detailedExitcode === true && reports.some(({ result }) => result === 'planned') ? CHANGES : EXIT.ok;
}
