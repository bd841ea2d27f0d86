import { isDeepStrictEqual } from 'node:util';
import type { Blueprint, ServiceAccount } from '../../blueprint/Blueprint';
import { compile } from '../../blueprint/compile';
import type { Inventory } from '../../inventory/Inventory';
import { applyCommands } from '../../operations/evidence/applyCommands';
import { changedStacks, isManaged } from './changedStacks';
import type { Restart } from './restarts';

/** What an operator does after the inventory was changed, in this order. */
export interface NextSteps {
  /** Names of the stacks that have something to change. */
  readonly stacks: readonly string[];
  /** Commands that plan and apply them. */
  readonly commands: readonly string[];
  /** Service accounts that Terraform does not manage, and what changes on them. */
  readonly byHand: readonly string[];
  /** What of the inventory has served its time and is to be deleted. */
  readonly outdated: readonly string[];
  readonly restarts: readonly Restart[];
}

/** What follows from a change of stage, read off what both versions compile to. */
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
    commands: applyCommands(stacks),
    byHand: annotationsByHand(old, new_),
    outdated: deadImports(old, new_),
    restarts,
  };
}

function annotationsByHand(before: Blueprint, after: Blueprint): readonly string[] {
  const id = ({ workload, cluster }: ServiceAccount): string => `${workload} ${cluster}`;
  const old = new Map(before.serviceAccounts.map((account) => [id(account), account]));
  return after.serviceAccounts.flatMap((account) => {
    const earlier = old.get(id(account))?.annotations ?? {};
    // An add-on annotates its own, and Terraform has told it to.
    if (isManaged(account) || account.addon !== undefined || isDeepStrictEqual(earlier, account.annotations)) return [];
    const where = `service account ${account.namespace}/${account.name} on cluster ${account.cluster}`;
    const set = Object.entries(account.annotations).filter(([key, value]) => earlier[key] !== value);
    const gone = Object.keys(earlier).filter((key) => !(key in account.annotations));
    return [
      ...set.map(([key, value]) => `${where}: set the annotation ${key}: ${value}`),
      ...gone.map((key) => `${where}: take the annotation ${key} away`),
    ];
  });
}

/** Ids of associations that were imported and go with this step: a later import of one that is gone would stop the plan. */
function deadImports(before: Blueprint, after: Blueprint): readonly string[] {
  const stays = new Set(after.associations.map(({ workload, cluster }) => `${workload} ${cluster}`));
  return before.associations
    .filter(({ workload, cluster, importId }) => importId !== undefined && !stays.has(`${workload} ${cluster}`))
    .map(({ workload, cluster }) => `workloads.${workload}.role.imports.associations.${cluster}`);
}
