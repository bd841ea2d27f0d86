import { AGENT } from '../../aws/knownAddons';
import { type Cluster, type Environment, isPast } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import { addonRemoval, type CompareRule, type Kept, type TwoVersions } from '../compare';

/**
 * Without its entry Terraform destroys a resource. There are two ways to make Terraform forget it instead. If the cluster stays, remove
 * `agent` or `provider: managed`. For an add-on, release its workloads.
 */
export const adoptedRemoved: CompareRule = {
  name: 'adopted-removed',
  what: 'Agents, add-ons and OIDC providers that podlift manages keep their entries, and stay adopted or kept.',
  example: 'add-on aws-ebs-csi-driver of cluster "main" of prod is removed: the next apply would destroy it',
  *check(comparison) {
    for (const base of comparison.base.environments) if (!comparison.isRenamed(base)) yield* clusters(base, comparison);
  },
};

function* clusters(
  base: Environment,
  { environments, isRenamed, allowedRemovals: allowed }: TwoVersions,
): Generator<RuleFinding> {
  const kept = environments.kept.find((one) => one.base === base);
  for (const before of base.clusters) {
    if (isRenamed(before)) continue;
    const whose = `of cluster "${before.key}" of ${base.key}`;
    const after = kept?.head.clusters.find(({ key }) => key === before.key);
    if (after === undefined) {
      const path = kept === undefined ? ['environments'] : ['environments', base.key, 'clusters'];
      const without = before.addons.find((one) => Object.keys(one.serviceAccounts).length === 0);
      const onPurpose = without === undefined ? '' : ` ${howItLeaves(without.name, without.serviceAccounts)}`;
      for (const what of managedOf(base, before, allowed))
        yield {
          path,
          message: `${what} ${whose} is removed with its cluster: the next apply would destroy it`,
          hint: `${howClusterLeaves(base, before)}${onPurpose}`,
        };
      continue;
    }
    const path = ['environments', base.key, 'clusters', before.key];
    if (before.agent?.adopt === true && after.agent?.adopt === false)
      yield {
        path,
        message: `the agent ${whose} is no longer adopted: podlift would remove the agent with its last workload`,
        hint: 'Restore agent.adopt: true. Or remove agent: Terraform then forgets the agent and leaves it running.',
      };
    if (kept !== undefined && losesAgent(kept, before, after) && !allowed.has(addonRemoval(AGENT)))
      yield {
        path,
        message: `the agent ${whose} is no longer kept, and no workload is past irsa: the next apply would destroy it`,
        hint: `Restore agent.keep: true while pods of others use the agent. To destroy the agent once the cluster has no association: podlift check --base REVISION --allow-removal ${addonRemoval(AGENT)}.`,
      };
    for (const { name, serviceAccounts, adopt } of before.addons) {
      const now = after.addons.find((one) => one.name === name);
      if (now === undefined && !isForgotten(base, serviceAccounts) && !allowed.has(addonRemoval(name)))
        yield {
          path,
          message: `add-on ${name} ${whose} is removed: the next apply would destroy it`,
          hint: `Restore the add-on. ${howItLeaves(name, serviceAccounts)}`,
        };
      else if (now !== undefined && adopt && !now.adopt)
        yield {
          path,
          message: `add-on ${name} ${whose} is no longer adopted: Terraform would overwrite its configuration`,
          hint: 'Restore adopt: true.',
        };
    }
  }
}

/** Whether `keep` of an agent goes while nothing else keeps the agent. Without its entry Terraform forgets the agent instead. */
function losesAgent({ head }: Kept<Environment>, before: Cluster, after: Cluster): boolean {
  const { agent } = after;
  const needed = isNeeded(head, after.key);
  return before.agent?.keep === true && agent !== undefined && agent.keep !== true && !agent.adopt && !needed;
}

function isNeeded({ workloads }: Environment, cluster: string): boolean {
  return workloads.some(({ stage, clusters }) => isPast(stage, 'irsa') && clusters.includes(cluster));
}

/** What an operator does before the cluster is removed. Without an agent no workload can be past irsa, so the workloads leave the cluster first. */
function howClusterLeaves({ workloads }: Environment, { key, agent, addons, oidc }: Cluster): string {
  const past = workloads.filter(({ stage, clusters }) => isPast(stage, 'irsa') && clusters.includes(key));
  const names = past.map((workload) => workload.key).join(', ');
  const steps = [
    ...(past.length === 0 ? [] : [`once no pod of ${names} runs there, write clusters without ${key} for ${names}`]),
    ...(agent === undefined ? [] : ['remove its agent']),
    ...(addons.length === 0 ? [] : ['release the workloads of its add-ons (released: true)']),
    ...(oidc?.provider === 'managed' ? ['write oidc.provider: existing'] : []),
  ];
  return `Restore the cluster. Then ${steps.join(', ')}, and apply. After that remove the cluster.`;
}

/** Terraform forgets an add-on with its workloads. An add-on without workloads can only stay or be destroyed. */
function howItLeaves(name: string, serviceAccounts: Readonly<Record<string, string>>): string {
  return Object.keys(serviceAccounts).length > 0
    ? 'Release its workloads (released: true) and apply: Terraform then forgets the add-on, and its entry can be deleted.'
    : `To destroy add-on ${name} on purpose, once nothing on the cluster uses it: podlift check --base REVISION --allow-removal ${addonRemoval(name)}.`;
}

/** Whether an earlier apply has forgotten an add-on: all its workloads were released. */
function isForgotten({ workloads, released = [] }: Environment, serviceAccounts: Readonly<Record<string, string>>) {
  const owned = Object.values(serviceAccounts);
  return released.some(({ key }) => owned.includes(key)) && !workloads.some(({ key }) => owned.includes(key));
}

function managedOf(
  environment: Environment,
  { key, agent, addons, oidc }: Cluster,
  allowed: ReadonlySet<string>,
): string[] {
  const stands = agent !== undefined && (agent.adopt || agent.keep === true || isNeeded(environment, key));
  return [
    ...(stands ? ['the agent'] : []),
    ...addons
      .filter(
        ({ name, serviceAccounts }) => !isForgotten(environment, serviceAccounts) && !allowed.has(addonRemoval(name)),
      )
      .map(({ name }) => `add-on ${name}`),
    ...(oidc?.provider === 'managed' ? ['the OIDC provider'] : []),
  ];
}
