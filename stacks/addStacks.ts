import type { Blueprint } from '../blueprint/Blueprint';
import type { App } from '../modules/cdktf';
import { IdentityStack } from './IdentityStack';
import type { Kubeconfig } from './kubeconfig';
import { ServiceAccountsStack } from './ServiceAccountsStack';
import { TargetsStack } from './TargetsStack';

/**
 * Adds the stacks of one environment to the app. `kubeconfigs` are the operator's; `stateDirectory` keeps every state in local files of that folder.
 * Service accounts come after the roles that their annotations name; all else can be applied in any order.
 */
export function addStacks(app: App, blueprint: Blueprint, kubeconfigs: Kubeconfig, stateDirectory?: string): void {
  const identity = new IdentityStack(app, blueprint, stateDirectory);

  const accounts = new Map(blueprint.targetRoles.map(({ account }) => [account.key, account]));
  for (const account of accounts.values()) new TargetsStack(app, blueprint, account, stateDirectory);

  const managed = blueprint.serviceAccounts.filter(({ manage }) => manage !== 'none');
  const contexts = new Map(managed.flatMap(({ cluster, context }) => (context ? [[cluster, context] as const] : [])));
  for (const [cluster, context] of contexts) {
    const serviceAccounts = managed.filter((account) => account.cluster === cluster);
    new ServiceAccountsStack(
      app,
      blueprint,
      cluster,
      context,
      serviceAccounts,
      kubeconfigs,
      stateDirectory,
    ).addDependency(identity);
  }
}
