import type { Inventory, Stage } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { readForEdit } from '../../operations/inventoryFile/editableInventory';
import { listed } from '../../inventory/suggest';
import { checkFound } from '../../rehearsal/checkFound';
import { type Move, planWalk, wavesIn } from '../../rehearsal/planWalk';
import { rehearseEnvironment, succeeded } from '../../rehearsal/rehearseEnvironment';
import type { RehearsedStep } from '../../rehearsal/rehearseStep';
import { walkObstacles } from '../../rehearsal/walkObstacles';
import { findTools } from '../../rehearsal/startRehearsal';
import { requireInventory, requireWave, selectEnvironments } from '../examine';
import { EXIT } from '../exit';
import { loadLivePorts } from '../estateFor';
import { rehearsalReport } from '../rehearse/rehearsalReport';
import { counted, paintOf, remedyBlock, remedyText, stdoutStyle } from '../report';
import { busy, print, printError, progressLine } from '../output';

interface RehearseOptions {
  /** Default: every wave that has workloads in the environment. */
  readonly wave?: string;
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  readonly to: Stage;
}

/**
 * `podlift rehearse`: takes the steps of waves on a sandbox with the real Terraform: forward to a stage, back to `irsa`, and forward to the
 * starting stage, while pods ask for credentials. Prints a table of the steps. Gives 1 when a gate fails, a pod is denied, a role would be
 * destroyed, or there is no step to take; 2 without Terraform or kubectl. Throws `UsageError` for an unknown wave or environment.
 */
export async function rehearse({ wave, environment, to }: RehearseOptions): Promise<number> {
  const examined = requireInventory();
  if (examined === undefined) return EXIT.findings;
  const { inventory, files } = examined;
  const environments = selectEnvironments(inventory, environment);
  requireWave(inventory, wave);

  const walks = environments.map((key) => {
    const rehearsed = wavesIn(inventory, key).filter((name) => (wave ?? name) === name);
    return { key, rehearsed, moves: planWalk({ waves: inventory.waves, environment: key, rehearsed, to }) };
  });
  if (refused(inventory, walks)) return EXIT.findings;

  const terraform = await findTools();
  if ('missing' in terraform) {
    printError(`podlift rehearse: ${terraform.missing}`);
    return EXIT.usage;
  }

  if (!(await foundAgrees(inventory, environments))) return EXIT.findings;

  const steps: RehearsedStep[] = [];
  for (const { key, rehearsed, moves } of walks) {
    if (rehearsed.length === 0) {
      print(`${key}: ${wave === undefined ? 'no workload is in a wave' : `no workload of wave ${wave}`}\n`);
      continue;
    }
    print(`${key}: ${moves.length} steps of ${rehearsed.join(', ')} on a sandbox. No AWS account is touched.\n`);
    const plan = { inventory, files, environment: key, terraform: terraform.binary };
    const result = await rehearseEnvironment(plan, moves);
    steps.push(...result.steps);
    print();
    if (!succeeded(result)) {
      print(rehearsalReport({ ...result, steps }, stdoutStyle()));
      return EXIT.findings;
    }
  }
  print(rehearsalReport({ steps }, stdoutStyle()));
  return succeeded({ steps }) ? EXIT.ok : EXIT.findings;
}

/** True when a step would be refused by the inventory alone; prints why, before anything starts. */
function refused(
  inventory: Inventory,
  walks: readonly { readonly key: string; readonly moves: readonly Move[] }[],
): boolean {
  const read = readForEdit(inventoryFile());
  const obstacles = walks.flatMap(({ key, moves }) =>
    busy(`trying the steps of ${key}`, () => walkObstacles(read, inventory, key, moves)).map((one) => ({
      key,
      ...one,
    })),
  );
  const paint = paintOf(stdoutStyle().colour);
  for (const { key, move, found, remedy } of obstacles)
    print(
      `${paint.bold(`${move.wave} in ${key}: ${move.from} → ${move.to}`)}\n  ${paint.red(found)}\n${remedyBlock(remedy, paint, '  ')}\n`,
    );
  if (obstacles.length > 0)
    print(`The rehearsal did not start: ${counted(obstacles.length, 'finding')} would stop its steps.`);
  return obstacles.length > 0;
}

/** True when the adopted roles in AWS are at the stage in `found`; prints the differences. */
async function foundAgrees(inventory: Inventory, environments: readonly string[]): Promise<boolean> {
  const { show, end } = progressLine('rehearse', process.stderr);
  const { differences, unchecked } = await checkFound(inventory, environments, loadLivePorts, show).finally(end);
  for (const { environment, workload, expected, found, remedy } of differences)
    print(
      `${workload ?? ''} in ${environment}: the entry has ${expected}, but ${found} in AWS.\n    ${remedyText(remedy).replaceAll('\n', '\n    ')}\n`,
    );
  if (unchecked.length > 0)
    printError(
      `podlift rehearse: could not check the stage in AWS of ${unchecked.length} adopted roles (${listed(unchecked, 6)}); the sandbox uses \`found\` as written`,
    );
  return differences.length === 0;
}
