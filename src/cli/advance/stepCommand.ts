import { formatFindings } from '../../inventory/formatFindings';
import { inventoryFile } from '../../inventory/inventoryFile';
import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { gate } from '../../operations/gate/gate';
import type { StepRequest } from '../../operations/gate/Step';
import { readForEdit } from '../../operations/inventoryFile/readForEdit';
import { inventoryOrErrors } from '../../operations/step/editStage';
import { type StepWorld, takeStep } from '../../operations/step/takeStep';
import { colourWanted } from '../colourWanted';
import { environmentWords, type EstateFlags, estateFor, type EstateOptions, estateSource } from '../estateFor';
import { EXIT } from '../exitCodes';
import { stepRequest } from '../gate/stepRequest';
import { jsonOutput } from '../jsonOutput';
import { loadLivePorts } from '../loadLivePorts';
import { printable } from '../printable';
import { stdoutStyle } from '../report';
import { UsageError } from '../UsageError';
import { stepText } from './stepText';

/** The options of `advance` and `rollback`. */
export interface StepOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly because?: string | undefined;
  /** Also print the checks that passed. */
  readonly verbose?: boolean | undefined;
  readonly format: 'text' | 'json';
}

/** The gate, on the Estate of a file or on what these ports answer. */
export function stepWorld(
  ports: () => Ports,
  options: Omit<EstateOptions, 'seconds'> = { source: {}, command: [] },
): StepWorld {
  return {
    estate: (inventory, questions, seconds) => {
      if (process.stderr.isTTY && options.source.given === undefined)
        console.error('podlift: reading AWS and the clusters …');
      const within = seconds === undefined ? options : { ...options, seconds };
      return estateFor(questions, placesOf(inventory), ports, within);
    },
    judge: gate,
  };
}

/**
 * Takes a step of a wave (see `takeStep`), prints the report and gives the exit code: 0 when the stage was written (or would be), 2 when the
 * file cannot be written, else 1. Throws `UsageError`.
 */
export async function stepCommand(
  wave: string,
  direction: StepRequest['direction'],
  options: StepOptions,
  world?: StepWorld,
): Promise<number> {
  const because = reasonOf(options);
  if (options.estate !== undefined && options.dryRun !== true)
    throw new UsageError('--estate FILE judges what stood at another time: a step needs --dry-run with it');
  const source = estateSource(options);
  const { dryRun = false, verbose = false, format } = options;
  const read = readForEdit(inventoryFile());
  const checked = inventoryOrErrors(read.loaded);
  if ('errors' in checked) {
    console.error(formatFindings(checked.errors, 'text', colourWanted(process.stderr)));
    return EXIT.findings;
  }
  const { inventory } = checked;
  const request = stepRequest(inventory, wave, options.environment, direction);
  const choice = { dryRun, ...(because !== undefined && { because }) };
  const name = direction === 'forward' ? 'advance' : 'rollback';
  const command = [name, { name: wave }, ...environmentWords(request.environment), '--dry-run'];
  const judged = world ?? stepWorld(loadLivePorts, { source, command });
  const { report, result } = await takeStep(read, inventory, request, choice, judged);
  console.log(format === 'json' ? jsonOutput(name, report) : printable(stepText(report, stdoutStyle(verbose))));
  return { done: EXIT.ok, refused: EXIT.findings, failed: EXIT.usage }[result];
}

/** The reason of a forced step; undefined when it is not forced. Throws `UsageError` when only one of the two options is given. */
function reasonOf({ force = false, because }: StepOptions): string | undefined {
  if (!force && because === undefined) return undefined;
  if (!force) throw new UsageError('--because gives the reason of a forced step: add --force');
  if ((because ?? '').trim() === '')
    throw new UsageError('--force skips the checks: give the reason with --because "REASON"; the inventory records it');
  return because;
}
