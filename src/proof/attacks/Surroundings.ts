import { roleArn } from '../../blueprint/arns';
import type { Cluster, Environment, Inventory, Workload } from '../../inventory/Inventory';

/** Who else there is around the workloads of an environment. */
export interface Surroundings {
  /** All clusters of the environment's account, in whichever environment. */
  readonly clusters: readonly Cluster[];
  /** The id of an account that has no business here. */
  readonly foreignAccount: string;
  /** The ARN of some other workload's role, where there is one. */
  readonly neighbourOf: (workload: Workload) => string | undefined;
}

const FOREIGN_ACCOUNTS = ['999999999999', '888888888888'];

/** The surroundings of an environment in its inventory. */
export function surroundingsOf(inventory: Inventory, environment: Environment): Surroundings {
  const { account, partition, workloads } = environment;
  const indexes = new Map(workloads.map(({ key }, index) => [key, index]));
  return {
    clusters: inventory.environments
      .filter((other) => other.account.id === account.id)
      .flatMap(({ clusters }) => clusters),
    foreignAccount:
      FOREIGN_ACCOUNTS.find((id) => inventory.accounts.every((known) => known.id !== id)) ?? '777777777777',
    neighbourOf: ({ key }) => {
      const neighbour = workloads[((indexes.get(key) ?? 0) + 1) % workloads.length];
      if (neighbour === undefined || neighbour.key === key) return undefined;
      return roleArn(partition, account.id, neighbour.role.path, neighbour.role.name);
    },
  };
}
