import { STAGES } from '../inventory/Inventory';
import { formatTimeSpan } from '../operations/timeSpan';
import type { Bar, Block, Cell, Section } from './Page';
import type { BlockedBy, WaveProgress } from './progress';
import type { Report } from './Report';
import { counted, firstOf, levelOf, stageCell, timeText } from './wording';

/** How far each environment and each wave is, the next step, and what stops it since when. */
export function progressSection({ environments, waves, outside, workloads, when }: Report): Section {
  const bars = environments.flatMap((environment) => barOf(environment, workloads));
  const takeable = waves.filter(
    ({ next, gate }) => next.kind === 'advance' && (gate === undefined || gate === 'passes'),
  );
  return {
    id: 'progress',
    title: 'Progress',
    blocks: [
      ...(bars.length === 0
        ? []
        : [
            {
              kind: 'bars' as const,
              caption: 'Workloads by stage',
              noun: 'workload',
              levels: STAGES,
              bars,
            },
          ]),
      {
        kind: 'table',
        caption: 'Stage of each wave, its next step, and what stops it',
        columns: [
          { head: 'wave' },
          { head: 'environment' },
          { head: 'stage' },
          { head: 'since', holds: 'times' },
          { head: 'workloads', align: 'right' },
          { head: 'next step' },
          { head: 'what stops it', holds: 'sentences' },
          { head: 'since when', holds: 'times' },
        ],
        rows: waves.map((wave) => rowOf(wave, when)),
        empty: 'The inventory has no wave here.',
      },
      ...(takeable.length === 0
        ? []
        : [
            { kind: 'text' as const, text: 'To take the next steps:' },
            { kind: 'commands' as const, commands: commandsOf(takeable) },
          ]),
      ...outsideBlock(outside),
    ],
  };
}

/** One command for each environment: the only step of it, or all whose gates pass. */
function commandsOf(waves: readonly WaveProgress[]): readonly string[] {
  return [...new Set(waves.map(({ environment }) => environment))].flatMap((environment) => {
    const [first, ...others] = waves.filter((wave) => wave.environment === environment);
    if (first === undefined || !('command' in first.next)) return [];
    return [others.length === 0 ? first.next.command : `npx podlift advance --all-ready --environment ${environment}`];
  });
}

function barOf(environment: string, workloads: Report['workloads']): readonly Bar[] {
  const stages = workloads.flatMap(({ clusters }) => {
    const [first] = clusters.filter((one) => one.environment === environment);
    return first === undefined ? [] : [first.stage];
  });
  if (stages.length === 0) return [];
  const counts = STAGES.map((stage) => stages.filter((one) => one === stage).length);
  const last = counts.at(-1) ?? 0;
  return [
    {
      name: environment,
      note: `${last} of ${counted(stages.length, 'workload')} at pod-identity (${Math.floor((last * 100) / stages.length)} %)`,
      counts,
    },
  ];
}

function rowOf(wave: WaveProgress, when: string): readonly Cell[] {
  const { stage, since, lasted, workloads, blocked = [] } = wave;
  return [
    wave.wave,
    wave.environment,
    stageCell(stage),
    since === undefined ? '-' : `${timeText(since)}${lasted === undefined ? '' : ` (${formatTimeSpan(lasted)})`}`,
    `${workloads}`,
    nextCell(wave),
    blockedCell(blocked),
    blocked.length === 0 ? '-' : blocked.map((one) => sinceText(one, when)).join('; '),
  ];
}

function nextCell({ next, gate }: WaveProgress): Cell {
  switch (next.kind) {
    case 'done':
      return { text: 'done', tone: 'good' };
    case 'empty':
      return { text: 'no workload here', tone: 'quiet' };
    case 'advance':
    case 'wait':
    case 'fix':
      return gate === 'passes' ? { text: `${next.to}: the gate passes`, tone: 'good' } : stageCell(next.to);
  }
}

/** As many reasons as a cell has room for; the JSON document has all. */
const MOST_REASONS = 3;

function blockedCell(blocked: readonly BlockedBy[]): Cell {
  const found = blocked.flatMap((one) => one.found);
  if (found.length === 0) return '-';
  const waits = blocked.every(({ by }) => by === 'soak' || by === 'after');
  const rest = found.length - MOST_REASONS;
  const text = found.slice(0, MOST_REASONS).join('; ');
  return { text: rest > 0 ? `${text}; and ${rest} more` : text, tone: waits ? 'warning' : 'bad' };
}

/** A gate says what it found when it was asked, and not since when. */
function sinceText({ by, since, until }: BlockedBy, when: string): string {
  const began = since === undefined ? (by === 'gate' ? `seen ${timeText(when)}` : 'not known') : timeText(since);
  return until === undefined ? began : `${began}, until ${timeText(until)}`;
}

function outsideBlock(outside: Report['outside']): readonly Block[] {
  if (outside.length === 0) return [];
  const items = outside.map(({ environment, stage, workloads }): Cell => ({
    text: `${environment}, at ${stage}: ${firstOf(workloads, 12)}`,
  }));
  return [
    { kind: 'text', text: 'Workloads in no wave, which no step moves:' },
    { kind: 'list', items },
  ];
}

/** The share of workloads at the last stage, of all environments together: how many of how many. */
export function doneOf({ workloads }: Pick<Report, 'workloads'>): { readonly done: number; readonly all: number } {
  const stages = workloads.flatMap(({ clusters }) => {
    const environments = new Map(clusters.map(({ environment, stage }) => [environment, stage]));
    return [...environments.values()];
  });
  const end = STAGES.length - 1;
  return { done: stages.filter((stage) => levelOf(stage) === end).length, all: stages.length };
}
