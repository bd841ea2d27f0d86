import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Listr } from 'listr2';
import type { Blueprint } from '../../blueprint/Blueprint';
import { formatFindings } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/hasErrors';
import { findTerraform, type Terraform } from '../../operations/terraform/findTerraform';
import { providerInstallation } from '../../operations/terraform/providerInstallation';
import { type Sandbox, startSandbox } from '../../sandbox/startSandbox';
import { colourWanted } from '../colourWanted';
import { applyStack } from '../demo/applyStack';
import { askPods } from '../demo/askPods';
import { awsStacks } from '../demo/awsStacks';
import { holds, type PodAnswer } from '../demo/PodAnswer';
import { podTable } from '../demo/podTable';
import { synth } from '../demo/synth';
import { examine } from '../examine';
import { EXIT } from '../exitCodes';
import { sandboxEnvironment } from '../sandboxEnvironment';
import { sandboxKubernetes } from '../sandboxKubernetes';
import { sandboxSeed } from '../sandboxSeed';

/**
 * `podlift demo`: the inventory through `cdktf synth`, `terraform init`, `plan` and `apply` of every AWS stack on a sandbox of its
 * own, then a pod for each workload and cluster, and what it could obtain. Gives 1 when one path does not hold, 2 without Terraform.
 */
export async function demo(): Promise<number> {
  const terraform = await findTerraform();
  if ('missing' in terraform) {
    console.error(`podlift demo: ${terraform.missing}`);
    return EXIT.usage;
  }
  const { file, inventory, blueprints, requested, findings } = examine();
  if (findings.length > 0) console.error(formatFindings(findings, 'text', colourWanted(process.stderr)));
  if (inventory === undefined || hasErrors(findings)) return EXIT.findings;

  const folder = mkdtempSync(join(tmpdir(), 'podlift-demo-'));
  const sandbox = await startSandbox({ seed: sandboxSeed(inventory, blueprints) });
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
    return failed === 0 ? EXIT.ok : EXIT.findings;
  } catch (error) {
    console.error(`\npodlift demo: ${error instanceof Error ? error.message : String(error)}`);
    return EXIT.findings;
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Demo {
  readonly terraform: Terraform;
  /** Everything that is written goes there: output of the synthesis, states, Terraform's configuration. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** Of the environments that were asked for. */
  readonly blueprints: readonly Blueprint[];
  readonly kubernetes: Readonly<Record<string, string>>;
}

async function applyAndAsk({ terraform, folder, sandbox, blueprints, kubernetes }: Demo): Promise<PodAnswer[]> {
  const outdir = join(folder, 'cdktf.out');
  let environment: Record<string, string | undefined> = {};
  let answers: PodAnswer[] = [];
  const tasks = new Listr(
    [
      {
        title: 'cdktf synth',
        task: async (_, task) => {
          const installation = await providerInstallation(folder);
          environment = sandboxEnvironment(sandbox, { ...installation.environment, ...kubernetes }, folder);
          await synth(outdir, environment);
          task.title = `cdktf synth; Terraform ${terraform.version}, providers from ${installation.source}`;
        },
      },
      ...awsStacks(blueprints).map((stack) => ({
        title: stack,
        task: async (_: unknown, task: { title: string; output: string }) => {
          const options = { binary: terraform.binary, folder: join(outdir, 'stacks', stack), environment };
          const counts = await applyStack(options, {
            onStep: (step) => (task.output = step),
            // A line for each resource is progress on a terminal, and noise in a log.
            onResource: (done, total) => {
              if (process.stdout.isTTY) task.output = `terraform apply: ${done} of ${total}`;
            },
          });
          task.title = `${stack}: ${counts.import} imported, ${counts.add} added, ${counts.change} changed, ${counts.destroy} destroyed`;
        },
      })),
      {
        title: 'a new pod of each workload on each cluster asks for its roles',
        task: async (_, task) => {
          answers = await askPods(sandbox, blueprints, ({ workload, environment: name, cluster }) => {
            if (process.stdout.isTTY) task.output = `${workload} on ${name}/${cluster}`;
          });
        },
      },
    ],
    { fallbackRenderer: 'simple', concurrent: false },
  );
  await tasks.run();
  return answers;
}
