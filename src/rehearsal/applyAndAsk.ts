import { basename, join } from 'node:path';
import { Listr } from 'listr2';
import type { Blueprint } from '../blueprint/Blueprint';
import { whoOf } from '../operations/gate/gate';
import { apply, initialise, plan, type PlanCounts, type TerraformOptions } from '../runners/stackCommands';
import { synthesize } from '../runners/synthesize';
import { providerInstallation, type Terraform } from '../runners/terraformInstallation';
import type { Sandbox } from '../sandbox/startSandbox';
import { applyServiceAccounts } from './applyServiceAccounts';
import { awsStacks } from './applyStacks';
import { playAssociationOwners } from './playAssociationOwners';
import { askPods, type PodAnswer } from './askPods';
import { sandboxEnvironment } from './sandboxEnvironment';

/** What the first half of the demo works with. */
export interface Demo {
  readonly terraform: Terraform;
  /** Everything is written there: output of the synthesis, states, Terraform's configuration. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** Those of the requested environments. */
  readonly blueprints: readonly Blueprint[];
  readonly kubernetes: Readonly<Record<string, string>>;
}

/** Synthesises and applies all AWS stacks, with progress; then a pod of each workload on each cluster asks for its roles. Throws what fails. */
export async function applyAndAsk({ terraform, folder, sandbox, blueprints, kubernetes }: Demo): Promise<PodAnswer[]> {
  const roots = join(folder, 'roots');
  let environment: Record<string, string | undefined> = {};
  let answers: PodAnswer[] = [];
  const tasks = new Listr(
    [
      {
        title: 'podlift synth',
        task: async (_, task) => {
          const installation = await providerInstallation(folder);
          environment = sandboxEnvironment(sandbox, { ...installation.environment, ...kubernetes }, folder);
          await synthesize(roots, environment);
          task.title = `podlift synth; ${terraform.product ?? 'Terraform'} ${terraform.version}, providers from ${installation.source}`;
        },
      },
      ...awsStacks(blueprints).map((stack) => ({
        title: stack,
        task: async (_: unknown, task: { title: string; output: string }) => {
          const options = { binary: terraform.binary, folder: join(roots, stack), environment };
          const counts = await applyStack(options, (doing) => (task.output = doing));
          task.title = `${stack}: ${counts.import} imported, ${counts.add} added, ${counts.change} changed, ${counts.destroy} destroyed`;
        },
      })),
      {
        title: 'service accounts',
        task: async (_, task) => {
          let changed = 0;
          for (const blueprint of blueprints) {
            const clusters = { kubernetes: sandbox.kubernetes, roots, states: new Map() };
            const { add, change } = await applyServiceAccounts(clusters, blueprint);
            changed += add + change;
            await playAssociationOwners(sandbox, blueprint);
          }
          task.title = `service accounts: ${changed} applied with the requests of Terraform's Kubernetes provider`;
        },
      },
      {
        title: 'a new pod of each workload on each cluster asks for its roles',
        task: async (_, task) => {
          answers = await askPods(sandbox, blueprints, ({ environment: name, cluster, ...names }) => {
            if (process.stdout.isTTY) task.output = `${whoOf(names) ?? ''} on ${name}/${cluster}`;
          });
        },
      },
    ],
    // The caller prints the error, through its printer.
    {
      fallbackRenderer: 'simple',
      concurrent: false,
      rendererOptions: { collapseErrors: false, showErrorMessage: false },
    },
  );
  await tasks.run();
  return answers;
}

/** Initialises, plans and applies one stack; gives what was planned. */
async function applyStack(options: TerraformOptions, say: (doing: string) => void): Promise<PlanCounts> {
  const name = basename(options.binary);
  say(`${name} init`);
  await initialise(options);
  say(`${name} plan`);
  const { counts, changes } = await plan(options);
  let done = 0;
  say(`${name} apply: ${changes.length} changes`);
  await apply({
    ...options,
    onLine: (line) => {
      if (!line.includes('"type":"apply_complete"')) return;
      done += 1;
      // A line for each resource is useful on a terminal, and noise in a log.
      if (process.stdout.isTTY) say(`${name} apply: ${done} of ${changes.length}`);
    },
  });
  return counts;
}
