import { isDeepStrictEqual } from 'node:util';
import type { Addon, Blueprint, Role, ServiceAccount } from '../../blueprint/Blueprint';
import { compile } from '../../blueprint/compile';
import type { Remedy } from '../../estate/Remedy';
import type { Inventory } from '../../inventory/Inventory';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../../inventory/stackNames';
import { applyStacks } from '../remedies';
import type { Restart } from './neededRestarts';

/** What an operator does after the change of the inventory, in this order. */
export interface NextSteps {
  /** Names of the stacks that have something to change. */
  readonly stacks: readonly string[];
  /** How to plan and apply them; empty when no stack changes. */
  readonly apply: Remedy;
  /** Service accounts that Terraform does not manage, and what changes on them. */
  readonly byHand: readonly string[];
  /** Paths of imports in the inventory that are to be deleted. */
  readonly outdated: readonly string[];
  readonly restarts: readonly Restart[];
}

/** What follows from a change of stage: the difference between the blueprints of both versions. */
export function nextSteps(
  before: Inventory,
  after: Inventory,
  environment: string,
  restarts: readonly Restart[],
): NextSteps {
  const [old, new_] = [compile(before, environment), compile(after, environment)];
  const stacks = changedStacks(old, new_);
  return {
    stacks,
    apply: stacks.length === 0 ? [] : applyStacks(stacks, 'Compare with the plan, then apply:'),
    byHand: annotationsByHand(old, new_),
    outdated: outdatedImports(old, new_),
    restarts,
  };
}

/** The stacks of an environment that have something to change, in the order of an apply: targets, identity, service accounts. */
function changedStacks(before: Blueprint, after: Blueprint): readonly string[] {
  const { environment } = after;
  const differs = (part: (blueprint: Blueprint) => unknown) => !isDeepStrictEqual(part(before), part(after));
  const accounts = new Set([...before.targetRoles, ...after.targetRoles].map(({ account }) => account.key));
  const targets = [...accounts].filter((key) =>
    differs(({ targetRoles }) => targetRoles.filter(({ account }) => account.key === key).map(withoutStage)),
  );
  const managed = ({ serviceAccounts }: Blueprint) => serviceAccounts.filter(isManaged);
  const clusters = new Set([...managed(before), ...managed(after)].map(({ cluster }) => cluster));
  const serviceAccounts = [...clusters].filter((key) =>
    differs((blueprint) => managed(blueprint).filter(({ cluster }) => cluster === key)),
  );
  // Terraform ignores the IRSA role of an add-on from the stage on at which its entry has none.
  const ignored = new Set(after.addons.filter((one) => one.serviceAccountRoleArn === undefined).map(addonId));
  const identity = differs(({ agents, addons, oidcProviders, roles, associations }) => ({
    agents,
    addons: addons.map((one) => (ignored.has(addonId(one)) ? { ...one, serviceAccountRoleArn: undefined } : one)),
    oidcProviders,
    roles: roles.map(withoutStage),
    associations,
  }));
  return [
    ...targets.map((key) => targetsStackName(environment, key)),
    // cdktf applies a stack only together with those that it depends on.
    ...(identity || serviceAccounts.length > 0 ? [identityStackName(environment)] : []),
    ...serviceAccounts.map((key) => serviceAccountsStackName(environment, key)),
  ];
}

function addonId({ cluster, name }: Addon): string {
  return `${cluster} ${name}`;
}

/** A role as Terraform gets it: no attribute of a role has the stage. */
function withoutStage(role: Role): Omit<Role, 'stage'> {
  const { stage, ...rest } = role;
  return rest;
}

/** True for a service account that Terraform manages; GitOps or a person manages the others. */
export function isManaged({ context, manage }: ServiceAccount): boolean {
  return context !== undefined && manage !== 'none';
}

function annotationsByHand(before: Blueprint, after: Blueprint): readonly string[] {
  const id = ({ workload, cluster }: ServiceAccount): string => `${workload} ${cluster}`;
  const old = new Map(before.serviceAccounts.map((account) => [id(account), account]));
  return after.serviceAccounts.flatMap((account) => {
    const earlier = old.get(id(account))?.annotations ?? {};
    // Terraform tells an add-on which annotation its service account has.
    if (isManaged(account) || account.addon !== undefined || isDeepStrictEqual(earlier, account.annotations)) return [];
    const name = `service account ${account.namespace}/${account.name} on cluster ${account.cluster}`;
    const set = Object.entries(account.annotations).filter(([key, value]) => earlier[key] !== value);
    const gone = Object.keys(earlier).filter((key) => !(key in account.annotations));
    return [
      ...set.map(([key, value]) => `${name}: set the annotation ${key}: ${value}`),
      ...gone.map((key) => `${name}: remove the annotation ${key}`),
    ];
  });
}

/** Imports of associations that this step destroys: a later import of an association that is gone would stop the plan. */
function outdatedImports(before: Blueprint, after: Blueprint): readonly string[] {
  const stays = new Set(after.associations.map(({ workload, cluster }) => `${workload} ${cluster}`));
  return before.associations
    .filter(({ workload, cluster, importId }) => importId !== undefined && !stays.has(`${workload} ${cluster}`))
    .map(({ workload, cluster }) => `workloads.${workload}.role.imports.associations.${cluster}`);
}
