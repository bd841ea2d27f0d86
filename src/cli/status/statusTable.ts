import { formatTimeSpan } from '../../operations/timeSpan';
import { type Cell, type Paint, paintOf, type ReportStyle, table } from '../report';
import type { Next, Soak, Status, WaveStatus } from '../../operations/status/Status';

/** The stages of the waves as a table for people, with the workloads that are in no wave below it. */
export function statusTable({ waves, outside }: Status, { colour, width }: ReportStyle): string {
  const paint = paintOf(colour);
  const rows = waves.map((wave): readonly Cell[] => [
    wave.wave,
    wave.environment,
    wave.next.kind === 'done' ? { text: wave.stage, paint: paint.green } : wave.stage,
    sinceText(wave),
    soakText(wave.soak, paint),
    `${wave.workloads}`,
    nextText(wave.next, paint),
  ]);
  const head = ['wave', 'environment', 'stage', 'since', 'soak', 'workloads', 'next'];
  const notes = waves.flatMap(({ wave, environment, stage, because }) =>
    because === undefined ? [] : [`the last step of ${wave} in ${environment}, to ${stage}, was forced: ${because}`],
  );
  const others = outside.map(
    ({ environment, stage, workloads }) =>
      `in no wave, at ${stage} in ${environment}: ${workloads.slice(0, 8).join(', ')}${workloads.length > 8 ? ` and ${workloads.length - 8} more` : ''}`,
  );
  const commands = waves.flatMap(({ next }) => (next.kind === 'advance' ? [`  ${paint.cyan(next.command)}`] : []));
  const steps = commands.length === 0 ? [] : ['To take the next steps:', ...commands];
  return [table(head, rows, width), ...steps, ...notes.map((note) => paint.yellow(note)), ...others].join('\n');
}

function sinceText({ since, lasted }: WaveStatus): string {
  if (since === undefined) return '-';
  const date = since.slice(0, 16).replace('T', ' ');
  return lasted === undefined ? date : `${date} (${formatTimeSpan(lasted)})`;
}

function soakText(soak: Soak, paint: Paint): Cell {
  switch (soak.state) {
    case 'none':
      return '-';
    case 'unknown':
      return { text: `${soak.asked}, since is missing`, paint: paint.yellow };
    case 'soaking':
      return { text: `${formatTimeSpan(soak.milliseconds)} of ${soak.asked} remaining`, paint: paint.yellow };
    case 'soaked':
      return { text: `soak complete (${soak.asked})`, paint: paint.green };
  }
}

function nextText(next: Next, paint: Paint): Cell {
  switch (next.kind) {
    case 'done':
      return 'done';
    case 'empty':
      return 'no workload here';
    case 'advance':
      return { text: next.to, paint: paint.cyan };
    case 'wait':
      return `${next.to}: ${next.reason}`;
  }
}
