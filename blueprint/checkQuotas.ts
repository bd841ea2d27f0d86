import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Problem } from '../inventory/Finding';
import type { Environment, Inventory, Stage, Workload } from '../inventory/Inventory';
import type { Blueprint, Role } from './Blueprint';
import { compileWorkload } from './compileWorkload';
import { QUOTAS, type Quota, type QuotaName } from './quotas';

/** The stage whose trust policy is the longest: both modes, everything on. */
const WIDEST_STAGE: Stage = 'dual';

/**
 * Holds every document and every count of the blueprints against the quotas of its account.
 * Takes the inventory and the blueprints of all its environments; gives an error for each quota that is passed, and a warning
 * for a trust policy that fits now but would not at a later stage of its wave. White space in a document is not counted by IAM.
 */
export function checkQuotas(inventory: Inventory, blueprints: readonly Blueprint[]): Problem[] {
  const limit = (accountId: string, name: QuotaName) => limitIn(inventory, accountId, name);
  return [
    ...blueprints.flatMap((blueprint) => checkRoles(blueprint, limit)),
    ...blueprints.flatMap(checkAssociations),
    ...checkAccounts(blueprints, limit),
    ...inventory.environments.flatMap((environment) => checkStagesAhead(environment, limit)),
  ];
}

type Limit = (accountId: string, name: QuotaName) => number;

/** What the account's environments say of a quota, the highest where they differ; AWS's default where none speaks. */
function limitIn({ environments }: Inventory, accountId: string, name: QuotaName): number {
  const raised = environments
    .filter(({ account }) => account.id === accountId)
    .flatMap(({ quotas }) => quotas[name] ?? []);
  return raised.length > 0 ? Math.max(...raised) : QUOTAS[name].value;
}

function checkRoles(blueprint: Blueprint, limit: Limit): Problem[] {
  const { account, tags } = blueprint;
  const check = (role: Role, accountId: string, path: string): Problem[] => {
    const over = (name: QuotaName, count: number, at = path) =>
      exceeded(name, count, limit(accountId, name), at, `role ${role.name} in ${blueprint.environment}`);
    return [
      ...over('trustPolicyLength', documentLength(role.trust)),
      ...over('inlinePolicyLength', role.inline === undefined ? 0 : documentLength(role.inline), `${path}.permissions`),
      ...over('managedPoliciesPerRole', role.managedPolicies.length, `${path}.permissions.managedPolicies`),
      ...over('roleNameLength', role.name.length, `${path}.role.name`),
      ...over('rolePathLength', role.path.length, `${path}.role.path`),
      ...over(
        'tagsPerResource',
        Object.keys({ ...tags, ...role.tags }).length,
        `environments.${blueprint.environment}.tags`,
      ),
    ];
  };
  return [
    ...blueprint.roles.flatMap((role) => check(role, account.id, `workloads.${role.workload}`)),
    ...blueprint.targetRoles.flatMap((role) =>
      check(role, role.account.id, `workloads.${role.workload}.targets.${role.target}`),
    ),
  ];
}

function checkAssociations({ environment, associations }: Blueprint): Problem[] {
  return [...countBy(associations.map(({ cluster }) => cluster))].flatMap(([cluster, count]) =>
    exceeded(
      'associationsPerCluster',
      count,
      QUOTAS.associationsPerCluster.value,
      `environments.${environment}.clusters.${cluster}`,
      `cluster ${cluster} in ${environment}`,
    ),
  );
}

/** Counts what the whole inventory puts into an account; what stands there besides podlift's is not known here. */
function checkAccounts(blueprints: readonly Blueprint[], limit: Limit): Problem[] {
  const accounts = new Map(
    blueprints
      .flatMap(({ account, targetRoles }) => [account, ...targetRoles.map((role) => role.account)])
      .map((account) => [account.id, account.key]),
  );
  const roles = countBy(
    blueprints.flatMap((blueprint) => [
      ...blueprint.roles.map(() => blueprint.account.id),
      ...blueprint.targetRoles.map(({ account }) => account.id),
    ]),
  );
  const providers = countBy(blueprints.flatMap(({ account, oidcProviders }) => oidcProviders.map(() => account.id)));
  return [...accounts].flatMap(([id, key]) => [
    ...exceeded(
      'rolesPerAccount',
      roles.get(id) ?? 0,
      limit(id, 'rolesPerAccount'),
      `accounts.${key}`,
      `account ${key}`,
    ),
    ...exceeded(
      'oidcProvidersPerAccount',
      providers.get(id) ?? 0,
      limit(id, 'oidcProvidersPerAccount'),
      `accounts.${key}`,
      `account ${key}`,
    ),
  ]);
}

function checkStagesAhead(environment: Environment, limit: Limit): Problem[] {
  const waiting = environment.workloads.filter(({ wave, stage }) => wave !== undefined && stage === 'irsa');
  return waiting.flatMap((workload) => {
    const { role, targetRoles } = compileWorkload(environment, atWidestStage(workload));
    const ahead = [
      { role, accountId: environment.account.id, path: `workloads.${workload.key}` },
      ...targetRoles.map((target) => ({
        role: target,
        accountId: target.account.id,
        path: `workloads.${workload.key}.targets.${target.target}`,
      })),
    ];
    return ahead.flatMap(({ role: { name, trust }, accountId, path }) =>
      exceeded(
        'trustPolicyLength',
        documentLength(trust),
        limit(accountId, 'trustPolicyLength'),
        path,
        `role ${name} in ${environment.key}, once its wave is past irsa`,
      ).map((problem): Problem => ({ ...problem, severity: 'warning' })),
    );
  });
}

function atWidestStage(workload: Workload): Workload {
  return { ...workload, stage: WIDEST_STAGE };
}

function exceeded(name: QuotaName, count: number, limit: number, path: string, whose: string): Problem[] {
  if (count <= limit) return [];
  const quota: Quota = QUOTAS[name];
  return [
    {
      severity: 'error',
      rule: 'quota',
      path,
      message: `${count} ${quota.what} (${whose}), the quota is ${limit}`,
      hint: HINTS[name] ?? raiseHint(name, quota),
    },
  ];
}

/** The way out where raising the quota is not the first thought. */
const HINTS: Partial<Record<QuotaName, string>> = {
  trustPolicyLength:
    'Split the workload by cluster, or have the quota raised (8192 at most) and state it as quotas: { trustPolicyLength: … } in the environment.',
  inlinePolicyLength: 'Move statements into a managed policy and name it under managedPolicies.',
};

function raiseHint(name: QuotaName, { most }: Quota): string {
  return most === undefined
    ? 'This quota is fixed: have fewer.'
    : `Have fewer, or have the quota raised (${most} at most) and state it as quotas: { ${name}: … } in the environment.`;
}

function documentLength(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
