import type { Blueprint, ServiceAccount } from '../src/blueprint/Blueprint';
import { Construct } from '../modules/cdktf';
import { literal } from '../modules/literal';
import { KubernetesProvider } from '../modules/providers';
import { childOf, subjectScope } from '../modules/subjectScope';
import { WorkloadServiceAccount } from '../modules/WorkloadServiceAccount';
import { backend } from './backend';
import { AdoptingStack } from './AdoptingStack';
import { DEFAULT_KUBECONFIG, type Kubeconfig, kubeconfig } from './kubeconfig';
import { outputs } from './outputs';

/** `<environment>-service-accounts-<cluster>`: the service accounts of one cluster that Terraform manages, and those that it forgets. */
export class ServiceAccountsStack extends AdoptingStack {
  constructor(
    scope: Construct,
    blueprint: Blueprint,
    cluster: string,
    context: string,
    kubeconfigs: Kubeconfig,
    stateDirectory?: string,
  ) {
    super(scope, `${blueprint.environment}-service-accounts-${cluster}`);
    backend(this, blueprint, stateDirectory);
    new KubernetesProvider(this, 'kubernetes', { ...kubeconfig(kubeconfigs), configContext: literal(context) });
    if ('variable' in kubeconfigs)
      this.addOverride(`variable.${kubeconfigs.variable}`, {
        type: 'string',
        default: DEFAULT_KUBECONFIG,
        description: 'The path of the kubeconfig with the context of the cluster',
      });
    this.addOverride('terraform.required_providers.kubernetes.source', 'hashicorp/kubernetes');
    this.addOverride('terraform.required_providers.kubernetes.version', '>= 2.23.0, < 4.0.0');

    const workloadScope = new Construct(this, 'workloads');
    const isHere = (account: ServiceAccount) => account.cluster === cluster;
    const render = (account: ServiceAccount) => {
      const [parent, id] = account.isFirst
        ? [workloadScope, account.workload]
        : subjectScope(childOf(workloadScope, account.workload), account);
      return new WorkloadServiceAccount(parent, id, account);
    };
    const accounts = blueprint.serviceAccounts.filter(isHere).map(render);
    this.addImports(accounts);
    const released = blueprint.released.serviceAccounts
      .filter(isHere)
      .map((account) => render({ ...account, manage: 'none' }));
    this.addRemoved([...accounts, ...released].flatMap(({ removed }) => removed));
    const arnOf = new Map(blueprint.roles.map(({ workload, arn }) => [workload, literal(arn)]));
    const managed = blueprint.serviceAccounts.filter((account) => isHere(account) && account.manage !== 'none');
    outputs(this, blueprint, Object.fromEntries(managed.map(({ workload }) => [workload, arnOf.get(workload)])));
  }
}
