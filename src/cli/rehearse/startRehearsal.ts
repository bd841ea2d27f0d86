import { join } from 'node:path';
import { compile } from '../../blueprint/compile';
import type { Blueprint } from '../../blueprint/Blueprint';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Environment, Inventory } from '../../inventory/Inventory';
import { serviceAccountsStackName } from '../../inventory/stackNames';
import { awsPorts } from '../../estate/aws/awsPorts';
import { contextOf } from '../../estate/kubernetes/contextOf';
import { kubectlPorts } from '../../estate/kubernetes/kubectlPorts';
import { providerInstallation } from '../../runners/terraformInstallation';
import { type Sandbox, startSandbox } from '../../sandbox/startSandbox';
import { awsStacks } from '../demo/awsStacks';
import type { ProviderState } from '../kubernetes/serviceAccountProvider';
import { sandboxEnvironment } from '../sandboxEnvironment';
import { sandboxKubernetes } from '../sandboxKubernetes';
import { sandboxSeed } from '../sandboxSeed';
import { SEEN_TIMING } from '../sandboxTiming';
import { prepareStack, synthesizeCopy } from './applyCopy';
import { applyStacks } from './applyStacks';
import { standingStage } from '../seed/standingStage';
import { askAlways } from './askAlways';
import { createPods } from './createPods';
import type { Rehearsal } from './Rehearsal';
import { type Subject, subjectsOf } from './Subject';
import type { Walked } from './Walked';
import { workingCopy } from './workingCopy';

/** What a rehearsal is started with. */
export interface RehearsalPlan {
  readonly inventory: Inventory;
  /** The inventory's files, as `loadInventory` gives them. */
  readonly files: readonly string[];
  /** The environment's key. */
  readonly environment: string;
  /** Terraform's binary. */
  readonly terraform: string;
  /** Everything that is written goes there. */
  readonly folder: string;
}

/** A rehearsal that stands at the beginning of its walk. */
export interface Started {
  readonly rehearsal: Rehearsal;
  /** The apply of the inventory as it stands. */
  readonly walked: Walked;
  /** The variables of the sandbox, for work in this process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a sandbox, applies the AWS stacks of one environment as the inventory stands, and makes a Deployment for each workload on each of its
 * clusters, whose pods ask for credentials from then on.
 */
export async function startRehearsal(plan: RehearsalPlan, say: (what: string) => void): Promise<Started> {
  const { inventory, files, environment: key, folder } = plan;
  const environment = inventory.environments.find((one) => one.key === key);
  if (environment === undefined) throw new Error(`the inventory has no environment "${key}"`);
  const blueprint = compile(inventory, key);
  const blueprints = inventory.environments.map((one) => compile(inventory, one.key));
  const sandbox = await startSandbox({ seed: sandboxSeed(inventory, blueprints), ...SEEN_TIMING });
  try {
    const inventoryFile = workingCopy(files, join(folder, 'inventory'));
    const installation = await providerInstallation(folder);
    const variables = {
      ...sandboxEnvironment(
        sandbox,
        { ...installation.environment, ...sandboxKubernetes(sandbox, inventory, folder) },
        folder,
      ),
      PODLIFT_INVENTORY: inventoryFile,
      PODLIFT_ENVIRONMENT: key,
    };
    const stacks = awsStacks([blueprint]);
    const workshop = { terraform: plan.terraform, outdir: join(folder, 'cdktf.out'), environment: variables, stacks };
    say('cdktf synth');
    await synthesizeCopy(workshop);
    for (const stack of stacks) {
      say(`terraform init of ${stack}`);
      await prepareStack(workshop, stack);
    }
    const subjects = subjectsOf(environment, blueprint);
    const calls = () =>
      callsByOperators(sandbox, new Set([...blueprint.roles, ...blueprint.targetRoles].map(({ name }) => name)));
    const beginning = {
      environment: key,
      inventoryFile,
      sandbox,
      workshop,
      serviceAccounts: new Map<string, ProviderState>(),
      ports: () => ({ aws: awsPorts(), kubernetes: kubectlPorts({ environment: variables }) }),
      calls,
    };
    const startPods = async (those: readonly Subject[]) => {
      for (const cluster of environment.clusters) {
        const there = those.filter((subject) => subject.cluster === cluster.key);
        if (there.length === 0) continue;
        say(`pods on ${cluster.key}`);
        await createPods(there, contextOf(cluster), variables);
      }
    };
    // Pods of adopted roles run before podlift's first apply: what that takes from them shows.
    const early = subjects.filter((subject) => runsBefore(inventory, environment, blueprint, subject));
    await startPods(early);
    const before = askAlways(sandbox, early.map(withoutTargets));
    const all = [...stacks, ...serviceAccountStacks(blueprint)];
    const applied = await applyStacks(beginning, inventory, all, say)
      .then(async (done) => {
        await before.settle();
        return done;
      })
      .finally(() => before.stop());
    const first = before.take();
    await startPods(subjects.filter((subject) => !early.includes(subject)));
    const asking = askAlways(sandbox, subjects);
    await asking.settle();
    const then = asking.take();
    const denied = [...first.denied, ...then.denied].map((one) => ({ ...one, named: false }));
    return {
      rehearsal: { ...beginning, asking },
      walked: {
        environment: key,
        ...applied,
        calls: calls(),
        asked: first.asked + then.asked,
        denied,
      },
      environment: variables,
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

/** Whether pods of an adopted role run, and can have its credentials, before podlift's first apply. */
function runsBefore(
  inventory: Inventory,
  environment: Environment,
  { associations }: Blueprint,
  { workload: key, cluster }: Subject,
): boolean {
  const workload = environment.workloads.find((one) => one.key === key);
  const stage = workload && standingStage(inventory, environment, workload);
  if (stage === undefined) return false;
  if (STAGE_TABLE[stage].newPodUses === 'irsa') {
    // Without the cluster's OIDC provider, which the first apply creates, no pod had credentials.
    const oidc = environment.clusters.find(({ key: one }) => one === cluster)?.oidc;
    return oidc !== undefined && (oidc.provider === 'existing' || oidc.adopt);
  }
  // The sandbox has an association beforehand where the inventory imports it.
  return associations.some((one) => one.workload === key && one.cluster === cluster && one.importId !== undefined);
}

/** Before the first apply there are no target roles but those that EKS hands out itself, by an association that is imported. */
function withoutTargets(subject: Subject): Subject {
  const { source, targets } = subject.roles;
  return { ...subject, roles: { source, targets: targets.filter(({ via }) => via === 'association') } };
}

/** The names of the stacks of service accounts of an environment. */
function serviceAccountStacks({ environment, serviceAccounts }: Blueprint): string[] {
  const clusters = new Set(serviceAccounts.flatMap(({ context, cluster }) => (context === undefined ? [] : [cluster])));
  return [...clusters].map((cluster) => serviceAccountsStackName(environment, cluster));
}

/** The agent's calls for pods. */
const AGENT = 'eks-auth';

/** Calls that were made neither for a pod (by the agent, with its token) nor by a session of a workload's role. */
function callsByOperators(sandbox: Sandbox, workloadRoles: ReadonlySet<string>): number {
  return sandbox
    .calls()
    .filter(
      ({ account, service, principal }) =>
        account !== '' && service !== AGENT && !workloadRoles.has(principal.split('/')[1] ?? ''),
    ).length;
}
