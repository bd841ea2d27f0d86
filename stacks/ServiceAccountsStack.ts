import type { Blueprint, ServiceAccount } from '../blueprint/Blueprint';
import { Construct } from '../modules/cdktf';
import { literal } from '../modules/literal';
import { KubernetesProvider } from '../modules/providers';
import { WorkloadServiceAccount } from '../modules/WorkloadServiceAccount';
import { backend } from './backend';
import { LiteralStack } from './LiteralStack';
import { type Kubeconfig, kubeconfig } from './kubeconfig';
import { roleArnsOutput } from './roleArnsOutput';

/** `<environment>-service-accounts-<cluster>`: the service accounts of one cluster that Terraform manages. */
export class ServiceAccountsStack extends LiteralStack {
  constructor(
    scope: Construct,
    blueprint: Blueprint,
    cluster: string,
    context: string,
    accounts: readonly ServiceAccount[],
    kubeconfigs: Kubeconfig,
    stateDirectory?: string,
  ) {
    super(scope, `${blueprint.environment}-service-accounts-${cluster}`);
    backend(this, blueprint, stateDirectory);
    const { configPath, configPaths } = kubeconfig(kubeconfigs);
    new KubernetesProvider(this, 'kubernetes', {
      ...(configPath === undefined ? {} : { configPath: literal(configPath) }),
      ...(configPaths === undefined ? {} : { configPaths: configPaths.map(literal) }),
      configContext: literal(context),
    });
    this.addOverride('terraform.required_providers.kubernetes.version', '>= 2.23.0, < 4.0.0');

    const workloadScope = new Construct(this, 'workloads');
    for (const account of accounts) new WorkloadServiceAccount(workloadScope, account.workload, account);
    const arnOf = new Map(blueprint.roles.map(({ workload, arn }) => [workload, literal(arn)]));
    roleArnsOutput(this, Object.fromEntries(accounts.map(({ workload }) => [workload, arnOf.get(workload)])));
  }
}
