import { identityStackName, targetsStackName } from '../../inventory/stackNames';
import type { Blueprint, TargetRole } from '../../blueprint/Blueprint';
import type { Cluster, Environment, Workload } from '../../inventory/Inventory';
import { applyCommands } from '../evidence/applyCommands';

/** What is asked about: an environment, or one workload of it. */
export interface Scope {
  readonly environment: Environment;
  /** Of the whole environment. */
  readonly blueprint: Blueprint;
  readonly workloads: readonly Workload[];
  /** Those that run any of the workloads; all where the whole environment is meant. */
  readonly clusters: readonly Cluster[];
}

/** The clusters that run a workload. */
export function clustersOf({ environment }: Scope, workload: Workload): readonly Cluster[] {
  return environment.clusters.filter(({ key }) => workload.clusters.includes(key));
}

/** The stack of a target role. */
export function stackOfTarget({ environment }: Scope, { account }: TargetRole): string {
  return account.key === environment.account.key
    ? identityStackName(environment.key)
    : targetsStackName(environment.key, account.key);
}

/** `Apply …:` with the commands for these stacks. */
export function applied(
  stacks: readonly string[],
  sentence = 'See what differs, and apply the stage that the inventory has:',
): string {
  return [sentence, ...applyCommands(stacks)].join('\n');
}
