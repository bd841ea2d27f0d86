import pico from 'picocolors';
import { EDIT_RULES } from '../../inventory/edit/obstacles';
import { formatFindings } from '../../inventory/formatFindings';
import { evidenceTable } from '../gate/evidenceTable';
import { gateReport } from '../gate/gateReport';
import { remedies } from '../gate/remedies';
import { diffText } from './diffText';
import type { NextSteps } from './nextSteps';
import type { Restart } from './restarts';
import type { StepReport } from './StepReport';

/** What came of `advance` or `rollback`, for people; what to do next stands last. `width` is that of the terminal in characters. */
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
      `${paint.red('Nothing was written.')} ${WHY[findings.every(({ rule }) => EDITS.has(rule)) ? 'edit' : 'unsound']}`,
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
    // What is due after the step stands below, as restarts.
    const before = gate.evidence.filter(({ remedyDue }) => remedyDue === 'before-step');
    if (before.length > 0) parts.push('', remedies(before, colour));
  }
  if (because !== undefined)
    parts.push(`${paint.yellow('forced')}: no evidence was asked for. The reason in the file: ${because}`);
  if (change) parts.push('', diffText(change, colour));
  if (problem) parts.push('', `${paint.red('Nothing was written')}: ${problem.message}.`, problem.hint);
  if (report.dryRun) parts.push('', 'Nothing was written: this was a dry run.');
  if (report.written && change)
    parts.push('', `${paint.green(`${change.file} is written.`)} AWS is as it was until you apply.`);
  if (report.written && next) parts.push('', ...whatNext(next, paint));
  return parts.join('\n');
}

const WHY = {
  edit: 'The file has to be changed by hand first.',
  unsound: 'The inventory would not be sound after this step.',
} as const;

const EDITS: ReadonlySet<string> = new Set(Object.values(EDIT_RULES).map(({ name }) => name));

type Paint = ReturnType<typeof pico.createColors>;

function refused({ wave, environment, direction, dryRun }: StepReport, paint: Paint): readonly string[] {
  if (dryRun) return ['Nothing was written: this was a dry run.'];
  const command = `npx podlift ${direction === 'forward' ? 'advance' : 'rollback'} ${wave} --environment ${environment}`;
  return [
    `${paint.red('Nothing was written.')} Do what is said above and run the command again.`,
    `To go on without evidence, and have the reason recorded: ${command} --force --because "…"`,
  ];
}

function whatNext({ commands, byHand, outdated, restarts }: NextSteps, paint: Paint): readonly string[] {
  const apply = commands.length > 0 ? commands.map((command) => `  ${paint.cyan(command)}`) : ['  no stack changes'];
  const others =
    byHand.length > 0
      ? [
          '',
          'Where podlift does not manage the service accounts (GitOps, or by hand):',
          ...byHand.map((line) => `  ${line}`),
        ]
      : [];
  const deleted =
    outdated.length > 0
      ? [
          '',
          'Delete these from the inventory; what they import goes with this step:',
          ...outdated.map((line) => `  ${line}`),
        ]
      : [];
  const before = restarts.filter(({ when }) => when === 'before');
  const after = restarts.filter(({ when }) => when === 'after');
  const none = restarts.length === 0 ? ['', 'No pod has to be restarted for this step.'] : [];
  return [
    ...restartText(
      `${paint.yellow('Before you apply')}, restart these pods; they lose their credentials otherwise:`,
      before,
      paint,
    ),
    ...(before.length > 0 ? ['', 'When the old pods are gone:'] : []),
    ...apply,
    ...others,
    ...deleted,
    ...restartText(
      'Right after the apply, restart these pods; until then they hold what they were given:',
      after,
      paint,
    ),
    ...none,
  ];
}

function restartText(title: string, restarts: readonly Restart[], paint: Paint): readonly string[] {
  if (restarts.length === 0) return [];
  const lines = restarts.flatMap(({ workload, cluster, serviceAccount, says, commands }) => [
    `  ${workload} on ${cluster} (${serviceAccount}): ${says}`,
    ...commands.map((line) => `    ${line.startsWith('kubectl ') ? paint.cyan(line) : line}`),
  ]);
  const needed = restarts.some(({ commands }) => commands.length > 0);
  return ['', needed ? title : 'No pod has to be restarted:', ...lines];
}
