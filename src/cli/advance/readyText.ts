import { listed } from '../../inventory/suggest';
import type { ReadySteps } from '../../operations/step/takeReadySteps';
import { reasonLines, waveTable } from '../next/waveTable';
import { commandText, paintOf, type ReportStyle } from '../report';
import { diffText, whatNext } from './stepText';

/** The result of `advance --all-ready` for people: all waves, the change, and what to do next for all that move. */
export function readyText(report: ReadySteps, style: ReportStyle): string {
  const paint = paintOf(style.colour);
  const { environment, waves, steps, next, problem } = report;
  const parts = [waveTable(waves, style), ...reasonLines(waves, paint)];
  if (steps.length === 0) {
    const ends = waves.every(({ answer }) => answer === 'done' || answer === 'empty');
    const why = ends ? 'No wave has a step left.' : 'No gate passes.';
    return [...parts, '', `${paint.bold('Nothing was written.')} ${why}`].join('\n');
  }
  for (const { wave, from, to, change } of steps)
    parts.push('', paint.bold(`${wave} in ${environment}: ${from} → ${to}`), diffText(change, style.colour));
  if (problem)
    return [...parts, '', `${paint.red('Nothing was written')}: ${problem.message}.`, problem.hint].join('\n');
  if (report.dryRun) {
    const run = ['npx', 'podlift', 'advance', '--all-ready', '--environment', environment];
    parts.push(
      '',
      'Nothing was written: this was a dry run. To take these steps:',
      `  ${paint.cyan(commandText({ run }))}`,
    );
    parts.push('', 'After that:');
  }
  if (report.evidence !== undefined)
    parts.push(
      '',
      'The evidence of the steps; commit it with the inventory:',
      ...report.evidence.map((one) => `  ${one}`),
    );
  if (report.written) {
    const files = [...new Set(steps.map(({ change }) => change.file))];
    const written = `${listed(files)} ${files.length === 1 ? 'is' : 'are'} written.`;
    parts.push('', `${paint.green(written)} AWS does not change until you apply.`, '');
  }
  if (next !== undefined) {
    parts.push(...whatNext(next, 'forward', paint));
    const restarted = new Set(next.restarts.filter((one) => one.steps.length > 0).map(({ workload }) => workload));
    // EKS Auth throttles an account: the gate of each wave counted its own pods alone.
    if (restarted.size > 1 && steps.length > 1)
      parts.push('', 'Restart one workload after the other, and wait for each: all waves share the rate of EKS Auth.');
  }
  return parts.join('\n');
}
