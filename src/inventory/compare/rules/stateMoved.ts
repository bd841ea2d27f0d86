import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../../Inventory';
import type { CompareRule } from '../compare';

/** Terraform has its resources only in its state. */
export const stateMoved: CompareRule = {
  name: 'state-moved',
  severities: ['warning'],
  what: 'The `state` of an environment and the `name` of the inventory do not change.',
  example: 'the state of prod moves: a plan without the old state would create everything again',
  *check({ base: before, head: after, environments }) {
    for (const { base, head } of environments.kept) {
      if (hasResources(base) && before.name !== after.name && isDeepStrictEqual(base.state, head.state)) {
        yield {
          path: ['name'],
          message: `the states of ${head.key} move with the name of the inventory: a plan without the old states would create everything again`,
          hint: `Move them before the next plan:\nnpx podlift state move --environment ${head.key}${earlier(before.name)}`,
        };
        continue;
      }
      if (!hasResources(base) || isDeepStrictEqual(base.state, head.state)) continue;
      yield {
        path: ['environments', head.key, ...(head.state === undefined ? [] : ['state'])],
        message: `the state of ${head.key} moves: a plan without the old state would create everything again`,
        hint: moveOf(base, head, before.name === after.name ? undefined : before.name),
      };
    }
  },
};

/** The option that names the earlier name of the inventory, where it had one. */
function earlier(name: string | undefined): string {
  return name === undefined ? '' : ` --from ${name}`;
}

/** How the states get to their new place. `podlift state move` knows one earlier place; Terraform itself has the record of any other. */
function moveOf(base: Environment, head: Environment, from: string | undefined): string {
  if (base.state === undefined)
    return `Move the states before the next plan:\nnpx podlift state move --environment ${head.key} --from-local${earlier(from)}`;
  return 'Move each state before the next plan. STACK is each folder that the first command writes:\nnpx cdktf synth\nterraform -chdir=cdktf.out/stacks/STACK init -migrate-state';
}

/** Whether its states can have resources. Terraform has forgotten those of released workloads. */
function hasResources({ workloads, clusters }: Environment): boolean {
  return (
    workloads.length > 0 ||
    clusters.some(
      ({ agent, addons, oidc }) =>
        agent?.adopt === true || agent?.keep === true || addons.length > 0 || oidc?.provider === 'managed',
    )
  );
}
