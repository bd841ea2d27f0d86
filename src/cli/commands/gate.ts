import { collectEvidence } from '../../operations/gate/collectEvidence';
import { livePorts } from '../../estate/livePorts';
import type { Ports } from '../../estate/Ports';
import { colourWanted } from '../colourWanted';
import { EXIT } from '../exitCodes';
import { gateReport } from '../gate/gateReport';
import { requireInventory } from '../gate/requireInventory';
import { stepRequest } from '../gate/stepRequest';
import { jsonOutput } from '../jsonOutput';
import { printable } from '../printable';

export interface GateOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string;
  readonly format: 'text' | 'json';
}

/**
 * `podlift gate <wave> --environment E`: the evidence for the wave's next step. Gives 0 when the gate holds and when the wave is at
 * its last stage, 1 when it does not hold; throws `UsageError` for a wave or an environment that is not there.
 */
export async function gate(
  wave: string,
  { environment, format }: GateOptions,
  ports: Ports = livePorts(),
): Promise<number> {
  const inventory = requireInventory();
  if (inventory === undefined) return EXIT.findings;
  const request = stepRequest(inventory, wave, environment, 'forward');
  if (process.stderr.isTTY) console.error(`podlift gate: asking AWS and the clusters of ${request.environment} …`);
  const result = await collectEvidence(inventory, request, ports);
  console.log(
    format === 'json'
      ? jsonOutput('gate', result)
      : printable(gateReport(result, colourWanted(process.stdout), process.stdout.columns)),
  );
  return result.holds || result.to === undefined ? EXIT.ok : EXIT.findings;
}
