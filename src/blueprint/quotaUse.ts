import type { Environment, Inventory, Workload } from '../inventory/Inventory';
import type { Blueprint, Role, TargetRole } from './Blueprint';
import { compileWorkload } from './compileWorkload';
import { documentLength } from './documentLength';
import { placesIn } from './places';
import { QUOTAS, type QuotaName } from './quotas';
import { STAGE_TABLE, WIDEST_STAGE } from './stageTable';
import { keepsStatements, trustLengthHint } from './trustLengthHint';

/** How much of a quota is used by one role, cluster or account. */
export interface QuotaUse {
  readonly quota: QuotaName;
  readonly used: number;
  /** Of the account: what its environments say, else AWS's default. */
  readonly limit: number;
  /** The key of the environment; absent where an account is counted, which several environments can share. */
  readonly environment?: string;
  /** The place in the inventory. */
  readonly path: string;
  /** `role prod-orders-api in prod`. */
  readonly whose: string;
  /** `later`: at a later stage of the wave, without a change of the inventory besides its stage. */
  readonly when: 'now' | 'later';
  /** With `later`: the stage, as the end of a sentence about `whose`. */
  readonly stage?: string;
  /** A better fix than the one of the quota, where it is known what is too much. */
  readonly hint?: () => string;
}

type Limit = (accountId: string, name: QuotaName) => number;

/**
 * Every quota that the blueprints of an inventory use, with how much of it: of each role, cluster and account. IAM does not count white space in documents. Resources that the
 * inventory does not have are unknown here.
 */
export function quotaUse(inventory: Inventory, blueprints: readonly Blueprint[]): readonly QuotaUse[] {
  const limit: Limit = (accountId, name) => limitIn(inventory, accountId, name);
  return [
    ...blueprints.flatMap((blueprint) => usedByRoles(blueprint, limit, inventory)),
    ...inventory.environments.flatMap(usedBySessions),
    ...inventory.environments.flatMap((environment) => usedByClusters(environment, blueprints)),
    ...usedByAccounts(blueprints, limit),
    ...inventory.environments.flatMap((environment) => usedLater(environment, limit)),
  ];
}

/** The highest value of a quota in the account's environments; without a value AWS's default. */
function limitIn({ environments }: Inventory, accountId: string, name: QuotaName): number {
  const raised = environments
    .filter(({ account }) => account.id === accountId)
    .flatMap(({ quotas }) => quotas[name] ?? []);
  return raised.length > 0 ? Math.max(...raised) : QUOTAS[name].value;
}

function usedByRoles(blueprint: Blueprint, limit: Limit, { environments }: Inventory): readonly QuotaUse[] {
  const { account, tags } = blueprint;
  const environment = environments.find(({ key }) => key === blueprint.environment);
  const of = (
    role: Role & Pick<TargetRole, 'workload'>,
    accountId: string,
    path: string,
    target?: string,
  ): readonly QuotaUse[] => {
    const use = (quota: QuotaName, used: number, at = path): QuotaUse => ({
      quota,
      used,
      limit: limit(accountId, quota),
      environment: blueprint.environment,
      path: at,
      whose: `role ${role.name} in ${blueprint.environment}`,
      when: 'now',
    });
    const length = documentLength(role.trust);
    const workload = environment?.workloads.find(({ key }) => key === role.workload);
    const trust: QuotaUse = {
      ...use('trustPolicyLength', length),
      ...(environment &&
        workload && {
          hint: () => trustLengthHint(length, environment, workload, keepsStatements(ownerOf(workload, target))),
        }),
    };
    // The rest is what the owner of an external role has, and IAM has accepted it.
    if (role.manage === 'external') return [trust];
    return [
      trust,
      use('inlinePolicyLength', inlineLength(role), `${path}.permissions`),
      use('managedPoliciesPerRole', role.managedPolicies.length, `${path}.permissions.managedPolicies`),
      use('roleNameLength', role.name.length, `${path}.role.name`),
      use('rolePathLength', role.path.length, `${path}.role.path`),
      use(
        'tagsPerResource',
        Object.keys({ ...tags, ...role.tags }).length,
        hasOwnTags(role) ? `${path}.role.tags` : `environments.${blueprint.environment}.tags`,
      ),
    ];
  };
  return [
    ...blueprint.roles.flatMap((role) => of(role, account.id, `workloads.${role.workload}`)),
    ...blueprint.targetRoles.flatMap((role) =>
      of(role, role.account.id, `workloads.${role.workload}.targets.${role.target}`, role.target),
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
 * The session tags that EKS sends for a pod, unless they are turned off. All are transitive: they count at each role on the way too.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
const EKS_SESSION_TAGS = 6;

function usedBySessions({ key, workloads }: Environment): readonly QuotaUse[] {
  return workloads
    .filter(({ stage }) => STAGE_TABLE[stage].association)
    .map((workload) => ({
      quota: 'sessionTags',
      used: workload.sessionTags ? EKS_SESSION_TAGS : 0,
      limit: QUOTAS.sessionTags.value,
      environment: key,
      path: `workloads.${workload.key}`,
      whose: `workload ${workload.key} in ${key}`,
      when: 'now',
    }));
}

/** Associations of each cluster, now and when its waves have them. `quotas.associationsPerCluster` can leave room for those of others. */
function usedByClusters(environment: Environment, blueprints: readonly Blueprint[]): readonly QuotaUse[] {
  const { key, clusters, workloads, quotas } = environment;
  const now = countBy(
    blueprints
      .filter((one) => one.environment === key)
      .flatMap(({ associations }) => associations.map((one) => one.cluster)),
  );
  // A workload with a stage of its own stays where it is.
  const moving = workloads.filter(({ wave, stage }) => wave !== undefined || STAGE_TABLE[stage].association);
  return clusters.flatMap((cluster): readonly QuotaUse[] => {
    const use = {
      quota: 'associationsPerCluster',
      used: now.get(cluster.key) ?? 0,
      limit: quotas.associationsPerCluster ?? QUOTAS.associationsPerCluster.value,
      environment: key,
      path: `environments.${key}.clusters.${cluster.key}`,
      whose: `cluster ${cluster.key} in ${key}`,
      when: 'now',
    } as const;
    // What is too much now is not said again for later.
    if (use.used > use.limit) return [use];
    const later = moving.reduce((sum, workload) => sum + placesIn(workload, [cluster]).length, 0);
    return [use, { ...use, used: later, when: 'later', stage: ', when its waves are at dual' }];
  });
}

/** The roles and OIDC providers of the whole inventory by account. */
function usedByAccounts(blueprints: readonly Blueprint[], limit: Limit): readonly QuotaUse[] {
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
  return [...accounts].flatMap(([id, key]) => {
    const use = (quota: QuotaName, used: number): QuotaUse => ({
      quota,
      used,
      limit: limit(id, quota),
      path: `accounts.${key}`,
      whose: `account ${key}`,
      when: 'now',
    });
    return [use('rolesPerAccount', roles.get(id) ?? 0), use('oidcProvidersPerAccount', providers.get(id) ?? 0)];
  });
}

/** Trust policies of waves at `irsa`, as long as they will be at the stage with the most statements. */
function usedLater(environment: Environment, limit: Limit): readonly QuotaUse[] {
  const waiting = environment.workloads.filter(({ wave, stage }) => wave !== undefined && stage === 'irsa');
  return waiting.flatMap((workload) => {
    const { role, targetRoles } = compileWorkload(environment, { ...workload, stage: WIDEST_STAGE });
    const use = ({ name, trust }: Role, accountId: string, path: string, target?: string): QuotaUse => {
      const length = documentLength(trust);
      return {
        quota: 'trustPolicyLength',
        used: length,
        limit: limit(accountId, 'trustPolicyLength'),
        environment: environment.key,
        path,
        whose: `role ${name} in ${environment.key}`,
        when: 'later',
        stage: ', when its wave is past irsa',
        hint: () => trustLengthHint(length, environment, workload, keepsStatements(ownerOf(workload, target))),
      };
    };
    return [
      use(role, environment.account.id, `workloads.${workload.key}`),
      ...targetRoles.map((target) =>
        use(target, target.account.id, `workloads.${workload.key}.targets.${target.target}`, target.target),
      ),
    ];
  });
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
