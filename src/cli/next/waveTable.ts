import type { LoadedInventory } from '../../inventory/loadInventory';
import { type Evidence, whoOf } from '../../operations/gate/gate';
import { named } from '../../operations/remedies';
import type { WaveGate } from '../../operations/status/waveGates';
import {
  type Cell,
  commandText,
  counted,
  groupsOf,
  type Paint,
  paintOf,
  remedyBlock,
  type ReportStyle,
  table,
  withPlaces,
} from '../report';

/** Waves with their next steps and the answers of the gates as a table for people, and below it why checks have no answer. */
export function waveTable(waves: readonly WaveGate[], { colour, width }: ReportStyle): string {
  if (waves.length === 0) return 'The inventory has no wave here.';
  const paint = paintOf(colour);
  const rows = waves.map((one): readonly Cell[] => [
    one.wave,
    one.environment,
    `${one.workloads}`,
    one.from,
    one.to ?? '-',
    answerCell(one, paint),
    foundText(one),
  ]);
  const head = ['wave', 'environment', 'workloads', 'stage', 'next', 'gate', 'found'];
  return [table(head, rows, width), ...uncheckedLines(waves)].join('\n');
}

/** How to learn why gates fail: a command for each wave, and the errors that the inventory would have. */
export function reasonLines(waves: readonly WaveGate[], paint: Paint): readonly string[] {
  const open = waves.filter(
    ({ answer, obstacles = [] }) => answer === 'unchecked' || (answer === 'fails' && obstacles.length === 0),
  );
  const commands = open.map(({ wave, environment }) =>
    commandText({ run: ['npx', 'podlift', 'gate', wave, '--environment', environment] }),
  );
  return [
    ...(commands.length === 0 ? [] : ['', 'For the reasons, and what to do:']),
    ...commands.map((command) => `  ${paint.cyan(command)}`),
    ...waves.flatMap(({ wave, environment, to = '', obstacles = [] }) =>
      obstacles.length === 0
        ? []
        : [
            '',
            `The inventory does not allow the step of ${wave} in ${environment} to ${to} yet:`,
            ...obstacles.flatMap(({ found, remedy }) => [
              `  ${paint.yellow(found)}`,
              remedyBlock(remedy, paint, '    '),
            ]),
          ],
    ),
  ];
}

/** Waves with file and line in their remedies. */
export function withWavePlaces(waves: readonly WaveGate[], locate: LoadedInventory['locate']): readonly WaveGate[] {
  return waves.map(({ gate, ...one }) =>
    gate === undefined
      ? one
      : { ...one, gate: { ...gate, evidence: gate.evidence.map((each) => withPlaces(each, locate)) } },
  );
}

/** Why checks have no answer: a line for each reason, since one missing permission or login often stops the gates of all waves. */
function uncheckedLines(waves: readonly WaveGate[]): readonly string[] {
  const groups = groupsOf(
    waves.flatMap((one) => uncheckedOf(one.gate)),
    ({ found, reason }) => (reason === undefined ? undefined : found),
  );
  const lines = groups
    .toSorted((one, other) => other.length - one.length)
    .slice(0, MOST_REASONS)
    .map((these) => `  ${counted(these.length, 'check')}: ${these[0]?.found.split('\n')[0] ?? ''}`);
  const more = groups.length - lines.length;
  return lines.length === 0
    ? []
    : ['', 'Could not check:', ...lines, ...(more > 0 ? [`  and ${counted(more, 'other reason')}`] : [])];
}

/** The reports of the gates have all reasons. */
const MOST_REASONS = 4;

function answerCell({ answer, gate: found, obstacles = [] }: WaveGate, paint: Paint): Cell {
  switch (answer) {
    case 'passes':
      return { text: 'passes', paint: paint.green };
    case 'done':
      return { text: 'done', paint: paint.green };
    case 'empty':
      return 'no workload here';
    case 'unchecked':
      return { text: `${uncheckedOf(found).length} not checked`, paint: paint.yellow };
    case 'fails': {
      const parts = [failedOf(found).length + obstacles.length, uncheckedOf(found).length];
      const texts = [`${parts[0] ?? 0} failed`, ...(parts[1] === 0 ? [] : [`${parts[1] ?? 0} not checked`])];
      return { text: texts.join(', '), paint: paint.red };
    }
  }
}

/** What stops the step: one failed check with its finding, else the names of the checks. */
function foundText({ gate: found, obstacles = [] }: WaveGate): string {
  const [open, others] = [failedOf(found), uncheckedOf(found)];
  const all = open.length > 0 ? open : others;
  const [first] = all;
  if (first === undefined) return obstacles.length > 0 ? 'errors of the inventory' : '-';
  const names = new Set(all.map(({ check }) => check));
  if (all.length > 1 && names.size > 1) return named(names, 4);
  const who = [whoOf(first), first.cluster].filter((part) => part !== undefined).join(' on ');
  const more = all.length === 1 ? '' : ` (and ${counted(all.length - 1, 'other')})`;
  return `${first.check}${who === '' ? '' : ` of ${who}`}: ${first.found.split('\n')[0] ?? ''}${more}`;
}

function failedOf(found: WaveGate['gate']): readonly Evidence[] {
  return found?.evidence.filter(({ holds }) => holds === 'no') ?? [];
}

/** The checks of a gate that could not be checked. */
export function uncheckedOf(found: WaveGate['gate']): readonly Evidence[] {
  return found?.evidence.filter(({ holds }) => holds === 'unknown') ?? [];
}
