import { formatFindings } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/hasErrors';
import type { Inventory, Stage } from '../../inventory/Inventory';
import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import { didYouMean, listed } from '../../inventory/suggest';
import { findTerraform } from '../../runners/terraform/findTerraform';
import { colourWanted } from '../colourWanted';
import { examine } from '../examine';
import { EXIT } from '../exitCodes';
import { loadLivePorts } from '../loadLivePorts';
import { checkFound } from '../rehearse/checkFound';
import { missingKubectl } from '../rehearse/missingKubectl';
import { planWalk } from '../rehearse/planWalk';
import { rehearsalReport, succeeded } from '../rehearse/rehearsalReport';
import { rehearseEnvironment, type Rehearsed } from '../rehearse/rehearseEnvironment';
import { wavesIn } from '../rehearse/wavesIn';
import { remedyText } from '../remedyText';
import { UsageError } from '../UsageError';

interface RehearseOptions {
  /** Default: every wave that has workloads in the environment. */
  readonly wave?: string;
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  readonly to: Stage;
}

/**
 * `podlift rehearse`: walks waves on a sandbox with the real Terraform, forward to a stage, all the way back and forward again to where they
 * stand, while pods ask for credentials. Prints a table of the steps. Gives 1 when a gate says no, a pod is denied or a role would
 * be destroyed, or when there is no step to take, 2 without Terraform or kubectl. Throws `UsageError` for a wave or an environment that is not there.
 */
export async function rehearse({ wave, environment, to }: RehearseOptions): Promise<number> {
  const { inventory, files, findings } = examine();
  if (findings.length > 0) console.error(formatFindings(findings, 'text', colourWanted(process.stderr)));
  if (inventory === undefined || hasErrors(findings)) return EXIT.findings;
  const environments = environmentsOf(inventory, environment);
  requireWave(inventory, wave);

  const terraform = await findTerraform();
  const missing = 'missing' in terraform ? terraform.missing : await missingKubectl();
  if (missing !== undefined || 'missing' in terraform) {
    console.error(`podlift rehearse: ${missing ?? ''}`);
    return EXIT.usage;
  }

  if (!(await foundAgrees(inventory, environments))) return EXIT.findings;

  const walked: Rehearsed['walked'][number][] = [];
  for (const key of environments) {
    const rehearsed = wavesIn(inventory, key).filter((name) => (wave ?? name) === name);
    if (rehearsed.length === 0) {
      console.log(
        `${key}: ${wave === undefined ? 'no workload is in a wave' : `no workload of wave ${wave} runs there`}\n`,
      );
      continue;
    }
    const moves = planWalk({ waves: inventory.waves, environment: key, rehearsed, to });
    console.log(`${key}: ${rehearsed.join(', ')} in ${moves.length} steps, on a sandbox; no AWS account is touched.\n`);
    const result = await rehearseEnvironment(
      { inventory, files, environment: key, terraform: terraform.binary },
      moves,
    );
    walked.push(...result.walked);
    console.log();
    if (!succeeded(result)) {
      console.log(rehearsalReport({ ...result, walked }, colourWanted(process.stdout)));
      return EXIT.findings;
    }
  }
  console.log(rehearsalReport({ walked }, colourWanted(process.stdout)));
  return succeeded({ walked }) ? EXIT.ok : EXIT.findings;
}

/** Whether AWS has adopted roles where their entries say that they were found; prints where not. */
async function foundAgrees(inventory: Inventory, environments: readonly string[]): Promise<boolean> {
  const { differences, unchecked } = await checkFound(inventory, environments, loadLivePorts);
  for (const { environment, workload, expected, found, remedy } of differences)
    console.log(
      `${workload ?? ''} in ${environment}: the entry says ${expected}, and ${found} in AWS.\n    ${remedyText(remedy).replaceAll('\n', '\n    ')}\n`,
    );
  if (unchecked.length > 0)
    console.error(
      `podlift rehearse: could not check the stage in AWS of ${unchecked.length} adopted roles (${listed(unchecked, 6)}); the sandbox takes \`found\` as written`,
    );
  return differences.length === 0;
}

function environmentsOf({ environments }: Inventory, environment: string | undefined): readonly string[] {
  const known = environments.map(({ key }) => key);
  const asked =
    environment === undefined
      ? requestedEnvironments(known)
      : requestedEnvironments(known, environment, '--environment');
  if (asked.environments === undefined) throw new UsageError(asked.problem);
  return asked.environments;
}

function requireWave({ waves }: Inventory, wave: string | undefined): void {
  const keys = waves.map(({ key }) => key);
  if (wave === undefined || keys.includes(wave)) return;
  throw new UsageError(`--wave is "${wave}": ${didYouMean(wave, keys)}waves: ${listed(keys)}`);
}
