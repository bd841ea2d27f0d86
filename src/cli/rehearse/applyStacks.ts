import { compile } from '../../blueprint/compile';
import type { Inventory } from '../../inventory/Inventory';
import type { PlanCounts } from '../../runners/stackCommands';
import { applyServiceAccounts } from '../kubernetes/applyServiceAccounts';
import { applyCopy, synthesizeCopy } from './applyCopy';
import type { Rehearsal } from './Rehearsal';

/** What all stacks of a step planned. */
export interface Applied {
  readonly changes: PlanCounts;
  readonly rolesLost: readonly string[];
}

/**
 * Writes the stacks anew and applies those that are named: those of AWS with Terraform, then those of service accounts with the requests
 * that the Kubernetes provider makes. Service accounts that Terraform does not manage are annotated as by hand.
 */
export async function applyStacks(
  { workshop, sandbox, environment, serviceAccounts }: Beginning,
  inventory: Inventory,
  stacks: readonly string[],
  say: (what: string) => void,
): Promise<Applied> {
  say('cdktf synth');
  await synthesizeCopy(workshop);
  const changes = { add: 0, change: 0, destroy: 0, import: 0 };
  const add = (counts: PlanCounts) => {
    for (const kind of ['add', 'change', 'destroy', 'import'] as const) changes[kind] += counts[kind];
  };
  const rolesLost: string[] = [];
  for (const stack of stacks.filter((name) => workshop.stacks.includes(name))) {
    say(`plan and apply ${stack}`);
    const applied = await applyCopy(workshop, stack);
    add(applied.counts);
    rolesLost.push(...applied.rolesLost);
  }
  say('service accounts');
  const { kubernetes } = sandbox;
  const work = { kubernetes, outdir: workshop.outdir, states: serviceAccounts };
  add(await applyServiceAccounts(work, compile(inventory, environment), stacks));
  return { changes, rolesLost };
}

type Beginning = Pick<Rehearsal, 'workshop' | 'sandbox' | 'environment' | 'serviceAccounts'>;
