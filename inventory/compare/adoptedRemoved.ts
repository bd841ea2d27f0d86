import type { Cluster, Environment } from '../Inventory';
import type { Found } from '../rules/Rule';
import type { Kept } from './compare';
import type { CompareRule } from './CompareRule';
import { renamedClusters, renamedEnvironments } from './renames';

/**
 * What stood there before podlift is not destroyed with its entry: Terraform's `prevent_destroy` goes together with the block that has it.
 * Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export const adoptedRemoved: CompareRule = {
  name: 'adopted-removed',
  severities: ['error'],
  what: 'Agents, add-ons and OIDC providers that were adopted stay in the inventory, adopted, at every stage.',
  example:
    'add-on aws-ebs-csi-driver of cluster "main" of prod was adopted and is taken out: the next apply would remove it',
  *check(comparison) {
    const moved = new Set(renamedEnvironments(comparison).map(({ from }) => from));
    for (const base of comparison.base.environments) {
      if (moved.has(base)) continue;
      const kept = comparison.environments.kept.find(({ head }) => head.key === base.key);
      yield* clusters(base, kept);
    }
  },
};

function* clusters(base: Environment, kept: Kept<Environment> | undefined): Generator<Found> {
  const called = new Set(kept === undefined ? [] : renamedClusters(kept).map(({ from }) => from.key));
  for (const before of base.clusters.filter(({ key }) => !called.has(key))) {
    const after = kept?.head.clusters.find(({ key }) => key === before.key);
    const path =
      kept === undefined
        ? ['environments']
        : ['environments', base.key, 'clusters', ...(after === undefined ? [] : [before.key])];
    const still = new Set(after === undefined ? [] : adoptedIn(after));
    for (const what of adoptedIn(before).filter((one) => !still.has(one)))
      yield removed(path, `${what} of cluster "${before.key}" of ${base.key}`);
  }
}

function adoptedIn({ agent, addons, oidc }: Cluster): string[] {
  return [
    ...(agent?.adopt === true ? ['the agent'] : []),
    ...addons.filter(({ adopt }) => adopt).map(({ name }) => `add-on ${name}`),
    ...(oidc?.adopt === true && oidc.provider === 'managed' ? ['the OIDC provider'] : []),
  ];
}

function removed(path: Found['path'], what: string): Found {
  return {
    path,
    message: `${what} was adopted and is taken out: the next apply would remove it`,
    hint: 'Put it back; or, to let go of it, take it out of the state first: docs/MIGRATION.md, “Letting go of what was adopted”.',
  };
}
