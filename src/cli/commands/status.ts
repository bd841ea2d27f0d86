import { placesOf } from '../../estate/places';
import { drift, driftQuestions } from '../../operations/drift/drift';
import type { Ports } from '../../estate/Ports';
import { statusOf } from '../../operations/status/statusOf';
import { driftReport } from '../drift/driftReport';
import { environmentWords, type EstateFlags, estateFor, estateSource } from '../estateFor';
import { EXIT } from '../exitCodes';
import { requireInventory } from '../gate/requireInventory';
import { jsonOutput } from '../jsonOutput';
import { loadLivePorts } from '../loadLivePorts';
import { selectEnvironments } from '../selection';
import { statusTable } from '../status/statusTable';
import { printable } from '../printable';
import { stdoutStyle } from '../report';
import { UsageError } from '../UsageError';

export interface StatusOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Compare AWS and the clusters with the inventory too. */
  readonly live: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift status`: the stage of each wave in each environment, and its next step; with `--live` or `--estate` also the result of `podlift drift`. Gives 0;
 * with these 1 when AWS or a cluster differs or could not be checked. Throws `UsageError` for an unknown environment.
 */
export async function status(
  { environment, live, format, ...flags }: StatusOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  if (flags.saveEstate !== undefined && !live && flags.estate === undefined)
    throw new UsageError('--save-estate FILE keeps what is read: add --live');
  const source = estateSource(flags);
  const inventory = requireInventory();
  if (inventory === undefined) return EXIT.findings;
  const environments = selectEnvironments(inventory, environment);
  const request = { environments };
  const places = placesOf(inventory);
  const command = ['status', ...environmentWords(environment)];
  const read = () => estateFor(driftQuestions(inventory, request), places, ports, { source, command });
  const estate = live || source.given !== undefined ? await read() : undefined;
  const found = statusOf(inventory, new Date(estate?.at ?? Date.now()), environments);
  const differs = estate && drift(inventory, request, estate);
  if (format === 'json') console.log(jsonOutput('status', { ...found, ...(differs && { live: differs }) }));
  else {
    const style = stdoutStyle();
    console.log(statusTable(found, style));
    if (differs !== undefined) console.log(`\n${printable(driftReport(differs, places, style.colour))}`);
  }
  return (differs?.differences.length ?? 0) === 0 ? EXIT.ok : EXIT.findings;
}
