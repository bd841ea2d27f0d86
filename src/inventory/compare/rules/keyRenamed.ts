import type { CompareRule, TwoVersions } from '../compare';

const RESTORE = 'Restore the key: it is part of their names. For people, change `description` or comments.';

/** Names of stacks, roles and resources in Terraform's state contain the keys. */
export const keyRenamed: CompareRule = {
  name: 'key-renamed',
  what: 'Keys of environments, clusters, workloads, targets and accounts of targets do not change.',
  example:
    'workload "orders-api" is renamed to "orders" in prod: the next apply would destroy its role and create another',
  *check(comparison) {
    const again = 'the next apply would destroy its role and create another';
    const { environments, clusters, workloads, targets } = comparison.renamed;
    for (const { from, to } of environments)
      yield {
        path: ['environments', to.key],
        message: `environment "${from.key}" is renamed to "${to.key}": podlift would create its stacks and roles again beside the old ones`,
        hint: RESTORE,
      };
    for (const { from, to, environment } of clusters)
      yield {
        path: ['environments', environment.head.key, 'clusters', to.key],
        message: `cluster "${from.key}" of ${environment.head.key} is renamed to "${to.key}": the next apply would destroy its agent and associations and create others`,
        hint: RESTORE,
      };
    for (const { from, to, environment } of workloads)
      yield {
        path: ['workloads', to.key],
        message: `workload "${from.key}" is renamed to "${to.key}" in ${environment.head.key}: ${again}`,
        hint: RESTORE,
      };
    for (const { from, to, workload } of targets)
      yield {
        path: ['workloads', workload.head.key, 'targets', to.key],
        message: `target "${from.key}" of workload "${workload.head.key}" is renamed to "${to.key}" in ${workload.environment.head.key}: ${again}`,
        hint: RESTORE,
      };
    yield* renamedAccounts(comparison);
  },
};

/** The name of the stack of target roles contains the key of their account. */
function* renamedAccounts({ accounts, base }: TwoVersions) {
  const workloads = base.environments.flatMap((environment) => environment.workloads);
  const used = new Set(workloads.flatMap(({ targets }) => targets.map(({ account }) => account.key)));
  for (const from of accounts.removed) {
    const to = accounts.added.find(({ id }) => id === from.id);
    if (to === undefined || !used.has(from.key)) continue;
    yield {
      path: ['accounts', to.key],
      message: `account "${from.key}" is renamed to "${to.key}": the stacks of its target roles would start with an empty state`,
      hint: RESTORE,
    };
  }
}
