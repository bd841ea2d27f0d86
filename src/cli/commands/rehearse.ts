import type { Inventory, Stage } from '../../inventory/Inventory';
import { listed } from '../../inventory/suggest';
import { checkFound } from '../../rehearsal/checkFound';
import { planWalk, wavesIn } from '../../rehearsal/planWalk';
import { rehearseEnvironment, succeeded } from '../../rehearsal/rehearseEnvironment';
import type { RehearsedStep } from '../../rehearsal/rehearseStep';
import { findTools } from '../../rehearsal/startRehearsal';
import { requireInventory, requireWave, selectEnvironments } from '../examine';
import { EXIT } from '../exit';
import { loadLivePorts } from '../estateFor';
import { rehearsalReport } from '../rehearse/rehearsalReport';
import { remedyText, stdoutStyle } from '../report';
import { print, printError } from '../output';

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

  const terraform = await findTools();
  if ('missing' in terraform) {
    printError(`podlift rehearse: ${terraform.missing}`);
    return EXIT.usage;
  }

  if (!(await foundAgrees(inventory, environments))) return EXIT.findings;

  const steps: RehearsedStep[] = [];
  for (const key of environments) {
    const rehearsed = wavesIn(inventory, key).filter((name) => (wave ?? name) === name);
    if (rehearsed.length === 0) {
      print(`${key}: ${wave === undefined ? 'no workload is in a wave' : `no workload of wave ${wave}`}\n`);
      continue;
    }
    const moves = planWalk({ waves: inventory.waves, environment: key, rehearsed, to });
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

/** True when the adopted roles in AWS are at the stage in `found`; prints the differences. */
async function foundAgrees(inventory: Inventory, environments: readonly string[]): Promise<boolean> {
  const { differences, unchecked } = await checkFound(inventory, environments, loadLivePorts);
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
