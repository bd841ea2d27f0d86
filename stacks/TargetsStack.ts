import type { Blueprint, TargetRole } from '../src/blueprint/Blueprint';
import { Construct } from '../modules/cdktf';
import { forget } from '../modules/forget';
import { literal } from '../modules/literal';
import { childOf } from '../modules/subjectScope';
import { WorkloadRole } from '../modules/WorkloadRole';
import { awsProviders } from './awsProviders';
import { backend } from './backend';
import { AdoptingStack } from './AdoptingStack';
import { outputs } from './outputs';

/** `<environment>-targets-<account>`: the target roles of the environment's workloads in one other account. */
export class TargetsStack extends AdoptingStack {
  constructor(scope: Construct, blueprint: Blueprint, account: Blueprint['account'], stateDirectory?: string) {
    super(scope, `${blueprint.environment}-targets-${account.key}`);
    backend(this, blueprint, stateDirectory);
    awsProviders(this, blueprint, account, { regions: [], associations: [] });

    const rolesIn = (roles: Blueprint['targetRoles']) => roles.filter((role) => role.account.key === account.key);
    const workloadScope = new Construct(this, 'workloads');
    const roleOf = (role: TargetRole): WorkloadRole => {
      const scope = childOf(workloadScope, role.workload);
      return new WorkloadRole(scope, role.target, role);
    };
    const arns: Record<string, Record<string, string>> = {};
    const roles: WorkloadRole[] = [];
    // An external role that podlift managed before is forgotten.
    const left: string[] = [];
    for (const role of rolesIn(blueprint.targetRoles)) {
      if (role.manage === 'external') left.push(...roleOf(role).forgetRole());
      else roles.push(roleOf(role));
      arns[role.workload] = { ...arns[role.workload], [role.target]: literal(role.arn) };
    }
    this.addImports(roles);
    this.addRemoved([...left, ...rolesIn(blueprint.released.targetRoles).flatMap((role) => forget(roleOf(role)))]);
    outputs(this, blueprint, arns);
  }
}
