import { createRequire } from 'node:module';
import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import type * as LivePorts from '../../operations/livePorts';
import type { Ports } from '../../operations/Ports';
import { liveStatus } from '../../operations/status/liveStatus';
import { statusOf } from '../../operations/status/statusOf';
import { colourWanted } from '../colourWanted';
import { EXIT } from '../exitCodes';
import { requireInventory } from '../gate/requireInventory';
import { liveReport } from '../status/liveReport';
import { statusTable } from '../status/statusTable';
import { UsageError } from '../UsageError';

/** Loaded when it is needed: the AWS SDK takes as long to load as all else that `status` does. */
function loadLivePorts(): Ports {
  return (createRequire(__filename)('../../operations/livePorts') as typeof LivePorts).livePorts();
}

export interface StatusOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  /** Ask AWS and the clusters whether they agree. */
  readonly live: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift status`: where each wave stands in each environment, and what comes next. Gives 0; with `--live` 1 where AWS disagrees or
 * does not answer. Throws `UsageError` for an environment that is not there.
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
  const answers = live ? await liveStatus(inventory, found.waves, ports(), now) : undefined;
  if (format === 'json') console.log(JSON.stringify({ ...found, ...(answers && { live: answers }) }, null, 2));
  else {
    const colour = colourWanted(process.stdout);
    console.log(statusTable(found, colour));
    if (answers !== undefined) console.log(`\n${liveReport(answers, colour, process.stdout.columns)}`);
  }
  const agrees = answers?.every(({ evidence }) => evidence.every(({ holds }) => holds === 'yes')) ?? true;
  return agrees ? EXIT.ok : EXIT.findings;
}
