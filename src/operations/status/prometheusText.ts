import { STAGES } from '../../inventory/Inventory';
import { escaped, INVISIBLE } from '../../inventory/printable';
import type { Status, WaveStatus } from './statusOf';
import { WAITING_CHECKS, type WaveGate } from './waveGates';

interface Metric {
  readonly name: string;
  readonly help: string;
  /** No sample where there is no value. */
  readonly value: (wave: WaveStatus) => number | undefined;
}

/**
 * The status as metrics in the text format of Prometheus, for a file that the textfile collector of the node exporter reads: without times, which the collector refuses.
 * Sources: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format (0.0.4), https://github.com/prometheus/node_exporter#textfile-collector
 *
 * @param gates the answers of the gates, where AWS and the clusters were asked
 */
export function prometheusText({ waves }: Status, gates?: readonly WaveGate[]): string {
  const metrics: readonly Metric[] = [
    {
      name: 'podlift_wave_stage',
      help: `Stage of the wave in the environment: ${STAGES.map((stage, index) => `${index} ${stage}`).join(', ')}.`,
      value: ({ stage }) => STAGES.indexOf(stage),
    },
    {
      name: 'podlift_wave_blocked',
      help: '1 when the next step of the wave needs somebody to fix something first, else 0. A soak that lasts on, and a wave that comes after another, are not blocked.',
      value: (wave) => (isBlocked(wave, gates) ? 1 : 0),
    },
    {
      name: 'podlift_wave_workloads',
      help: 'Workloads of the wave in the environment.',
      value: ({ workloads }) => workloads,
    },
    {
      name: 'podlift_wave_stage_since_timestamp_seconds',
      help: 'When the wave came to its stage, by the inventory, in seconds since 1970. Absent where the inventory does not say it.',
      value: ({ since }) => {
        const seconds = since === undefined ? Number.NaN : Date.parse(since) / 1000;
        return Number.isNaN(seconds) ? undefined : seconds;
      },
    },
  ];
  return metrics
    .flatMap(({ name, help, value }) => {
      const samples = waves.flatMap((wave) => {
        const found = value(wave);
        if (found === undefined) return [];
        return [`${name}{environment="${label(wave.environment)}",wave="${label(wave.wave)}"} ${found}`];
      });
      return samples.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function isBlocked({ wave, environment, next, soak }: WaveStatus, gates: readonly WaveGate[] | undefined): boolean {
  if (next.kind === 'fix') return true;
  // The inventory does not say since when: no time ends that.
  if (next.kind === 'wait' && next.after === undefined && soak.state === 'unknown') return true;
  const gate = gates?.find((one) => one.wave === wave && one.environment === environment);
  if (gate === undefined || gate.answer === 'passes' || gate.answer === 'done' || gate.answer === 'empty') return false;
  const open = (gate.gate?.evidence ?? []).filter(({ holds }) => holds !== 'yes');
  return (gate.obstacles ?? []).length > 0 || open.some(({ check }) => !WAITING_CHECKS.has(check));
}

/** The three characters that the format escapes. Invisible ones are shown, since a person reads the file too. */
function label(text: string): string {
  return text
    .replace(INVISIBLE, (character) => (character === '\n' ? character : escaped(character)))
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n');
}
