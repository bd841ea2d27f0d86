import { existedBefore } from '../../Inventory';
import type { Rule } from '../Rule';

export const foundStage: Rule = {
  name: 'found-without-adopt',
  what: '`found` needs a role that exists: `role.adopt`, or `role.manage: external`.',
  example: 'workload "search" has found: dual, but its role is not adopted',
  *check({ placed }) {
    for (const { workload, at } of placed) {
      if (workload.found === undefined || existedBefore(workload)) continue;
      yield {
        path: at('found'),
        message: `workload "${workload.key}" has found: ${workload.found}, but its role is not adopted`,
        hint: 'Remove found if podlift creates the role. For an existing role write role: { name: …, adopt: true }.',
      };
    }
  },
};
