import { cpSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Blueprint } from '../blueprint/Blueprint';
import { compile } from '../blueprint/compile';
import type { Inventory } from '../inventory/Inventory';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../inventory/stackNames';
import { initialise, type PlanCounts, planAndApply } from '../runners/stackCommands';
import { synthesize } from '../runners/synthesize';
import type { Sandbox } from '../sandbox/startSandbox';
import { playAssociationOwners } from './playAssociationOwners';
import { applyServiceAccounts, type ProviderState, sumOf } from './applyServiceAccounts';

/** The copy of the project that a rehearsal synthesises and applies. */
export interface ProjectCopy {
  /** The environment's key. */
  readonly environment: string;
  readonly sandbox: Sandbox;
  /** Terraform's binary. */
  readonly terraform: string;
  /** The folder of the roots. */
  readonly roots: string;
  /** Of every command: the sandbox's credentials and endpoint, and the copy of the inventory. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Names of the environment's AWS stacks. */
  readonly awsStacks: readonly string[];
  /** States of the stacks of service accounts, by their names. */
  readonly serviceAccounts: Map<string, ProviderState>;
}

/** What all stacks of a step planned. */
export interface AppliedStacks {
  readonly changes: PlanCounts;
  /** Addresses of roles that a plan destroyed or replaced. */
  readonly rolesLost: readonly string[];
}

/** The names of the AWS stacks of the environments, target roles first: a pod's roles then exist before its association. */
export function awsStacks(blueprints: readonly Blueprint[]): string[] {
  return blueprints.flatMap(({ environment, targetRoles }) => {
    const accounts = new Set(targetRoles.map(({ account }) => account.key));
    return [...[...accounts].map((account) => targetsStackName(environment, account)), identityStackName(environment)];
  });
}

/** The names of the stacks of service accounts of an environment. */
export function serviceAccountStacks({ environment, serviceAccounts }: Blueprint): string[] {
  const clusters = new Set(serviceAccounts.flatMap(({ context, cluster }) => (context === undefined ? [] : [cluster])));
  return [...clusters].map((cluster) => serviceAccountsStackName(environment, cluster));
}

/** Writes the stacks and makes those of AWS ready for an apply; later changes of the stacks need no new `terraform init`. */
export async function initialiseStacks(project: ProjectCopy, say: (what: string) => void): Promise<void> {
  say('synthesis');
  await synthesize(project.roots, project.variables);
  for (const stack of project.awsStacks) {
    say(`${basename(project.terraform)} init of ${stack}`);
    await initialise(terraformIn(project, stack));
  }
}

/**
 * Writes the stacks again and applies those that are named: those of AWS with Terraform, then those of service accounts with the requests
 * that the Kubernetes provider makes. Service accounts that Terraform does not manage are annotated as by hand, and other tools change the associations that they own.
 */
export async function applyStacks(
  project: ProjectCopy,
  inventory: Inventory,
  stacks: readonly string[],
  say: (what: string) => void,
): Promise<AppliedStacks> {
  say('synthesis');
  await synthesize(project.roots, project.variables);
  const changes: PlanCounts[] = [];
  const rolesLost: string[] = [];
  for (const stack of stacks.filter((name) => project.awsStacks.includes(name))) {
    say(`plan and apply ${stack}`);
    const plan = await planAndApply(terraformIn(project, stack));
    changes.push(plan.counts);
    for (const { type, action, address } of plan.changes)
      if (type === 'aws_iam_role' && (action === 'delete' || action === 'replace')) rolesLost.push(address);
  }
  say('service accounts');
  const clusters = {
    kubernetes: project.sandbox.kubernetes,
    roots: project.roots,
    states: project.serviceAccounts,
  };
  const blueprint = compile(inventory, project.environment);
  changes.push(await applyServiceAccounts(clusters, blueprint, stacks));
  const owners = await playAssociationOwners(project.sandbox, blueprint);
  if (owners.length > 0) say(`the owners ${owners.join(', ')}`);
  return { changes: sumOf(changes), rolesLost };
}

function terraformIn({ terraform, roots, variables }: ProjectCopy, stack: string) {
  return { binary: terraform, folder: join(roots, stack), environment: variables };
}

/**
 * Copies an inventory's files into `folder` at the same paths relative to each other, so that their `include` finds them there. The folder
 * looks like the top of a repository: `include` may reach all copies, and nothing else.
 * `files`: the first file first. Gives the path of its copy.
 */
export function copyInventory(files: readonly string[], folder: string): string {
  const paths = files.map((file) => resolve(file));
  const [first = resolve('inventory.yaml')] = paths;
  let base = dirname(first);
  while (paths.some((path) => relative(base, path).startsWith('..'))) base = dirname(base);
  for (const path of paths) {
    const copy = join(folder, relative(base, path));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(path, copy);
  }
  mkdirSync(join(folder, '.git'), { recursive: true });
  return join(folder, relative(base, first));
}
