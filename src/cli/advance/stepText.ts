import { EDIT_RULES } from '../../inventory/edit/obstacles';
import { formatFindings } from '../../inventory/formatFindings';
import { evidenceTable, gateReport, passedText, remedies } from '../gate/gateReport';
import { commandText, type Paint, paintOf, remedyBlock, type ReportStyle } from '../report';
import type { Restart } from '../../operations/step/neededRestarts';
import type { NextSteps } from '../../operations/step/nextSteps';
import type { FileChange, StepReport } from '../../operations/step/takeStep';

/** The result of `advance` or `rollback` for people; what to do next is at the end. */
export function stepText(report: StepReport, style: ReportStyle): string {
  const { colour } = style;
  const paint = paintOf(colour);
  const { wave, environment, direction, from, to, because, gate, change, next, problem, findings } = report;
  if (to === undefined) return gateReport({ wave, environment, direction, from, evidence: [], holds: false }, style);
  const title = paint.bold(`${wave} in ${environment}: ${from} → ${to}`);
  if (findings !== undefined) {
    return [
      title,
      '',
      formatFindings(findings, 'text', colour),
      '',
      `${paint.red('Nothing was written.')} ${findings.every(({ rule }) => EDITS.has(rule)) ? 'Change the file by hand first.' : 'The inventory would have these errors after the step.'}`,
    ].join('\n');
  }
  const parts: string[] = [];
  if (gate && !gate.holds) {
    parts.push(gateReport({ wave, environment, direction, from, to, ...gate }, style));
    if (report.dryRun && change) parts.push('', diffText(change, colour));
    parts.push('', ...refused(report, paint));
    return parts.join('\n');
  }
  parts.push(title);
  if (gate) {
    const rows = evidenceTable(gate.evidence, style);
    parts.push(rows === '' ? passedText(gate.evidence) : rows);
    // The restarts below are what is due after the step.
    const before = gate.evidence.filter(({ remedyDue, warning }) => remedyDue === 'before-step' || warning === true);
    if (before.length > 0) parts.push('', remedies(before, colour));
  }
  if (because !== undefined)
    parts.push(`${paint.yellow('forced')}: no check ran. The reason in the inventory: ${because}`);
  if (change) parts.push('', diffText(change, colour));
  if (problem) parts.push('', `${paint.red('Nothing was written')}: ${problem.message}.`, problem.hint);
  if (report.dryRun)
    parts.push('', 'Nothing was written: this was a dry run. To take the step:', `  ${paint.cyan(commandOf(report))}`);
  if (report.dryRun && next) parts.push('', 'After that:');
  if (report.written && change)
    parts.push('', `${paint.green(`${change.file} is written.`)} AWS does not change until you apply.`, '');
  if ((report.dryRun || report.written) && next) parts.push(...whatNext(next, report.direction, paint));
  return parts.join('\n');
}

/** Rules for files that podlift does not edit. */
const EDITS: ReadonlySet<string> = new Set(Object.values(EDIT_RULES).map(({ name }) => name));

/** The command that takes the step; with the reason of a forced one. */
function commandOf({ wave, environment, direction, because }: StepReport): string {
  const command = direction === 'forward' ? 'advance' : 'rollback';
  const forced = because === undefined ? [] : ['--force', '--because', because];
  return commandText({ run: ['npx', 'podlift', command, wave, '--environment', environment, ...forced] });
}

function refused(report: StepReport, paint: Paint): readonly string[] {
  if (report.dryRun) return ['Nothing was written: this was a dry run.'];
  return [
    `${paint.red('Nothing was written.')} Fix the failed checks above and run the command again.`,
    'To skip the checks, give the reason. The inventory records it:',
    `  ${paint.cyan(`${commandOf(report)} --force --because "REASON"`)}`,
  ];
}

function whatNext(
  { apply, byHand, outdated, restarts }: NextSteps,
  direction: StepReport['direction'],
  paint: Paint,
): readonly string[] {
  const before = restarts.filter(({ when }) => when === 'before');
  const after = restarts.filter(({ when }) => when === 'after');
  return [
    ...restartText(
      `${paint.yellow('Before you apply')}, restart these pods. Otherwise they lose their credentials:`,
      before,
      paint,
    ),
    ...(before.length > 0 ? ['', 'When the old pods are gone:'] : []),
    ...(apply.length > 0 ? [remedyBlock(apply, paint, '  ')] : ['  no stack changes']),
    ...section('Service accounts that podlift does not manage: change them in GitOps, or by hand:', byHand),
    ...section('Delete these from the inventory. The step removes what they import:', outdated),
    ...restartText(
      direction === 'back'
        ? `${paint.yellow(afterTheApply(after))}. Then restart these pods at once. Otherwise they lose their credentials at the next refresh:`
        : `${afterTheApply(after)}. Then restart these pods. Until then they keep their old credentials:`,
      after,
      paint,
    ),
    ...(restarts.length === 0 ? ['', 'No pod has to be restarted for this step.'] : []),
  ];
}

/** EKS sees the change of an association late: a pod that is restarted before keeps the old credentials for its life. */
function afterTheApply(restarts: readonly Restart[]): string {
  const seconds = Math.max(0, ...restarts.map(({ waitSeconds = 0 }) => waitSeconds));
  return `After the apply, wait ${seconds} seconds until EKS sees the change`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function restartText(title: string, restarts: readonly Restart[], paint: Paint): readonly string[] {
  if (restarts.length === 0) return [];
  const lines = restarts.flatMap(({ workload, cluster, serviceAccount, reason, steps, check }) => [
    `  ${workload} on ${cluster} (${serviceAccount}): ${reason}`,
    ...(steps.length === 0 ? [] : [remedyBlock([...steps, ...check], paint, '    ')]),
  ]);
  const needed = restarts.some(({ steps }) => steps.length > 0);
  return ['', needed ? title : 'No pod has to be restarted:', ...lines];
}

/** A change of a file as a small diff: file and line, then the removed lines (`-`) and the new ones (`+`). */
function diffText({ file, line, before, after }: FileChange, colour: boolean): string {
  const paint = paintOf(colour);
  const removed = before.map((text) => paint.red(`- ${text}`));
  const added = after.map((text) => paint.green(`+ ${text}`));
  return [paint.bold(`${file}:${line}`), ...removed, ...added].join('\n');
}
