import type { Blueprint } from '../src/blueprint/Blueprint';
import type { App } from '../modules/cdktf';
import { IdentityStack } from './IdentityStack';
import type { Kubeconfig } from './kubeconfig';
import { ServiceAccountsStack } from './ServiceAccountsStack';
import { TargetsStack } from './TargetsStack';

/**
 * Adds the stacks of one environment to the app. `kubeconfigs` are the operator's; `stateDirectory` keeps every state in local files of that folder.
 * Service accounts come after the roles that their annotations name; all else can be applied in any order. A cluster with a context has its
 * stack also where Terraform manages none of the accounts: its state may have accounts from before, which are forgotten and not deleted.
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
