import type { CompareRule } from '../CompareRule';
import type { Comparison } from '../compare';
import { renamedClusters, renamedEnvironments, renamedTargets, renamedWorkloads } from '../renames';

const PUT_BACK = 'put the key back; what people read can change in `description` and in comments.';

/** Keys never change: resources in Terraform's state are named by them. */
export const keyRenamed: CompareRule = {
  name: 'key-renamed',
  severities: ['error'],
  what: 'Keys of environments, clusters, workloads, targets and accounts of targets do not change.',
  example: 'workload "orders-api" is called "orders" in prod now: its role would be destroyed and created again',
  *check(comparison) {
    const { environments, workloads } = comparison;
    for (const { from, to } of renamedEnvironments(comparison)) {
      yield {
        path: ['environments', to.key],
        message: `environment "${from.key}" is called "${to.key}" now: its stacks and all its roles would be created again beside the old ones`,
        hint: `Stacks and roles are named by the key: ${PUT_BACK}`,
      };
    }
    for (const environment of environments.kept) {
      for (const { from, to } of renamedClusters(environment)) {
        yield {
          path: ['environments', environment.head.key, 'clusters', to.key],
          message: `cluster "${from.key}" of ${environment.head.key} is called "${to.key}" now: its agent and all its associations would be destroyed and created again`,
          hint: `Resources are named by the key: ${PUT_BACK}`,
        };
      }
    }
    for (const { from, to, environment } of renamedWorkloads(comparison)) {
      yield {
        path: ['workloads', to.key],
        message: `workload "${from.key}" is called "${to.key}" in ${environment.head.key} now: its role would be destroyed and created again`,
        hint: `Resources are named by the key: ${PUT_BACK}`,
      };
    }
    for (const workload of workloads) {
      for (const { from, to } of renamedTargets(workload)) {
        yield {
          path: ['workloads', workload.head.key, 'targets', to.key],
          message: `target "${from.key}" of workload "${workload.head.key}" is called "${to.key}" in ${workload.environment.head.key} now: its role would be destroyed and created again`,
          hint: `Resources are named by the key: ${PUT_BACK}`,
        };
      }
    }
    yield* renamedAccounts(comparison);
  },
};

/** The stack of an environment's roles in another account is named by that account's key. */
function* renamedAccounts({ accounts, base }: Comparison) {
  const used = new Set(
    base.environments.flatMap(({ workloads }) =>
      workloads.flatMap(({ targets }) => targets.map(({ account }) => account.key)),
    ),
  );
  for (const from of accounts.removed) {
    const to = accounts.added.find(({ id }) => id === from.id);
    if (to === undefined || !used.has(from.key)) continue;
    yield {
      path: ['accounts', to.key],
      message: `account "${from.key}" is called "${to.key}" now: the stacks of the roles in it would begin with an empty state`,
      hint: `Stacks are named by the key: ${PUT_BACK}`,
    };
  }
}
