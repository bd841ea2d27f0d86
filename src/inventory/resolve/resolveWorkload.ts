import type { Segments } from '../Issue';
import type { Account, Environment, Stage, Target, Workload } from '../Inventory';
import type { Replacer } from './replacer';
import type { MergedWorkload } from './mergeOverrides';
import { resolvePermissions } from './resolvePermissions';
import { completeRole, replaceRole, roleDefaults } from './resolveRole';
import { roleName } from './roleName';

/** What a workload is resolved with. */
export interface WorkloadSurroundings {
  readonly environment: Omit<Environment, 'workloads'>;
  readonly stage: Stage;
  readonly clusters: readonly string[];
  readonly accountOf: (key: string) => Account;
  readonly replace: Replacer;
  readonly at: (...field: Segments) => Segments;
}

/** A workload in one environment, whole: defaults filled in, names replaced, its role and its targets' roles named. */
export function resolveWorkload(key: string, merged: MergedWorkload, surroundings: WorkloadSurroundings): Workload {
  const { environment, stage, clusters, replace, at } = surroundings;
  const {
    wave,
    because,
    found,
    namespace,
    serviceAccount,
    sdk,
    compute = 'ec2',
    sessionTags = true,
    role,
    permissions,
  } = merged;
  const adopt = role?.adopt ?? false;
  const ownRole = replaceRole(role, replace, (field) => at('role', field));
  return {
    key,
    ...(wave !== undefined && { wave }),
    stage,
    ...(because !== undefined && { because }),
    ...(found !== undefined && { found }),
    namespace,
    serviceAccount: {
      name: serviceAccount.name,
      // The account of a role that exists exists too: to create the account would fail.
      manage: serviceAccount.manage ?? (adopt ? 'annotate' : 'create'),
      ...(serviceAccount.adopt === true && { adopt: true }),
    },
    ...(sdk?.language !== undefined &&
      sdk.version !== undefined && { sdk: { language: sdk.language, version: sdk.version } }),
    compute,
    sessionTags,
    role: {
      ...completeRole(
        ownRole,
        roleDefaults(environment.role, adopt),
        environment.account.id,
        roleName(environment.key, key),
      ),
      adopt,
      ...(role?.description !== undefined && { description: role.description }),
      tags: { ...role?.tags },
      ...(role?.keepTrust !== undefined && { keepTrust: role.keepTrust }),
      ...(role?.adoptedTrust !== undefined && { adoptedTrust: role.adoptedTrust }),
      imports: {
        managedPolicies: role?.imports?.managedPolicies ?? [],
        inlinePolicies: role?.imports?.inlinePolicies ?? [],
        associations: { ...role?.imports?.associations },
      },
    },
    permissions: resolvePermissions(permissions, environment.partition, replace, (...field) =>
      at('permissions', ...field),
    ),
    targets: resolveTargets(key, merged, surroundings),
    clusters,
  };
}

function resolveTargets(
  workload: string,
  merged: MergedWorkload,
  surroundings: WorkloadSurroundings,
): readonly Target[] {
  const { environment, accountOf, replace, at } = surroundings;
  return Object.entries(merged.targets ?? {}).flatMap(([key, written]) => {
    const account = accountOf(written.account ?? '');
    if (!(written.environments?.includes(environment.key) ?? true)) return [];
    const own = replaceRole(written.role, replace, (field) => at('targets', key, 'role', field));
    return {
      key,
      account,
      via: written.via ?? 'workload',
      role: completeRole(own, environment.role, account.id, roleName(environment.key, workload, key)),
      permissions: resolvePermissions(written.permissions, environment.partition, replace, (...field) =>
        at('targets', key, 'permissions', ...field),
      ),
    };
  });
}
