import Table from 'cli-table3';
import pico from 'picocolors';
import { formatTimeSpan } from '../../operations/timeSpan';
import type { Next, Soak, Status, WaveStatus } from '../../operations/status/Status';

/** The stages of the waves as a table for people, with the workloads that are in no wave below it. */
export function statusTable({ waves, outside }: Status, colour: boolean): string {
  const paint = pico.createColors(colour);
  const table = new Table({
    head: ['wave', 'environment', 'stage', 'since', 'soak', 'workloads', 'next'],
    style: { head: [], border: [], compact: true },
  });
  for (const wave of waves)
    table.push([
      wave.wave,
      wave.environment,
      wave.next.kind === 'done' ? paint.green(wave.stage) : wave.stage,
      sinceText(wave),
      soakText(wave.soak, paint),
      `${wave.workloads}`,
      nextText(wave.next, paint),
    ]);
  const notes = waves.flatMap(({ wave, environment, stage, because }) =>
    because === undefined ? [] : [`the last step of ${wave} in ${environment}, to ${stage}, was forced: ${because}`],
  );
  const others = outside.map(
    ({ environment, stage, workloads }) =>
      `in no wave, at ${stage} in ${environment}: ${workloads.slice(0, 8).join(', ')}${workloads.length > 8 ? ` and ${workloads.length - 8} more` : ''}`,
  );
  return [table.toString(), ...notes.map((note) => paint.yellow(note)), ...others].join('\n');
}

function sinceText({ since, lasted }: WaveStatus): string {
  if (since === undefined) return '-';
  const date = since.slice(0, 16).replace('T', ' ');
  return lasted === undefined ? date : `${date} (${formatTimeSpan(lasted)})`;
}

function soakText(soak: Soak, paint: ReturnType<typeof pico.createColors>): string {
  switch (soak.state) {
    case 'none':
      return '-';
    case 'unknown':
      return paint.yellow(`${soak.asked}, from when?`);
    case 'soaking':
      return paint.yellow(`${formatTimeSpan(soak.milliseconds)} of ${soak.asked} to go`);
    case 'soaked':
      return paint.green(`soak complete (${soak.asked})`);
  }
}

function nextText(next: Next, paint: ReturnType<typeof pico.createColors>): string {
  switch (next.kind) {
    case 'done':
      return 'done';
    case 'empty':
      return 'no workload here';
    case 'advance':
      return `${next.to}: ${paint.cyan(next.command)}`;
    case 'wait':
      return `${next.to}: ${next.reason}`;
  }
}
