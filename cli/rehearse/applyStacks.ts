import { compile } from '../../blueprint/compile';
import type { Inventory } from '../../inventory/Inventory';
import type { PlanCounts } from '../../operations/terraform/stackCommands';
import type { Sandbox } from '../../sandbox/startSandbox';
import { applyCopy, synthesizeCopy } from './applyCopy';
import type { Rehearsal } from './Rehearsal';
import { clusterRef } from './Subject';

/** What all stacks of a step planned. */
export interface Applied {
  readonly changes: PlanCounts;
  readonly rolesLost: readonly string[];
}

/**
 * Writes the stacks anew, applies those of AWS that are named, and then sets the annotations, as the stack of the service accounts or
 * GitOps would after them.
 */
export async function applyStacks(
  { workshop, sandbox, environment }: Pick<Rehearsal, 'workshop' | 'sandbox' | 'environment'>,
  inventory: Inventory,
  stacks: readonly string[],
  say: (what: string) => void,
): Promise<Applied> {
  say('cdktf synth');
  await synthesizeCopy(workshop);
  const changes = { add: 0, change: 0, destroy: 0, import: 0 };
  const rolesLost: string[] = [];
  for (const stack of stacks.filter((name) => workshop.stacks.includes(name))) {
    say(`plan and apply ${stack}`);
    const applied = await applyCopy(workshop, stack);
    for (const kind of ['add', 'change', 'destroy', 'import'] as const) changes[kind] += applied.counts[kind];
    rolesLost.push(...applied.rolesLost);
  }
  setAnnotations(sandbox, inventory, environment);
  return { changes, rolesLost };
}

/** Every service account of an environment gets the annotations that its workload's stage asks for. */
export function setAnnotations({ kubernetes }: Sandbox, inventory: Inventory, environment: string): void {
  const blueprint = compile(inventory, environment);
  for (const account of blueprint.serviceAccounts) {
    const { namespace, name, annotations } = account;
    kubernetes.setServiceAccount({ cluster: clusterRef(blueprint, account), namespace, name, annotations });
  }
}
