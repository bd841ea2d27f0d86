import { placesOf } from '../../estate/places';
import { gate as judge, gateQuestions } from '../../operations/gate/gate';
import { livePorts } from '../../estate/livePorts';
import type { Ports } from '../../estate/Ports';
import { estateFor } from '../estateFor';
import { EXIT } from '../exitCodes';
import { gateReport } from '../gate/gateReport';
import { requireInventory } from '../gate/requireInventory';
import { stepRequest } from '../gate/stepRequest';
import { jsonOutput } from '../jsonOutput';
import { printable } from '../printable';
import { stdoutStyle } from '../report';

export interface GateOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string;
  /** Also print the checks that passed. */
  readonly verbose?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift gate <wave> --environment E`: the evidence for the wave's next step. Gives 0 when the gate holds and when the wave is at
 * its last stage, 1 when it does not hold; throws `UsageError` for a wave or an environment that is not there.
 */
export async function gate(
  wave: string,
  { environment, format, verbose = false }: GateOptions,
  ports: Ports = livePorts(),
): Promise<number> {
  const inventory = requireInventory();
  if (inventory === undefined) return EXIT.findings;
  const request = stepRequest(inventory, wave, environment, 'forward');
  if (process.stderr.isTTY) console.error(`podlift gate: asking AWS and the clusters of ${request.environment} …`);
  const estate = await estateFor(gateQuestions(inventory, request), placesOf(inventory), ports);
  const result = judge(inventory, request, estate);
  console.log(format === 'json' ? jsonOutput('gate', result) : printable(gateReport(result, stdoutStyle(verbose))));
  return result.holds || result.to === undefined ? EXIT.ok : EXIT.findings;
}
