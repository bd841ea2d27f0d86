import { didYouMean, listed } from '../../inventory/suggest';
import type { Inventory } from '../../inventory/Inventory';
import { placesOf } from '../../estate/places';
import { driftQuestions } from '../../operations/drift/drift';
import type { Ports } from '../../estate/Ports';
import { colourWanted, printResult } from '../output';
import { withPlaces } from '../report';
import { driftReport } from '../drift/driftReport';
import { driftWithStates } from '../stackStates';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { EXIT, UsageError } from '../exit';
import { requireInventory, selectEnvironments } from '../examine';

export interface DriftOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  readonly format: 'text' | 'json';
}

/**
 * `podlift drift [workload]`: how AWS and the clusters differ from the inventory. Gives 0 where nothing differs, 1 where anything differs
 * or could not be checked. Throws `UsageError` for an environment or a workload that is not there.
 */
export async function drift(
  workload: string | undefined,
  { environment, format, ...flags }: DriftOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  const source = estateSource(flags);
  const { inventory, locate } = requireInventory() ?? {};
  if (inventory === undefined || locate === undefined) return EXIT.findings;
  const environments = environmentsOf(inventory, environment, workload);
  const request = { environments, ...(workload === undefined ? {} : { workload }) };
  const places = placesOf(inventory);
  const command = ['drift', ...(workload === undefined ? [] : [{ name: workload }]), ...environmentWords(environment)];
  const estate = await estateFor(driftQuestions(inventory, request), places, ports, { source, command });
  const compared = await driftWithStates(inventory, request, estate, {
    isLive: source.given === undefined,
    command: 'drift',
  });
  const found = { ...compared, differences: compared.differences.map((one) => withPlaces(one, locate)) };
  printResult('drift', format, found, () => driftReport(found, places, colourWanted(process.stdout)));
  return found.differences.length === 0 ? EXIT.ok : EXIT.findings;
}

function environmentsOf(
  inventory: Inventory,
  environment: string | undefined,
  workload: string | undefined,
): readonly string[] {
  const asked = selectEnvironments(inventory, environment);
  if (workload === undefined) return asked;
  const those = inventory.environments.filter(({ key }) => asked.includes(key));
  const names = new Set(those.flatMap(({ workloads }) => workloads.map(({ key }) => key)));
  if (!names.has(workload) && those.some(({ released = [] }) => released.some(({ key }) => key === workload)))
    throw new UsageError(`${workload} is released: podlift no longer manages it`);
  if (!names.has(workload))
    throw new UsageError(
      `there is no workload "${workload}" in ${asked.join(', ')}: ${didYouMean(workload, names)}workloads: ${listed(names)}`,
    );
  return those.filter(({ workloads }) => workloads.some(({ key }) => key === workload)).map(({ key }) => key);
}
