import { join } from 'node:path';
import { Listr } from 'listr2';
import type { Blueprint } from '../../blueprint/Blueprint';
import type { Terraform } from '../../runners/terraformInstallation';
import { providerInstallation } from '../../runners/terraformInstallation';
import type { Sandbox } from '../../sandbox/startSandbox';
import { applyServiceAccounts } from '../kubernetes/applyServiceAccounts';
import type { ProviderState } from '../kubernetes/serviceAccountProvider';
import { sandboxEnvironment } from '../sandboxEnvironment';
import { applyStack } from './applyStack';
import { askPods } from './askPods';
import { awsStacks } from './awsStacks';
import type { PodAnswer } from './PodAnswer';
import { synth } from './synth';

/** What the demo's first half works with. */
export interface Demo {
  readonly terraform: Terraform;
  /** Everything that is written goes there: output of the synthesis, states, Terraform's configuration. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** Of the environments that were asked for. */
  readonly blueprints: readonly Blueprint[];
  readonly kubernetes: Readonly<Record<string, string>>;
}

/** Synthesises and applies every AWS stack, with progress; then a pod of each workload on each cluster asks for its roles. Throws what fails. */
export async function applyAndAsk({ terraform, folder, sandbox, blueprints, kubernetes }: Demo): Promise<PodAnswer[]> {
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
        title: 'service accounts',
        task: async (_, task) => {
          let changed = 0;
          for (const blueprint of blueprints) {
            const work = { kubernetes: sandbox.kubernetes, outdir, states: new Map<string, ProviderState>() };
            const { add, change } = await applyServiceAccounts(work, blueprint);
            changed += add + change;
          }
          task.title = `service accounts: ${changed} applied with the requests of Terraform's Kubernetes provider`;
        },
      },
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
