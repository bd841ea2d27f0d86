import type { Ports } from '../../estate/Ports';
import { placesOf } from '../../estate/places';
import { inventoryFile } from '../../inventory/inventoryFile';
import { gate } from '../../operations/gate/gate';
import { readForEdit } from '../../operations/inventoryFile/editableInventory';
import { type WaveGate, waveGates } from '../../operations/status/waveGates';
import { editObstacles } from '../../operations/step/stepObstacles';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { requireInventory, selectEnvironments } from '../examine';
import { EXIT } from '../exit';
import { busy, printResult } from '../output';
import { reasonLines, uncheckedOf, waveTable, withWavePlaces } from '../next/waveTable';
import { commandText, paintOf, type ReportStyle, stdoutStyle } from '../report';

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
  const waves = withWavePlaces(
    busy('judging the next steps', () => judged(estate)),
    locate,
  );
  printResult('next', format, { when: estate.at, waves }, () => nextText(waves, stdoutStyle()));
  return waves.some(({ gate: found }) => uncheckedOf(found).length > 0) ? EXIT.findings : EXIT.ok;
}

/** The waves as a table for people; below it the commands that take the steps, and those that give the reasons. */
function nextText(waves: readonly WaveGate[], style: ReportStyle): string {
  const paint = paintOf(style.colour);
  const ready = waves.filter(({ answer }) => answer === 'passes');
  const commands = [...new Set(ready.map(({ environment }) => environment))].map((environment): readonly string[] => {
    const [first, ...others] = ready.filter((one) => one.environment === environment);
    const what = first === undefined || others.length > 0 ? '--all-ready' : first.wave;
    return ['npx', 'podlift', 'advance', what, '--environment', environment];
  });
  const title = ready.length === 1 ? 'To take the step whose gate passes:' : 'To take the steps whose gate passes:';
  return [
    waveTable(waves, style),
    ...(commands.length === 0 ? [] : ['', title]),
    ...commands.map((run) => `  ${paint.cyan(commandText({ run }))}`),
    ...reasonLines(waves, paint),
  ].join('\n');
}
