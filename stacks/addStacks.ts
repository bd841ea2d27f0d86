import type { Blueprint } from '../src/blueprint/Blueprint';
import type { App } from '../modules/cdktf';
import { IdentityStack } from './IdentityStack';
import type { Kubeconfig } from './kubeconfig';
import { ServiceAccountsStack } from './ServiceAccountsStack';
import { TargetsStack } from './TargetsStack';

/**
 * Adds the stacks of one environment to the app. `kubeconfigs` are the operator's; with `stateDirectory` all states are local files there.
 * Service accounts come after the roles in their annotations; the other stacks have no order. A cluster with a context has a stack even if
 * Terraform manages none of its accounts: an earlier state can have accounts, which Terraform must forget and not delete.
 */
export function addStacks(app: App, blueprint: Blueprint, kubeconfigs: Kubeconfig, stateDirectory?: string): void {
  const identity = new IdentityStack(app, blueprint, stateDirectory);

  const targetRoles = [...blueprint.targetRoles, ...blueprint.released.targetRoles];
  const accounts = new Map(targetRoles.map(({ account }) => [account.key, account]));
  for (const account of accounts.values()) new TargetsStack(app, blueprint, account, stateDirectory);

  const serviceAccounts = [...blueprint.serviceAccounts, ...blueprint.released.serviceAccounts];
  const contexts = new Map(
    serviceAccounts.flatMap(({ cluster, context }) => (context ? [[cluster, context] as const] : [])),
  );
  for (const [cluster, context] of contexts) {
    const stack = new ServiceAccountsStack(app, blueprint, cluster, context, kubeconfigs, stateDirectory);
    stack.addDependency(identity);
  }
}
