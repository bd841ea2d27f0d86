import pico from 'picocolors';
import type { Remedy } from '../../estate/Remedy';
import { EDIT_RULES } from '../../inventory/edit/editRules';
import { formatFindings } from '../../inventory/formatFindings';
import { evidenceTable } from '../gate/evidenceTable';
import { gateReport } from '../gate/gateReport';
import { remedies } from '../gate/remedies';
import { remedyLines } from '../remedyText';
import type { Restart } from '../../operations/step/neededRestarts';
import type { NextSteps } from '../../operations/step/nextSteps';
import type { FileChange, StepReport } from '../../operations/step/takeStep';

/** The result of `advance` or `rollback` for people; what to do next stands last. `width` is that of the terminal in characters. */
export function stepText(report: StepReport, colour: boolean, width?: number): string {
  const paint = pico.createColors(colour);
  const { wave, environment, direction, from, to, because, gate, change, next, problem, findings } = report;
  if (to === undefined)
    return gateReport({ wave, environment, direction, from, evidence: [], holds: false }, colour, width);
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
    parts.push(gateReport({ wave, environment, direction, from, to, ...gate }, colour, width));
    if (report.dryRun && change) parts.push('', diffText(change, colour));
    parts.push('', ...refused(report, paint));
    return parts.join('\n');
  }
  parts.push(title);
  if (gate) {
    parts.push(evidenceTable(gate.evidence, colour, width));
    // The restarts below are what is due after the step.
    const before = gate.evidence.filter(({ remedyDue }) => remedyDue === 'before-step');
    if (before.length > 0) parts.push('', remedies(before, colour));
  }
  if (because !== undefined)
    parts.push(`${paint.yellow('forced')}: no check ran. The reason in the inventory: ${because}`);
  if (change) parts.push('', diffText(change, colour));
  if (problem) parts.push('', `${paint.red('Nothing was written')}: ${problem.message}.`, problem.hint);
  if (report.dryRun) parts.push('', 'Nothing was written: this was a dry run.');
  if (report.written && change)
    parts.push('', `${paint.green(`${change.file} is written.`)} AWS does not change until you apply.`);
  if (report.written && next) parts.push('', ...whatNext(next, paint));
  return parts.join('\n');
}

/** Rules for files that podlift does not edit. */
const EDITS: ReadonlySet<string> = new Set(Object.values(EDIT_RULES).map(({ name }) => name));

type Paint = ReturnType<typeof pico.createColors>;

function refused({ wave, environment, direction, dryRun }: StepReport, paint: Paint): readonly string[] {
  if (dryRun) return ['Nothing was written: this was a dry run.'];
  const command = `npx podlift ${direction === 'forward' ? 'advance' : 'rollback'} ${wave} --environment ${environment}`;
  return [
    `${paint.red('Nothing was written.')} Fix the failed checks above and run the command again.`,
    'To skip the checks, give the reason. The inventory records it:',
    `  ${paint.cyan(`${command} --force --because "REASON"`)}`,
  ];
}

function whatNext({ apply, byHand, outdated, restarts }: NextSteps, paint: Paint): readonly string[] {
  const before = restarts.filter(({ when }) => when === 'before');
  const after = restarts.filter(({ when }) => when === 'after');
  return [
    ...restartText(
      `${paint.yellow('Before you apply')}, restart these pods. Otherwise they lose their credentials:`,
      before,
      paint,
    ),
    ...(before.length > 0 ? ['', 'When the old pods are gone:'] : []),
    ...(apply.length > 0 ? remedyText(apply, '  ', paint) : ['  no stack changes']),
    ...section('Service accounts that podlift does not manage: change them in GitOps, or by hand:', byHand),
    ...section('Delete these from the inventory. The step removes what they import:', outdated),
    ...restartText(
      'Right after the apply, restart these pods. Until then they keep their old credentials:',
      after,
      paint,
    ),
    ...(restarts.length === 0 ? ['', 'No pod has to be restarted for this step.'] : []),
  ];
}

/** A remedy below a line: sentences, and commands that stand out. */
function remedyText(remedy: Remedy, indent: string, paint: Paint): readonly string[] {
  return remedyLines(remedy).map(({ text, command }) => `${indent}${command ? paint.cyan(text) : text}`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function restartText(title: string, restarts: readonly Restart[], paint: Paint): readonly string[] {
  if (restarts.length === 0) return [];
  const lines = restarts.flatMap(({ workload, cluster, serviceAccount, reason, steps }) => [
    `  ${workload} on ${cluster} (${serviceAccount}): ${reason}`,
    ...remedyText(steps, '    ', paint),
  ]);
  const needed = restarts.some(({ steps }) => steps.length > 0);
  return ['', needed ? title : 'No pod has to be restarted:', ...lines];
}

/** A change of a file as a small diff: file and line, then the removed lines (`-`) and the new ones (`+`). */
function diffText({ file, line, before, after }: FileChange, colour: boolean): string {
  const paint = pico.createColors(colour);
  const removed = before.map((text) => paint.red(`- ${text}`));
  const added = after.map((text) => paint.green(`+ ${text}`));
  return [paint.bold(`${file}:${line}`), ...removed, ...added].join('\n');
}
