import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '../../Inventory';
import type { CompareRule } from '../compare';

/** Terraform has its resources only in its state. */
export const stateMoved: CompareRule = {
  name: 'state-moved',
  severities: ['warning'],
  what: 'The `state` of an environment does not change.',
  example: 'the state of prod moves: a plan without the old state would create everything again',
  *check({ environments }) {
    for (const { base, head } of environments.kept) {
      if (!hasResources(base) || isDeepStrictEqual(base.state, head.state)) continue;
      yield {
        path: ['environments', head.key, ...(head.state === undefined ? [] : ['state'])],
        message: `the state of ${head.key} moves: a plan without the old state would create everything again`,
        hint: 'Move each state before the next plan: synthesise, then run terraform init -migrate-state in the folder of each stack.',
      };
    }
  },
};

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
