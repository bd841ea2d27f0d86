import type { Environment, Permissions, PolicyImports, ResolvedRole, Workload } from '../inventory/Inventory';
import { roleArn } from './arns';
import { associations } from './associations';
import type { Association, Role, ServiceAccount, SourceRole, TargetRole } from './Blueprint';
import { permissionPolicy } from './permissionPolicy';
import { roleTags } from './roleTags';
import { serviceAccounts } from './serviceAccounts';
import { sourceTrust } from './sourceTrust';
import { targetTrust } from './targetTrust';

/** The parts of a blueprint that belong to one workload. */
export interface WorkloadParts {
  readonly role: SourceRole;
  readonly targetRoles: readonly TargetRole[];
  readonly associations: readonly Association[];
  readonly serviceAccounts: readonly ServiceAccount[];
}

/** Compiles one workload of one environment. */
export function compileWorkload(environment: Environment, workload: Workload): WorkloadParts {
  const clusters = environment.clusters.filter(({ key }) => workload.clusters.includes(key));
  const sourceArn = roleArn(environment.partition, environment.account.id, workload.role.path, workload.role.name);

  const targetRoles = workload.targets.map((target): TargetRole => {
    const arn = roleArn(environment.partition, target.account.id, target.role.path, target.role.name);
    return {
      target: target.key,
      account: target.account,
      via: target.via,
      ...roleOf(environment, workload, target.role, arn, target.permissions, []),
      ...(target.role.adopt === true ? { adopt: true } : {}),
      ...(target.role.description === undefined ? {} : { description: target.role.description }),
      ...(target.role.manage === undefined && { tags: { ...target.role.tags, ...roleTags(environment, workload) } }),
      ...(target.imports === undefined ? {} : { imports: policyImports(target.imports) }),
      trust: targetTrust(environment, workload, target, clusters, sourceArn),
    };
  });
  const targetArns = targetRoles.map(({ arn }) => arn);
  const role: SourceRole = {
    adopt: workload.role.adopt,
    imports: policyImports(workload.role.imports),
    ...roleOf(environment, workload, workload.role, sourceArn, workload.permissions, targetArns),
    ...(workload.role.description === undefined ? {} : { description: workload.role.description }),
    ...(workload.role.manage === undefined && {
      tags: { ...workload.role.tags, ...roleTags(environment, workload) },
    }),
    trust: sourceTrust(environment, workload, clusters),
  };
  return {
    role,
    targetRoles,
    associations: associations(environment.key, workload, clusters, role, targetRoles),
    serviceAccounts: serviceAccounts(workload, clusters, sourceArn),
  };
}

function policyImports({ role, managedPolicies, inlinePolicies }: PolicyImports): PolicyImports {
  return { ...(role === true ? { role } : {}), managedPolicies, inlinePolicies };
}

function roleOf(
  environment: Environment,
  workload: Workload,
  { name, path, permissionsBoundary, maxSessionDuration, manage }: ResolvedRole,
  arn: string,
  permissions: Permissions,
  targetArns: readonly string[],
): Omit<Role, 'trust'> {
  const inline = permissionPolicy(permissions, targetArns);
  return {
    workload: workload.key,
    stage: workload.stage,
    name,
    path,
    arn,
    ...(inline === undefined ? {} : { inline }),
    inlinePolicies: Object.entries(permissions.inlinePolicies).map(([policy, document]) => ({
      name: policy,
      document,
    })),
    managedPolicies: permissions.managedPolicies,
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }),
    ...(manage === undefined ? {} : { manage }),
    tags: manage === undefined ? roleTags(environment, workload) : {},
  };
}
