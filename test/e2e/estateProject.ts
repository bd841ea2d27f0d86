import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialise, type Plan, plan } from '../../src/runners/stackCommands';
import type { SandboxSeed } from '../../src/sandbox/Seed';
import type { ClusterRef, Sandbox } from '../../src/sandbox/startSandbox';
import { eksClusterArn } from '../../src/sandbox/world/arns';
import { terraformProject, type TerraformProject } from './terraformProject';

/** A sandbox with an existing estate, an inventory that has its accounts, and podlift's commands against both. */
export interface EstateProject extends TerraformProject {
  /** Runs podlift as an operator does. */
  readonly podlift: (...words: string[]) => Promise<Ended>;
  /** The text of the inventory as it stands. */
  readonly inventory: () => string;
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a sandbox with an estate, and writes the inventory that stands before `discover`. */
export async function estateProject(inventory: string, seed: SandboxSeed): Promise<EstateProject> {
  const project = await terraformProject(inventory, seed);
  writeFileSync(project.file, inventory);
  const kubeconfig = join(project.file, '..', 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(project.sandbox, seed.clusters));
  const environment = { ...project.environment, KUBECONFIG: kubeconfig };
  return {
    ...project,
    environment,
    podlift: (...words) => run(['src/cli/podlift.js', ...words], environment),
    inventory: () => readFileSync(project.file, 'utf8'),
  };
}

/** The first plan of a stack: its counts, and the attributes that differ from what stands. */
export async function firstPlan(
  project: TerraformProject,
  name: string,
): Promise<Pick<Plan, 'counts'> & { readonly attributes: readonly string[] }> {
  const stack = project.stack(name);
  await initialise(stack);
  const { counts } = await plan(stack);
  const shown = await run([], project.environment, stack.binary, ['show', '-json', 'plan.bin'], stack.folder);
  return { counts, attributes: changedAttributes(shown.stdout) };
}

/** The attributes in which a plan's resources differ from what stands there. */
export function changedAttributes(text: string): string[] {
  const { resource_changes: resources } = JSON.parse(text) as {
    resource_changes: { change: { actions: string[]; before: any; after: any } }[];
  };
  const names = resources
    .filter(({ change }) => !change.actions.includes('no-op'))
    .flatMap(({ change: { before, after } }) =>
      Object.keys(after).filter((key) => JSON.stringify(before?.[key]) !== JSON.stringify(after[key])),
    );
  return [...new Set(names)].sort();
}

/** A kubeconfig with a context for each cluster, by its ARN, as `aws eks update-kubeconfig` names it. */
export function kubeconfigFor(sandbox: Sandbox, clusters: readonly ClusterRef[]): string {
  const named = clusters.map((ref) => ({
    name: eksClusterArn(ref.region, ref.account, ref.name),
    server: sandbox.kubernetes.apiServer(ref),
  }));
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: named.map(({ name, server }) => ({ name, cluster: { server } })),
    users: [{ name: 'operator', user: { token: sandbox.kubernetes.token } }],
    contexts: named.map(({ name }) => ({ name, context: { cluster: name, user: 'operator' } })),
  });
}

/** Runs a command to its end; the sandbox answers meanwhile, as it is in this process. */
export function run(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  binary = process.execPath,
  more: readonly string[] = [],
  cwd = process.cwd(),
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [...words, ...more], {
      cwd,
      env: { ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
