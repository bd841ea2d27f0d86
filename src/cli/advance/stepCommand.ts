import { livePorts } from '../../estate/livePorts';
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
import { estateFor } from '../estateFor';
import { EXIT } from '../exitCodes';
import { stepRequest } from '../gate/stepRequest';
import { jsonOutput } from '../jsonOutput';
import { printable } from '../printable';
import { stdoutStyle } from '../report';
import { UsageError } from '../UsageError';
import { stepText } from './stepText';

/** The options of `advance` and `rollback`. */
export interface StepOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly because?: string | undefined;
  /** Also print the checks that passed. */
  readonly verbose?: boolean | undefined;
  readonly format: 'text' | 'json';
}

/** The gate, on what these ports answer, and the clock of this host. */
export function stepWorld(ports: () => Ports): StepWorld {
  return {
    estate: (inventory, questions, seconds) => {
      if (process.stderr.isTTY) console.error('podlift: reading AWS and the clusters …');
      return estateFor(questions, placesOf(inventory), ports(), seconds === undefined ? {} : { seconds });
    },
    judge: gate,
    now: () => new Date(),
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
  world: StepWorld = stepWorld(livePorts),
): Promise<number> {
  const because = reasonOf(options);
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
  const { report, result } = await takeStep(read, inventory, request, choice, world);
  console.log(
    format === 'json'
      ? jsonOutput(direction === 'forward' ? 'advance' : 'rollback', report)
      : printable(stepText(report, stdoutStyle(verbose))),
  );
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
