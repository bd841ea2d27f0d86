import { inventoryFile } from '../../inventory/inventoryFile';
import type { Ports } from '../../estate/Ports';
import { placesOf } from '../../estate/places';
import { driftQuestions } from '../../operations/drift/drift';
import { gate } from '../../operations/gate/gate';
import { prometheusText } from '../../operations/status/prometheusText';
import { waveGates } from '../../operations/status/waveGates';
import { writeReadable } from '../../operations/inventoryFile/writeWhole';
import { type Next, type Soak, type Status, statusOf, type WaveStatus } from '../../operations/status/statusOf';
import { readForEdit } from '../../operations/inventoryFile/editableInventory';
import { editObstacles, stepObstacles } from '../../operations/step/stepObstacles';
import { formatTimeSpan } from '../../operations/timeSpan';
import { driftWithStates } from '../stackStates';
import { driftReport } from '../drift/driftReport';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { requireInventory, selectEnvironments } from '../examine';
import { EXIT, UsageError } from '../exit';
import { busy, printResult, withoutInvisible } from '../output';
import { refuseOther, writeResult } from '../resultFile';
import { type Cell, counted, type Paint, paintOf, remedyBlock, type ReportStyle, stdoutStyle, table } from '../report';

export interface StatusOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Compare AWS and the clusters with the inventory too. */
  readonly live: boolean;
  readonly format: 'text' | 'json' | 'prometheus';
  /** With `prometheus`: the file. Default: stdout. */
  readonly out?: string | undefined;
}

/**
 * `podlift status`: the stage of each wave in each environment, and its next step; with `--live` or `--estate` also the result of `podlift drift`. Gives 0;
 * with these 1 when AWS or a cluster differs or could not be checked. Throws `UsageError` for an unknown environment.
 */
export async function status(
  { format, out, ...options }: StatusOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  if (format === 'prometheus') return metrics({ ...options, out }, ports);
  if (out !== undefined) throw new UsageError('--out is the file of --format prometheus: add that');
  return shownStatus({ ...options, format }, ports);
}

async function shownStatus(
  { environment, live, format, ...flags }: Omit<StatusOptions, 'format'> & { readonly format: 'text' | 'json' },
  ports: () => Ports,
): Promise<number> {
  if (flags.saveEstate !== undefined && !live && flags.estate === undefined)
    throw new UsageError('--save-estate FILE keeps what is read: add --live');
  const source = estateSource(flags);
  const { inventory } = requireInventory() ?? {};
  if (inventory === undefined) return EXIT.findings;
  const environments = selectEnvironments(inventory, environment);
  const request = { environments };
  const places = placesOf(inventory);
  const command = ['status', ...environmentWords(environment)];
  const read = () => estateFor(driftQuestions(inventory, request), places, ports, { source, command });
  const estate = live || source.given !== undefined ? await read() : undefined;
  const found = busy('trying the next steps', () => {
    const file = readForEdit(inventoryFile());
    return statusOf(inventory, new Date(estate?.at ?? Date.now()), environments, (step) =>
      stepObstacles(file, inventory, step),
    );
  });
  const differs =
    estate &&
    (await driftWithStates(inventory, request, estate, { isLive: source.given === undefined, command: 'status' }));
  printResult('status', format, { ...found, ...(differs && { live: differs }) }, () => {
    const style = stdoutStyle();
    const rest = differs === undefined ? [] : ['', driftReport(differs, places, style.colour)];
    return [statusTable(found, style), ...rest].join('\n');
  });
  return (differs?.differences.length ?? 0) === 0 ? EXIT.ok : EXIT.findings;
}

/**
 * `podlift status --format prometheus`: the metrics of all waves; with `--live` or `--estate` by the gates too. Gives 0 also where a wave is blocked: the metrics say it.
 */
async function metrics(
  { environment, live, out, ...flags }: Omit<StatusOptions, 'format'>,
  ports: () => Ports,
): Promise<number> {
  if (flags.saveEstate !== undefined && !live && flags.estate === undefined)
    throw new UsageError('--save-estate FILE keeps what is read: add --live');
  if (out !== undefined) refuseOther('--out', out, /^# HELP podlift_/, 'a file of metrics of podlift');
  const source = estateSource(flags);
  const { inventory } = requireInventory() ?? {};
  if (inventory === undefined) return EXIT.findings;
  const environments = selectEnvironments(inventory, environment);
  const file = busy('reading the inventory', () => readForEdit(inventoryFile()));
  const gates = waveGates(inventory, environments, gate, (step) => editObstacles(file, inventory, step));
  const command = ['status', '--format', 'prometheus', ...environmentWords(environment)];
  const estate =
    live || source.given !== undefined
      ? await estateFor(gates.questions, placesOf(inventory), ports, { source, command })
      : undefined;
  const text = busy('trying the next steps', () =>
    prometheusText(
      statusOf(inventory, new Date(estate?.at ?? Date.now()), environments, (step) =>
        stepObstacles(file, inventory, step),
      ),
      estate && gates.judge(estate),
    ),
  );
  if (out === undefined) process.stdout.write(withoutInvisible(text));
  else writeResult('--out', out, text, writeReadable);
  return EXIT.ok;
}

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
  const notes = waves.flatMap(({ wave, environment, stage, because, accepted = [] }) => {
    const step = `the last step of ${wave} in ${environment}, to ${stage}`;
    if (accepted.length > 0)
      return [`accepted for ${step}: ${accepted.join(', ')}${because === undefined ? '' : ` (reason: ${because})`}`];
    return because === undefined ? [] : [`${step}, was forced: ${because}`];
  });
  const others = outside.map(
    ({ environment, stage, workloads }) =>
      `in no wave, at ${stage} in ${environment}: ${workloads.slice(0, 8).join(', ')}${workloads.length > 8 ? ` and ${workloads.length - 8} more` : ''}`,
  );
  const commands = waves.flatMap(({ next }) => (next.kind === 'advance' ? [`  ${paint.cyan(next.command)}`] : []));
  const soaks = waves.some(({ soak }) => soak.state === 'soaking' || soak.state === 'soaked');
  const counted = soaks
    ? [
        'The gate counts the soak from the time at which AWS and the clusters had the stage. That can be later than since.',
      ]
    : [];
  const steps = commands.length === 0 ? [] : ['To take the next steps:', ...commands];
  const fixes = waves.flatMap(({ wave, environment, next }) =>
    next.kind !== 'fix'
      ? []
      : [
          `Before the step of ${wave} in ${environment} to ${next.to}:`,
          ...next.obstacles.flatMap(({ found, remedy }) => [
            `  ${paint.yellow(found)}`,
            remedyBlock(remedy, paint, '    '),
          ]),
        ],
  );
  return [
    table(head, rows, width),
    ...counted,
    ...steps,
    ...fixes,
    ...notes.map((note) => paint.yellow(note)),
    ...others,
  ].join('\n');
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
    case 'fix':
      return { text: `${next.to}: fix ${counted(next.obstacles.length, 'finding')} first`, paint: paint.yellow };
  }
}
