import { join } from 'node:path';
import type { Blueprint } from '../blueprint/Blueprint';
import { compile } from '../blueprint/compile';
import { STAGE_TABLE } from '../blueprint/stageTable';
import { awsPorts } from '../estate/aws/awsPorts';
import { contextOf } from '../estate/places';
import { EFFECTIVE_AFTER_SECONDS } from '../operations/associationEffect';
import { kubectlPorts } from '../estate/kubernetes/kubectlPorts';
import type { Environment, Inventory } from '../inventory/Inventory';
import { createPods, missingKubectl } from '../runners/kubectl';
import { findTerraform, providerInstallation, type Terraform } from '../runners/terraformInstallation';
import { type Sandbox, startSandbox } from '../sandbox/startSandbox';
import { standingStage } from './adoptedRole';
import {
  applyStacks,
  awsStacks,
  copyInventory,
  initialiseStacks,
  type ProjectCopy,
  serviceAccountStacks,
} from './applyStacks';
import { type AskingWorkload, askingWorkloads, keepAsking } from './keepAsking';
import { passRenewal, passSeconds, rehearsalTime } from './rehearsalTime';
import type { RehearsedStep, Rehearsal } from './rehearseStep';
import type { Move } from './planWalk';
import { sandboxEnvironment, sandboxKubernetes, SEEN_TIMING } from './sandboxEnvironment';
import { sandboxSeed } from './sandboxSeed';

/** Terraform, when this machine has kubectl too; else what is missing, in one line that says what to install. */
export async function findTools(): Promise<Terraform | { readonly missing: string }> {
  const terraform = await findTerraform();
  const missing = 'missing' in terraform ? undefined : await missingKubectl();
  return missing === undefined ? terraform : { missing };
}

/** What a rehearsal starts with. */
export interface RehearsalPlan {
  readonly inventory: Inventory;
  /** The inventory's files, as `loadInventory` gives them. */
  readonly files: readonly string[];
  /** The environment's key. */
  readonly environment: string;
  /** Terraform's binary. */
  readonly terraform: string;
  /** Whether a step waits until EKS sees its changes, as podlift tells an operator. Default: each step does. */
  readonly keepsWait?: (move: Move) => boolean;
}

/** A rehearsal before its first step. */
export interface StartedRehearsal {
  readonly rehearsal: Rehearsal;
  /** The result of the first apply: the inventory as it stands. */
  readonly first: RehearsedStep;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a sandbox, applies the stacks of one environment as the inventory stands, and creates a Deployment for each service account of each
 * workload on each of its clusters. Its pods ask for credentials from then on. Everything is written into `folder`.
 */
export async function startRehearsal(
  plan: RehearsalPlan,
  folder: string,
  say: (what: string) => void,
): Promise<StartedRehearsal> {
  const { inventory, environment: key } = plan;
  const environment = inventory.environments.find((one) => one.key === key);
  if (environment === undefined) throw new Error(`the inventory has no environment "${key}"`);
  const blueprint = compile(inventory, key);
  const blueprints = inventory.environments.map((one) => compile(inventory, one.key));
  const time = rehearsalTime();
  const sandbox = await startSandbox({ seed: sandboxSeed(inventory, blueprints), ...SEEN_TIMING, ...time.sandbox });
  try {
    const inventoryFile = copyInventory(plan.files, join(folder, 'inventory'));
    const installation = await providerInstallation(folder);
    const kubernetes = sandboxKubernetes(sandbox, inventory, folder);
    const variables = {
      ...sandboxEnvironment(sandbox, { ...installation.environment, ...kubernetes }, folder),
      PODLIFT_INVENTORY: inventoryFile,
      PODLIFT_ENVIRONMENT: key,
    };
    const project: ProjectCopy = {
      environment: key,
      sandbox,
      terraform: plan.terraform,
      roots: join(folder, 'roots'),
      variables,
      awsStacks: awsStacks([blueprint]),
      serviceAccounts: new Map(),
    };
    await initialiseStacks(project, say);

    const workloads = askingWorkloads(environment, blueprint);
    const startPods = async (these: readonly AskingWorkload[]) => {
      for (const cluster of environment.clusters) {
        const onCluster = these.filter((workload) => workload.cluster === cluster.key);
        if (onCluster.length === 0) continue;
        say(`pods on ${cluster.key}`);
        await createPods(onCluster, contextOf(cluster), variables);
      }
    };
    // Pods of adopted roles run before podlift's first apply: they show what the apply takes from them.
    const early = workloads.filter((workload) => runsBefore(inventory, environment, blueprint, workload));
    await startPods(early);
    const before = keepAsking(sandbox, early.map(withoutTargets));
    const all = [...project.awsStacks, ...serviceAccountStacks(blueprint)];
    const applied = await applyStacks(project, inventory, all, say)
      .then(async (done) => {
        await before.finishRound();
        await passSeconds(time, EFFECTIVE_AFTER_SECONDS, before.finishRound);
        passRenewal(time);
        await before.finishRound();
        return done;
      })
      .finally(() => before.stop());
    await startPods(workloads.filter((workload) => !early.includes(workload)));
    const asking = keepAsking(sandbox, workloads);
    await asking.finishRound();

    const roleNames = new Set([...blueprint.roles, ...blueprint.targetRoles].map(({ name }) => name));
    const calls = () => callsByOperators(sandbox, roleNames);
    const results = [before.takeResults(), asking.takeResults()];
    return {
      rehearsal: {
        project,
        inventoryFile,
        asking,
        time,
        keepsWait: plan.keepsWait ?? (() => true),
        ports: () => ({ aws: awsPorts(), kubernetes: kubectlPorts({ environment: variables }) }),
        calls,
      },
      first: {
        environment: key,
        ...applied,
        calls: calls(),
        asked: results.reduce((sum, { asked }) => sum + asked, 0),
        denied: results.flatMap(({ denied }) => denied).map((one) => ({ ...one, expected: false })),
      },
      stop: async () => {
        await asking.stop();
        await sandbox.stop();
      },
    };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** True when pods of an adopted role run, and can have its credentials, before podlift's first apply. */
function runsBefore(
  inventory: Inventory,
  environment: Environment,
  { associations }: Blueprint,
  { workload: key, cluster, namespace, serviceAccount }: AskingWorkload,
): boolean {
  const workload = environment.workloads.find((one) => one.key === key);
  const stage = workload && standingStage(inventory, environment, workload);
  if (stage === undefined) return false;
  if (STAGE_TABLE[stage].newPodUses === 'irsa') {
    // When the first apply creates the cluster's OIDC provider, no pod had credentials before.
    const oidc = environment.clusters.find(({ key: one }) => one === cluster)?.oidc;
    return oidc !== undefined && (oidc.provider === 'existing' || oidc.adopt);
  }
  // The sandbox has those associations that the inventory imports.
  return associations.some(
    (one) =>
      one.cluster === cluster &&
      one.namespace === namespace &&
      one.serviceAccount === serviceAccount &&
      one.importId !== undefined,
  );
}

/** Before the first apply, the only target roles are those that EKS itself assumes, by an imported association. */
function withoutTargets(workload: AskingWorkload): AskingWorkload {
  const { source, targets } = workload.roles;
  return { ...workload, roles: { source, targets: targets.filter(({ via }) => via === 'association') } };
}

/** The agent's calls for pods. */
const AGENT = 'eks-auth';

/** The number of calls that neither the agent made for a pod, nor a session of a workload's role. */
function callsByOperators(sandbox: Sandbox, workloadRoles: ReadonlySet<string>): number {
  return sandbox
    .calls()
    .filter(
      ({ account, service, principal }) =>
        account !== '' && service !== AGENT && !workloadRoles.has(principal.split('/')[1] ?? ''),
    ).length;
}
