import { placesIn } from './places';
import type { Problem } from '../inventory/Finding';
import type { Environment, Inventory, Workload } from '../inventory/Inventory';
import type { Blueprint, Role, TargetRole } from './Blueprint';
import { exceeded } from './exceeded';
import { checkStagesAhead } from './checkStagesAhead';
import { documentLength } from './documentLength';
import { type Limit, QUOTAS, type QuotaName } from './quotas';
import { STAGE_TABLE } from './stageTable';
import { keepsStatements, trustLengthHint } from './trustLengthHint';

/**
 * Compares the documents and counts of all blueprints with the quotas of their accounts. It returns an error for each exceeded quota, and a
 * warning for a trust policy that will exceed the quota at a later stage of its wave. IAM does not count white space in documents.
 */
export function checkQuotas(inventory: Inventory, blueprints: readonly Blueprint[]): Problem[] {
  const limit = (accountId: string, name: QuotaName) => limitIn(inventory, accountId, name);
  return [
    ...blueprints.flatMap((blueprint) => checkRoles(blueprint, limit, inventory)),
    ...inventory.environments.flatMap((environment) => checkAssociations(environment, blueprints)),
    ...checkAccounts(blueprints, limit),
    ...inventory.environments.flatMap((environment) => checkStagesAhead(environment, limit)),
  ];
}

/** The highest value of a quota in the account's environments; without a value AWS's default. */
function limitIn({ environments }: Inventory, accountId: string, name: QuotaName): number {
  const raised = environments
    .filter(({ account }) => account.id === accountId)
    .flatMap(({ quotas }) => quotas[name] ?? []);
  return raised.length > 0 ? Math.max(...raised) : QUOTAS[name].value;
}

function checkRoles(blueprint: Blueprint, limit: Limit, { environments }: Inventory): Problem[] {
  const { account, tags } = blueprint;
  const environment = environments.find(({ key }) => key === blueprint.environment);
  const check = (
    role: Role & Pick<TargetRole, 'workload'>,
    accountId: string,
    path: string,
    target?: string,
  ): Problem[] => {
    const over = (name: QuotaName, count: number, at = path, hint?: string) =>
      exceeded(name, count, limit(accountId, name), at, `role ${role.name} in ${blueprint.environment}`, hint);
    const length = documentLength(role.trust);
    const workload = environment?.workloads.find(({ key }) => key === role.workload);
    const hint =
      environment &&
      workload &&
      trustLengthHint(length, environment, workload, keepsStatements(ownerOf(workload, target)));
    const trust = over('trustPolicyLength', length, path, hint);
    // The rest is what the owner of an external role has, and IAM has accepted it.
    if (role.manage === 'external') return trust;
    return [
      ...trust,
      ...over('inlinePolicyLength', inlineLength(role), `${path}.permissions`),
      ...over('managedPoliciesPerRole', role.managedPolicies.length, `${path}.permissions.managedPolicies`),
      ...over('roleNameLength', role.name.length, `${path}.role.name`),
      ...over('rolePathLength', role.path.length, `${path}.role.path`),
      ...over(
        'tagsPerResource',
        Object.keys({ ...tags, ...role.tags }).length,
        hasOwnTags(role) ? `${path}.role.tags` : `environments.${blueprint.environment}.tags`,
      ),
    ];
  };
  return [
    ...blueprint.roles.flatMap((role) => check(role, account.id, `workloads.${role.workload}`)),
    ...blueprint.targetRoles.flatMap((role) =>
      check(role, role.account.id, `workloads.${role.workload}.targets.${role.target}`, role.target),
    ),
  ];
}

/** The settings of a workload's role, or of the role of its target. */
function ownerOf({ role, targets }: Workload, target: string | undefined) {
  return target === undefined ? role : targets.find(({ key }) => key === target)?.role;
}

/** Whether the role has other tags than podlift's. */
function hasOwnTags({ tags }: Role): boolean {
  return Object.keys(tags).some((tag) => !tag.startsWith('podlift:'));
}

/** IAM counts all inline policies of a role together. */
function inlineLength({ inline, inlinePolicies }: Role): number {
  const documents = [...(inline === undefined ? [] : [inline]), ...inlinePolicies.map(({ document }) => document)];
  return documents.reduce((sum, document) => sum + documentLength(document), 0);
}

/**
 * Associations of a cluster: an error where the stages have too many, a warning where later stages will. The associations of others are unknown here:
 * `quotas.associationsPerCluster` can leave room for them.
 */
function checkAssociations(environment: Environment, blueprints: readonly Blueprint[]): Problem[] {
  const { key, clusters, workloads, quotas } = environment;
  const limit = quotas.associationsPerCluster ?? QUOTAS.associationsPerCluster.value;
  const now = countBy(
    blueprints
      .filter((one) => one.environment === key)
      .flatMap(({ associations }) => associations.map((one) => one.cluster)),
  );
  return clusters.flatMap((cluster) => {
    const over = (count: number, when: string) =>
      exceeded(
        'associationsPerCluster',
        count,
        limit,
        `environments.${key}.clusters.${cluster.key}`,
        `cluster ${cluster.key} in ${key}${when}`,
      );
    const found = over(now.get(cluster.key) ?? 0, '');
    if (found.length > 0) return found;
    // A workload with a stage of its own stays where it is.
    const moving = workloads.filter(({ wave, stage }) => wave !== undefined || STAGE_TABLE[stage].association);
    const later = moving.reduce((sum, workload) => sum + placesIn(workload, [cluster]).length, 0);
    return over(later, ', when its waves are at dual').map((problem): Problem => ({ ...problem, severity: 'warning' }));
  });
}

/** Counts the roles and OIDC providers of the whole inventory by account. Other resources of the account are unknown here. */
function checkAccounts(blueprints: readonly Blueprint[], limit: Limit): Problem[] {
  const accounts = new Map(
    blueprints
      .flatMap(({ account, targetRoles }) => [account, ...targetRoles.map((role) => role.account)])
      .map((account) => [account.id, account.key]),
  );
  const roles = countBy(
    blueprints.flatMap((blueprint) => [
      ...blueprint.roles.filter(isManaged).map(() => blueprint.account.id),
      ...blueprint.targetRoles.filter(isManaged).map(({ account }) => account.id),
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

/** False for an external role: podlift does not create it. */
function isManaged({ manage }: Role): boolean {
  return manage === undefined;
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
