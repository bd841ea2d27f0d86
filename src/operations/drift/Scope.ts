import { identityStackName, targetsStackName } from '../../inventory/stackNames';
import type { Blueprint, TargetRole } from '../../blueprint/Blueprint';
import type { Account, Cluster, Environment, Workload } from '../../inventory/Inventory';
import { APPLY_STAGE, applyCommands } from '../evidence/applyCommands';
import type { Remedy } from './Difference';

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

/** `…apply:` with the commands for these stacks, below a sentence of its own where applying is not all there is to say. */
export function applied(stacks: readonly string[], sentence = APPLY_STAGE): Remedy {
  return { remedy: [sentence, ...applyCommands(stacks)].join('\n'), apply: stacks };
}

/** Whose credentials a command of the AWS CLI needs. podlift itself takes the account's `deployRole`, a shell does not. */
export function credentialsOf({ key, id }: Account): string {
  return `with credentials of ${key} (${id})`;
}

/** The same behind a sentence that leads to commands; nothing where an operator's own credentials are of this account anyway. */
export function byCredentials(account: Account): string {
  return account.deployRole === undefined ? '' : `, ${credentialsOf(account)}`;
}
