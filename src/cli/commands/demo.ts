import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatFindings } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/hasErrors';
import { findTerraform, type Terraform } from '../../runners/terraformInstallation';
import { startSandbox } from '../../sandbox/startSandbox';
import { colourWanted } from '../colourWanted';
import { applyAndAsk } from '../demo/applyAndAsk';
import { holds } from '../demo/PodAnswer';
import { podTable } from '../demo/podTable';
import { examine, type Examined } from '../examine';
import { EXIT } from '../exitCodes';
import { missingKubectl } from '../rehearse/missingKubectl';
import { rehearsalReport, succeeded } from '../rehearse/rehearsalReport';
import { rehearseEnvironment } from '../rehearse/rehearseEnvironment';
import { shortestWalk } from '../rehearse/shortestWalk';
import { sandboxKubernetes } from '../sandboxKubernetes';
import { sandboxSeed } from '../sandboxSeed';
import { SEEN_TIMING } from '../sandboxTiming';

/**
 * `podlift demo`: the inventory through `cdktf synth`, `terraform init`, `plan` and `apply` of every AWS stack on a sandbox of its
 * own, then a pod for each workload and cluster, and what it could obtain; at the end one wave is rehearsed. Gives 1 when one path or
 * step does not hold, 2 without Terraform or kubectl.
 */
export async function demo(): Promise<number> {
  const terraform = await findTerraform();
  const missing = 'missing' in terraform ? terraform.missing : await missingKubectl();
  if (missing !== undefined || 'missing' in terraform) {
    console.error(`podlift demo: ${missing ?? ''}`);
    return EXIT.usage;
  }
  const examined = examine();
  const { inventory, findings } = examined;
  if (findings.length > 0) console.error(formatFindings(findings, 'text', colourWanted(process.stderr)));
  if (inventory === undefined || hasErrors(findings)) return EXIT.findings;
  const example = { ...examined, inventory };
  return (await showPods(example, terraform)) ? await rehearseOne(example, terraform) : EXIT.findings;
}

type Example = Examined & Required<Pick<Examined, 'inventory'>>;

/** Gives whether every pod got what the inventory promises. */
async function showPods({ file, inventory, blueprints, requested }: Example, terraform: Terraform): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-demo-'));
  const sandbox = await startSandbox({ seed: sandboxSeed(inventory, blueprints), ...SEEN_TIMING });
  try {
    console.log(`${file} on a sandbox of its own at ${sandbox.endpoint}; no AWS account is touched.\n`);
    const answers = await applyAndAsk({
      terraform,
      folder,
      sandbox,
      blueprints: requested,
      kubernetes: sandboxKubernetes(sandbox, inventory, folder),
    });
    console.log(`\n${podTable(answers, colourWanted(process.stdout))}\n`);
    const failed = answers.filter((answer) => !holds(answer)).length;
    console.log(
      failed === 0
        ? `${answers.length} pods asked: each got every role that the inventory promises.`
        : `${answers.length} pods asked, ${failed} did not get what the inventory promises.`,
    );
    return failed === 0;
  } catch (error) {
    console.error(`\npodlift demo: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rehearses the wave that takes the fewest steps. */
async function rehearseOne({ inventory, files, requested }: Example, terraform: Terraform): Promise<number> {
  const walk = shortestWalk(
    inventory,
    requested.map(({ environment }) => environment),
  );
  if (walk === undefined) return EXIT.ok;
  const { environment, wave, moves } = walk;
  console.log(
    `\nRehearsal of wave ${wave} in ${environment}: forward to pod-identity, back to irsa, then to the starting stage. Dependent waves move too.\n`,
  );
  const result = await rehearseEnvironment({ inventory, files, environment, terraform: terraform.binary }, moves);
  console.log(`\n${rehearsalReport(result, colourWanted(process.stdout))}`);
  return succeeded(result) ? EXIT.ok : EXIT.findings;
}
