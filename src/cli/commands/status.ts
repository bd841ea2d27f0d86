import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import { drift } from '../../operations/drift/drift';
import type { Ports } from '../../estate/Ports';
import { statusOf } from '../../operations/status/statusOf';
import { colourWanted } from '../colourWanted';
import { driftReport } from '../drift/driftReport';
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
  /** Ask AWS and the clusters whether they agree. */
  readonly live: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift status`: where each wave stands in each environment, and what comes next; with `--live` also what `podlift drift`
 * says. Gives 0; with `--live` 1 where AWS disagrees or does not answer. Throws `UsageError` for an environment that is not there.
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

  const now = new Date();
  const found = statusOf(inventory, now, asked.environments);
  const differs = live ? await drift(inventory, { environments: asked.environments }, ports(), now) : undefined;
  if (format === 'json') console.log(jsonOutput('status', { ...found, ...(differs && { live: differs }) }));
  else {
    const colour = colourWanted(process.stdout);
    console.log(statusTable(found, colour));
    if (differs !== undefined) console.log(`\n${printable(driftReport(differs, colour))}`);
  }
  return (differs?.differences.length ?? 0) === 0 ? EXIT.ok : EXIT.findings;
}
