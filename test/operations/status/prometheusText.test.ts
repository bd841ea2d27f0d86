import { prometheusText } from '../../../src/operations/status/prometheusText';
import type { Next, Status, WaveStatus } from '../../../src/operations/status/statusOf';
import type { WaveGate } from '../../../src/operations/status/waveGates';
import { STAGES } from '../../../src/inventory/Inventory';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * A parser of the text format, which throws for what Prometheus would refuse: each family has its HELP and TYPE once before its samples, and all of these together; a line ends
 * with a line feed. Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-format-details
 */
function parsed(text: string): readonly Sample[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const [, kind, family, rest] = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line) ?? [];
    if (kind !== undefined) {
      const before = families.get(family!);
      if (kind === 'HELP' ? before !== undefined : before !== 'HELP') throw new Error(`${kind} of ${family!} again`);
      if (kind === 'TYPE' && !/^(counter|gauge|histogram|summary|untyped)$/.test(rest!))
        throw new Error(`TYPE ${rest!}`);
      families.set(family!, kind);
      continue;
    }
    const [, name, labels, value] =
      /^([a-zA-Z_:][\w:]*)\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (\S+)$/.exec(line) ?? [];
    if (name === undefined || [...families.keys()].at(-1) !== name || families.get(name) !== 'TYPE')
      throw new Error(`no sample of its family: ${line}`);
    if (Number.isNaN(Number(value))) throw new Error(`no number: ${line}`);
    const pairs = [...labels!.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, quoted]) => [
      key!,
      quoted!.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one)),
    ]);
    samples.push({ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) });
  }
  const ids = samples.map(({ name, labels }) => JSON.stringify([name, labels]));
  if (new Set(ids).size !== ids.length) throw new Error('a sample stands twice');
  return samples;
}

const command = 'npx podlift advance pilot --environment prod';
const ADVANCE: Next = { kind: 'advance', to: 'dual', command };
const waveWith = (more: Partial<WaveStatus> = {}): WaveStatus => ({
  wave: 'pilot',
  environment: 'prod',
  stage: 'prepared',
  soak: { state: 'none' },
  workloads: 2,
  next: ADVANCE,
  ...more,
});
const statusWith = (...waves: readonly WaveStatus[]): Status => ({ waves, outside: [] });
const valueOf = (name: string, status: Status, gates?: readonly WaveGate[]) =>
  parsed(prometheusText(status, gates)).find((one) => one.name === name)?.value;
const gateWith = (answer: WaveGate['answer'], ...checks: readonly string[]) =>
  ({
    ...{ wave: 'pilot', environment: 'prod', workloads: 2, from: 'prepared', answer },
    gate: {
      holds: false,
      evidence: checks.map((check) => ({ check, holds: answer === 'unchecked' ? 'unknown' : 'no' })),
    },
  }) as unknown as WaveGate;

describe('the metrics of a status', () => {
  it.each(STAGES.map((stage, index) => [stage, index] as const))('have the stage %s as %i', (stage, value) => {
    expect(valueOf('podlift_wave_stage', statusWith(waveWith({ stage })))).toBe(value);
  });

  it('have the names of the environment and the wave as labels', () => {
    const [first] = parsed(prometheusText(statusWith(waveWith())));
    expect(first).toEqual({ name: 'podlift_wave_stage', labels: { environment: 'prod', wave: 'pilot' }, value: 1 });
  });

  it.each(['a"b', 'a\\b', 'a\nb', 'a\\nb', 'ü', '}', 'a",wave="b'])('keep the name %j whole', (wave) => {
    expect(parsed(prometheusText(statusWith(waveWith({ wave })))).map(({ labels }) => labels.wave)).toEqual([
      wave,
      wave,
      wave,
    ]);
  });

  it('show a character that nobody sees', () => {
    expect(parsed(prometheusText(statusWith(waveWith({ wave: 'a\u202eb' }))))[0]!.labels.wave).toBe('a\\u202eb');
  });

  it('have the time of the stage in seconds, where the inventory says it', () => {
    const since = '2026-11-20T08:00:00Z';
    const name = 'podlift_wave_stage_since_timestamp_seconds';
    expect(valueOf(name, statusWith(waveWith({ since })))).toBe(Date.parse(since) / 1000);
    expect(valueOf(name, statusWith(waveWith()))).toBeUndefined();
    expect(valueOf(name, statusWith(waveWith({ since: 'soon' })))).toBeUndefined();
  });

  it('are none without a wave', () => {
    expect(prometheusText(statusWith())).toBe('');
  });

  it('have no time of their own, which the textfile collector refuses', () => {
    expect(prometheusText(statusWith(waveWith(), waveWith({ wave: 'web' })))).not.toMatch(/\} \S+ \S/);
  });

  it.each<[string, number, Partial<WaveStatus>, (readonly WaveGate[])?]>([
    ['the step can be taken', 0, {}],
    ['it is done', 0, { next: { kind: 'done' } }],
    ['no workload runs here', 0, { next: { kind: 'empty' } }],
    ['the step would be refused', 1, { next: { kind: 'fix', to: 'dual', obstacles: [], command } }],
    [
      'the soak lasts on',
      0,
      {
        next: { kind: 'wait', to: 'dual', reason: 'r', command },
        soak: { state: 'soaking', asked: '7d', until: '2026-12-01T00:00:00Z', milliseconds: 1 },
      },
    ],
    [
      'nobody knows since when it soaks',
      1,
      {
        next: { kind: 'wait', to: 'dual', reason: 'r', command },
        soak: { state: 'unknown', asked: '7d', reason: 'r' },
      },
    ],
    ['another wave comes first', 0, { next: { kind: 'wait', to: 'dual', reason: 'r', after: 'first', command } }],
    ['the gate passes', 0, {}, [gateWith('passes')]],
    ['a check of the gate fails', 1, {}, [gateWith('fails', 'agent')]],
    ['a check of the gate has no answer', 1, {}, [gateWith('unchecked', 'agent')]],
    ['the gate waits for the soak alone', 0, {}, [gateWith('fails', 'soak', 'wave-order')]],
    ['the gate of another wave fails', 0, {}, [{ ...gateWith('fails', 'agent'), wave: 'other' }]],
  ])('when %s say blocked %i', (...[, value, more, gates]) => {
    expect(valueOf('podlift_wave_blocked', statusWith(waveWith(more)), gates)).toBe(value);
  });
});
