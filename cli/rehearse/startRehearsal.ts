import { join } from 'node:path';
import { compile } from '../../blueprint/compile';
import type { Inventory } from '../../inventory/Inventory';
import { awsPorts } from '../../operations/aws/awsPorts';
import { contextOf } from '../../operations/kubernetes/contextOf';
import { kubectlPorts } from '../../operations/kubernetes/kubectlPorts';
import { providerInstallation } from '../../operations/terraform/providerInstallation';
import { type Sandbox, startSandbox } from '../../sandbox/startSandbox';
import { awsStacks } from '../demo/awsStacks';
import { sandboxEnvironment } from '../sandboxEnvironment';
import { sandboxKubernetes } from '../sandboxKubernetes';
import { sandboxSeed } from '../sandboxSeed';
import { prepareStack, synthesizeCopy } from './applyCopy';
import { applyStacks, setAnnotations } from './applyStacks';
import { askAlways } from './askAlways';
import { createPods } from './createPods';
import type { Rehearsal } from './Rehearsal';
import { subjectsOf } from './Subject';
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
  const sandbox = await startSandbox({ seed: sandboxSeed(inventory, blueprints) });
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
      ports: () => ({ aws: awsPorts(), kubernetes: kubectlPorts({ environment: variables }) }),
      calls,
    };
    const applied = await applyStacks(beginning, inventory, stacks, say);
    setAnnotations(sandbox, inventory, key);
    for (const cluster of environment.clusters) {
      say(`pods on ${cluster.key}`);
      const there = subjects.filter((subject) => subject.cluster === cluster.key);
      if (there.length > 0) await createPods(there, contextOf(cluster), variables);
    }
    const asking = askAlways(sandbox, subjects);
    await asking.settle();
    const { asked, denied } = asking.take();
    return {
      rehearsal: { ...beginning, asking },
      walked: {
        environment: key,
        ...applied,
        calls: calls(),
        asked,
        denied: denied.map((one) => ({ ...one, named: false })),
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
