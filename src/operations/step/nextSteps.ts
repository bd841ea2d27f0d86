import { isDeepStrictEqual } from 'node:util';
import type { Addon, Blueprint, Role, ServiceAccount } from '../../blueprint/Blueprint';
import { compile } from '../../blueprint/compile';
import { settle } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import type { Remedy } from '../../estate/Remedy';
import type { Inventory } from '../../inventory/Inventory';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../../inventory/stackNames';
import { formatPath } from '../../inventory/source/plainData';
import { importsOfStep } from '../recover/deadImports';
import { applyStacks } from '../remedies';
import type { Step } from '../gate/Step';
import { associationsByOwner, type OwnerAssociation } from './associationsByOwner';
import { annotationsByHand, type HandAnnotation } from './annotationsByHand';
import { neededRestarts, type Restart } from './neededRestarts';
import { type OwnersTurn, ownersTurns } from './ownersTurn';

/** What an operator does after the change of the inventory, in this order. */
export interface NextSteps {
  /** Names of the stacks that have something to change. */
  readonly stacks: readonly string[];
  /** How to plan and apply them; empty when no stack changes. */
  readonly apply: Remedy;
  /** Service accounts that Terraform does not manage, and what changes on them, as sentences. */
  readonly byHand: readonly string[];
  /** The same service accounts, with the commands. */
  readonly annotations: readonly HandAnnotation[];
  /** Associations that another tool owns, and what it does. Absent: none changes. */
  readonly associations?: readonly OwnerAssociation[];
  /** Paths of imports that the step makes useless, and that podlift could not remove from the inventory. */
  readonly outdated: readonly string[];
  readonly restarts: readonly Restart[];
  /** What the owners of external roles write, before the apply or after it. Absent: no workload of the step has such a role. */
  readonly owners?: readonly OwnersTurn[];
}

/** What follows from a step, before it is known what stands. */
export interface OpenSteps {
  /** What must be known; see `openQuestions`. */
  readonly asks: readonly unknown[];
  readonly next: (estate: Estate) => NextSteps;
}

/**
 * What follows from a step between two versions of an inventory: the difference between their blueprints, and the restarts.
 *
 * @param restarted an earlier step restarts the pods that use the same credentials: this one has none to restart
 */
export function stepsAfter(before: Inventory, after: Inventory, step: Step, restarted = false): OpenSteps {
  const { environment } = step;
  const [old, new_] = [compile(before, environment.key), compile(after, environment.key)];
  const moved = after.environments.find(({ key }) => key === environment.key) ?? environment;
  const restarts = restarted ? undefined : neededRestarts(step);
  const annotations = annotationsByHand(old, new_, moved);
  const associations = associationsByOwner(old, new_, moved);
  const stacks = changedStacks(old, new_);
  const owners = ownersTurns(step);
  return {
    asks: [restarts, annotations, associations],
    next: (estate) => {
      const byHand = settle(annotations, estate).value;
      const byOwner = settle(associations, estate).value;
      return {
        stacks,
        apply: stacks.length === 0 ? [] : applyStacks(stacks, 'Compare with the plan, then apply:'),
        byHand: byHand.map(({ change }) => change),
        annotations: byHand,
        ...(byOwner.length > 0 && { associations: byOwner }),
        outdated: importsOfStep(after, moved, old, new_).map(({ path }) => formatPath(path)),
        restarts: restarts === undefined ? [] : settle(restarts, estate).value,
        ...(owners.length > 0 && { owners }),
      };
    },
  };
}

/** The stacks of an environment that have something to change, in the order of an apply: targets, identity, service accounts. */
export function changedStacks(before: Blueprint, after: Blueprint): readonly string[] {
  const { environment } = after;
  const differs = (part: (blueprint: Blueprint) => unknown) => !isDeepStrictEqual(part(before), part(after));
  const accounts = new Set([...before.targetRoles, ...after.targetRoles].map(({ account }) => account.key));
  const targets = [...accounts].filter((key) =>
    differs(({ targetRoles }) =>
      targetRoles.filter(({ account, manage }) => account.key === key && manage === undefined).map(withoutStage),
    ),
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
    // The stack of an external role has only what depends on it.
    roles: roles.map((role) => (role.manage === undefined ? withoutStage(role) : undefined)),
    associations: associations.filter(({ owner }) => owner === undefined),
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
