import type { Blueprint } from '../blueprint/Blueprint';
import { type Inventory, type Stage } from '../inventory/Inventory';

/** The roles that a workload can use in an environment. */
export interface WorkloadAccess {
  readonly environment: string;
  /** The key of the workload. */
  readonly workload: string;
  /** Absent: it is in no wave. */
  readonly wave?: string;
  readonly stage: Stage;
  /** `namespace/name`, and patterns. */
  readonly serviceAccounts: readonly string[];
  /** Keys. */
  readonly clusters: readonly string[];
  readonly role: RoleName;
  /** The roles that it assumes from its own, by account. */
  readonly targets: readonly TargetAccess[];
}

interface RoleName {
  readonly name: string;
  readonly arn: string;
  /** The key of the account, and its id. */
  readonly account: string;
  readonly accountId: string;
}

interface TargetAccess extends RoleName {
  /** The key of the target. */
  readonly target: string;
  /** `workload`: the workload assumes the role. `association`: EKS does. */
  readonly via: 'workload' | 'association';
}

/** Workload → source role → target roles, in the order of the inventory; the target roles of a workload by account. */
export function accessOf(inventory: Inventory, blueprints: readonly Blueprint[]): readonly WorkloadAccess[] {
  return blueprints.flatMap(({ environment, account, roles, targetRoles }) => {
    const here = inventory.environments.find(({ key }) => key === environment);
    return roles.flatMap(({ workload: key, stage, name, arn }): readonly WorkloadAccess[] => {
      const workload = here?.workloads.find((one) => one.key === key);
      if (workload === undefined) return [];
      const { wave, subjects, patterns = [], clusters } = workload;
      return [
        {
          environment,
          workload: key,
          ...(wave !== undefined && { wave }),
          stage,
          serviceAccounts: [
            ...subjects.map((one) => `${one.namespace}/${one.name}`),
            ...patterns.flatMap((one) =>
              one.namespaces.flatMap((namespace) => one.serviceAccounts.map((account) => `${namespace}/${account}`)),
            ),
          ],
          clusters,
          role: { name, arn, account: account.key, accountId: account.id },
          targets: targetRoles
            .filter((one) => one.workload === key)
            .map((one): TargetAccess => ({
              target: one.target,
              name: one.name,
              arn: one.arn,
              account: one.account.key,
              accountId: one.account.id,
              via: one.via,
            }))
            .sort((one, other) => compareText(one.accountId, other.accountId) || compareText(one.name, other.name)),
        },
      ];
    });
  });
}

/** By code units: the same on each machine. */
function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
