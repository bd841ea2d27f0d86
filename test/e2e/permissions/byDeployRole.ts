import type { Inventory } from '../../../src/inventory/Inventory';

/** The inventory with its accounts reached by deploy roles, whose policies the sandbox enforces. */
export function byDeployRole(inventory: Inventory): Inventory {
  const account = <T extends { readonly id: string }>(one: T): T => ({
    ...one,
    deployRole: `arn:aws:iam::${one.id}:role/podlift-deploy`,
  });
  return {
    ...inventory,
    accounts: inventory.accounts.map(account),
    environments: inventory.environments.map((environment) => ({
      ...environment,
      account: account(environment.account),
      workloads: environment.workloads.map((workload) => ({
        ...workload,
        targets: workload.targets.map((target) => ({ ...target, account: account(target.account) })),
      })),
    })),
  };
}
