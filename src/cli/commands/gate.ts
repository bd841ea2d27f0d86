import { placesOf } from '../../estate/places';
import { gate as judge, gateQuestions } from '../../operations/gate/gate';
import type { Ports } from '../../estate/Ports';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { EXIT } from '../exit';
import { gateReport } from '../gate/gateReport';
import { requireInventory, stepRequest } from '../examine';
import { printResult } from '../output';
import { stdoutStyle, withPlaces } from '../report';

export interface GateOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else the only one. */
  readonly environment?: string;
  /** Also try, by a dry run, what the EKS webhook gives a new pod. */
  readonly admission?: boolean;
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
  { environment, format, verbose = false, admission = false, ...flags }: GateOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const source = estateSource(flags);
  const { inventory, locate } = requireInventory() ?? {};
  if (inventory === undefined || locate === undefined) return EXIT.findings;
  const request = { ...stepRequest(inventory, wave, environment, 'forward'), admission };
  const command = [
    'gate',
    { name: wave },
    ...environmentWords(request.environment),
    ...(admission ? ['--admission'] : []),
  ];
  const places = placesOf(inventory);
  const estate = await estateFor(gateQuestions(inventory, request), places, ports, { source, command });
  const judged = judge(inventory, request, estate);
  const result = { ...judged, evidence: judged.evidence.map((one) => withPlaces(one, locate)) };
  printResult('gate', format, result, () => gateReport(result, stdoutStyle(verbose)));
  return result.holds || result.to === undefined ? EXIT.ok : EXIT.findings;
}
