import type { Blueprint } from '../blueprint/Blueprint';
import { Construct } from '../modules/cdktf';
import { literal } from '../modules/literal';
import { WorkloadRole } from '../modules/WorkloadRole';
import { awsProviders } from './awsProviders';
import { backend } from './backend';
import { LiteralStack } from './LiteralStack';
import { roleArnsOutput } from './roleArnsOutput';

/** `<environment>-targets-<account>`: the roles in one other account that the environment's workloads reach. */
export class TargetsStack extends LiteralStack {
  constructor(scope: Construct, blueprint: Blueprint, account: Blueprint['account'], stateDirectory?: string) {
    super(scope, `${blueprint.environment}-targets-${account.key}`);
    backend(this, blueprint, stateDirectory);
    awsProviders(this, blueprint, account, []);

    const targets = blueprint.targetRoles.filter((role) => role.account.key === account.key);
    const arns: Record<string, Record<string, string>> = {};
    const workloadScope = new Construct(this, 'workloads');
    for (const role of targets) {
      const scope = workloadScope.node.tryFindChild(role.workload) ?? new Construct(workloadScope, role.workload);
      new WorkloadRole(scope, role.target, role);
      arns[role.workload] = { ...arns[role.workload], [role.target]: literal(role.arn) };
    }
    roleArnsOutput(this, arns);
  }
}
