import type { Ports } from '../../estate/Ports';
import { placesOf } from '../../estate/places';
import { inventoryFile } from '../../inventory/inventoryFile';
import { type Evidence, gate, whoOf } from '../../operations/gate/gate';
import { readForEdit } from '../../operations/inventoryFile/editableInventory';
import { named } from '../../operations/remedies';
import { type WaveGate, waveGates } from '../../operations/status/waveGates';
import { editObstacles } from '../../operations/step/stepObstacles';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { requireInventory, selectEnvironments } from '../examine';
import { EXIT } from '../exit';
import { busy, printResult } from '../output';
import {
  type Cell,
  commandText,
  counted,
  groupsOf,
  type Paint,
  paintOf,
  remedyBlock,
  type ReportStyle,
  stdoutStyle,
  table,
  withPlaces,
} from '../report';

export interface NextOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  readonly format: 'text' | 'json';
}

/**
 * `podlift next`: the next step of each wave and the answer of its gate, from one reading of AWS and the clusters. A gate that fails is an answer: gives 0 where each gate could
 * be judged, 1 where a check could not be checked, or the inventory has errors. Throws `UsageError` for an unknown environment.
 */
export async function next(
  { environment, format, ...flags }: NextOptions,
  ports: () => Ports = loadLivePorts,
  judge: typeof gate = gate,
): Promise<number> {
  const source = estateSource(flags);
  const { inventory, locate } = requireInventory() ?? {};
  if (inventory === undefined || locate === undefined) return EXIT.findings;
  const file = busy('reading the inventory', () => readForEdit(inventoryFile()));
  const { questions, judge: judged } = waveGates(
    inventory,
    selectEnvironments(inventory, environment),
    judge,
    (request) => editObstacles(file, inventory, request),
  );
  const command = ['next', ...environmentWords(environment)];
  const estate = await estateFor(questions, placesOf(inventory), ports, { source, command });
  const waves = busy('judging the next steps', () => judged(estate)).map(({ gate: found, ...one }): WaveGate => {
    if (found === undefined) return one;
    return { ...one, gate: { ...found, evidence: found.evidence.map((each) => withPlaces(each, locate)) } };
  });
  printResult('next', format, { when: estate.at, waves }, () => nextTable(waves, stdoutStyle()));
  return waves.some(({ gate: found }) => unchecked(found).length > 0) ? EXIT.findings : EXIT.ok;
}

/** The waves as a table for people; below it the commands that take the steps, and those that give the reasons. */
function nextTable(waves: readonly WaveGate[], { colour, width }: ReportStyle): string {
  if (waves.length === 0) return 'The inventory has no wave with a workload here.';
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
  const commands = (title: string, of: readonly (readonly string[])[]) =>
    of.length === 0 ? [] : ['', title, ...of.map((run) => `  ${paint.cyan(commandText({ run }))}`)];
  const ready = waves.filter(({ answer }) => answer === 'passes');
  const open = waves.filter(({ answer }) => answer === 'fails' || answer === 'unchecked');
  const refused = open.filter(({ obstacles = [] }) => obstacles.length > 0);
  const places = [...new Set(ready.map(({ environment }) => environment))];
  return [
    table(['wave', 'environment', 'workloads', 'stage', 'next', 'gate', 'found'], rows, width),
    ...uncheckedLines(waves),
    ...commands(ready.length === 1 ? 'To take the step whose gate passes:' : 'To take the steps whose gate passes:', [
      ...places.map((environment): readonly string[] => {
        const [first, ...others] = ready.filter((one) => one.environment === environment);
        const what = first === undefined || others.length > 0 ? '--all-ready' : first.wave;
        return ['npx', 'podlift', 'advance', what, '--environment', environment];
      }),
    ]),
    ...commands(
      'For the reasons, and what to do:',
      open
        .filter((one) => !refused.includes(one))
        .map(({ wave, environment }) => ['npx', 'podlift', 'gate', wave, '--environment', environment]),
    ),
    ...refused.flatMap(({ wave, environment, to, obstacles = [] }) => [
      '',
      `The inventory does not allow the step of ${wave} in ${environment} to ${to ?? ''} yet:`,
      ...obstacles.flatMap(({ found, remedy }) => [`  ${paint.yellow(found)}`, remedyBlock(remedy, paint, '    ')]),
    ]),
  ].join('\n');
}

/** Why checks have no answer: a line for each reason, since one missing permission or login often stops the gates of all waves. */
function uncheckedLines(waves: readonly WaveGate[]): readonly string[] {
  const groups = groupsOf(
    waves.flatMap((one) => unchecked(one.gate)),
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
      return { text: `${unchecked(found).length} not checked`, paint: paint.yellow };
    case 'fails': {
      const parts = [failed(found).length + obstacles.length, unchecked(found).length];
      const texts = [`${parts[0] ?? 0} failed`, ...(parts[1] === 0 ? [] : [`${parts[1] ?? 0} not checked`])];
      return { text: texts.join(', '), paint: paint.red };
    }
  }
}

/** What stops the step: one failed check with its finding, else the names of the checks. */
function foundText({ gate: found, obstacles = [] }: WaveGate): string {
  const [open, others] = [failed(found), unchecked(found)];
  const all = open.length > 0 ? open : others;
  const [first] = all;
  if (first === undefined) return obstacles.length > 0 ? 'errors of the inventory' : '-';
  const names = new Set(all.map(({ check }) => check));
  if (all.length > 1 && names.size > 1) return named(names, 4);
  const who = [whoOf(first), first.cluster].filter((part) => part !== undefined).join(' on ');
  const more = all.length === 1 ? '' : ` (and ${counted(all.length - 1, 'other')})`;
  return `${first.check}${who === '' ? '' : ` of ${who}`}: ${first.found.split('\n')[0] ?? ''}${more}`;
}

function failed(found: WaveGate['gate']): readonly Evidence[] {
  return found?.evidence.filter(({ holds }) => holds === 'no') ?? [];
}

function unchecked(found: WaveGate['gate']): readonly Evidence[] {
  return found?.evidence.filter(({ holds }) => holds === 'unknown') ?? [];
}
