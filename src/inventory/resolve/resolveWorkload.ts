import type { Segments } from '../Finding';
import type { Account, Environment, PolicyImports, ResourcePolicy, Stage, Target, Workload } from '../Inventory';
import { present } from '../source/plainData';
import type { MergedWorkload } from './mergeOverrides';
import type { Replacer } from './replacer';
import type { ExpandedAccount } from './resolveExpanded';
import { resolveSubjects } from './resolveSubjects';
import { resolvePermissions, type RolePlace } from './resolvePermissions';
import { completeRole, replaceRole, roleName } from './resolveRole';

/** The environment of a workload, and what resolving needs besides. */
export interface WorkloadContext {
  readonly environment: Omit<Environment, 'workloads'>;
  readonly stage: Stage;
  readonly clusters: readonly string[];
  /** What `expanded` has for it. Absent: nothing. */
  readonly expanded?: readonly ExpandedAccount[];
  /** Those that the workload lists and that could be read. Absent: none. */
  readonly policies?: readonly ResourcePolicy[];
  readonly accountOf: (key: string) => Account;
  readonly replace: Replacer;
  readonly at: (...field: Segments) => Segments;
}

/** A complete workload in one environment: with defaults, replaced names, and the names of all its roles. */
export function resolveWorkload(key: string, merged: MergedWorkload, context: WorkloadContext): Workload {
  const { environment, stage, clusters, replace, at, expanded = [], policies = [] } = context;
  const { wave, because, found, sdk, compute = 'ec2', sessionTags = true, role, association } = merged;
  const { adopt = false, manage, imports } = role ?? {};
  const { subjects, patterns } = resolveSubjects(merged, clusters, expanded);
  const language = sdk?.language;
  const version = sdk?.version;
  return {
    key,
    ...present({ wave, because, found }),
    stage,
    subjects,
    ...(patterns.length > 0 && { patterns }),
    ...(language !== undefined && version !== undefined && { sdk: { language, version } }),
    compute,
    sessionTags,
    role: {
      ...completeRole(
        replaceRole(role, replace, (field) => at('role', field)),
        // A default path would name another role, so a role that exists has no defaults.
        adopt || manage !== undefined ? {} : environment.role,
        environment.account.id,
        roleName(environment.key, key),
      ),
      adopt,
      tags: { ...role?.tags },
      ...present({
        manage,
        description: role?.description,
        keepTrust: role?.keepTrust,
        adoptedTrust: role?.adoptedTrust,
      }),
      imports: {
        ...policyImports(imports),
        associations: { ...imports?.associations },
      },
    },
    // What `external` without `as` means, the rule `association-owner` reports.
    ...(association?.manage === 'external' && association.as !== undefined && { associationOwner: association.as }),
    permissions: resolvePermissions(merged.permissions, placeOf(context, environment.account.id), replace, (...field) =>
      at('permissions', ...field),
    ),
    targets: resolveTargets(key, merged, context),
    ...(policies.length > 0 && { resourcePolicies: policies }),
    clusters,
  };
}

/** Where a role of the workload in an account applies. */
function placeOf({ environment, clusters }: WorkloadContext, accountId: string): RolePlace {
  return {
    partition: environment.partition,
    accountId,
    region: environment.region,
    clusters: environment.clusters.filter(({ key }) => clusters.includes(key)),
  };
}

function policyImports({
  role,
  managedPolicies = [],
  inlinePolicies = [],
}: Partial<PolicyImports> = {}): PolicyImports {
  return { ...(role === true && { role }), managedPolicies, inlinePolicies };
}

function resolveTargets(workload: string, { targets = {} }: MergedWorkload, context: WorkloadContext): Target[] {
  const { environment, accountOf, replace, at } = context;
  return Object.entries(targets).flatMap(([key, written]) => {
    const account = accountOf(written.account ?? '');
    if (!(written.environments?.includes(environment.key) ?? true)) return [];
    const own = replaceRole(written.role, replace, (field) => at('targets', key, 'role', field));
    const { adopt = false, manage, description, tags, keepTrust } = written.role ?? {};
    // A default would change a role that exists.
    const defaults = adopt || manage !== undefined ? {} : environment.role;
    return {
      key,
      account,
      via: written.via ?? 'workload',
      role: {
        ...completeRole(own, defaults, account.id, roleName(environment.key, workload, key)),
        ...(adopt && { adopt }),
        ...present({ manage, description, tags, keepTrust }),
      },
      ...(written.role?.imports !== undefined && { imports: policyImports(written.role.imports) }),
      permissions: resolvePermissions(written.permissions, placeOf(context, account.id), replace, (...field) =>
        at('targets', key, 'permissions', ...field),
      ),
    };
  });
}
