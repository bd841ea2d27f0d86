import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import { placesOf } from '../../estate/places';
import { drift, driftQuestions } from '../../operations/drift/drift';
import type { Ports } from '../../estate/Ports';
import { statusOf } from '../../operations/status/statusOf';
import { colourWanted } from '../colourWanted';
import { driftReport } from '../drift/driftReport';
import { estateFor } from '../estateFor';
import { EXIT } from '../exitCodes';
import { requireInventory } from '../gate/requireInventory';
import { jsonOutput } from '../jsonOutput';
import { loadLivePorts } from '../loadLivePorts';
import { statusTable } from '../status/statusTable';
import { UsageError } from '../UsageError';
import { printable } from '../printable';

export interface StatusOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Also compare with AWS and the clusters. */
  readonly live: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift status`: the stage of each wave in each environment, and the next step; with `--live` also what `podlift drift` prints. Gives 0; with `--live` 1 where anything differs or could not be checked. Throws `UsageError` for an environment that is not there.
 */
export async function status(
  { environment, live, format }: StatusOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const inventory = requireInventory();
  if (inventory === undefined) return EXIT.findings;
  const known = inventory.environments.map(({ key }) => key);
  const asked =
    environment === undefined
      ? requestedEnvironments(known)
      : requestedEnvironments(known, environment, '--environment');
  if (asked.environments === undefined) throw new UsageError(asked.problem);

  const places = placesOf(inventory);
  const request = { environments: asked.environments };
  const estate = live ? await estateFor(driftQuestions(inventory, request), places, ports()) : undefined;
  const found = statusOf(inventory, new Date(estate?.at ?? Date.now()), asked.environments);
  const differs = estate && drift(inventory, request, estate);
  if (format === 'json') console.log(jsonOutput('status', { ...found, ...(differs && { live: differs }) }));
  else {
    const colour = colourWanted(process.stdout);
    console.log(statusTable(found, colour));
    if (differs !== undefined) console.log(`\n${printable(driftReport(differs, places, colour))}`);
  }
  return (differs?.differences.length ?? 0) === 0 ? EXIT.ok : EXIT.findings;
}
