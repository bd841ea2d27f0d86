import type { Rule } from '../Rule';

/** `found` says at which stage an existing role stood: without `adopt` there was none. */
export const foundStage: Rule = {
  name: 'found-without-adopt',
  severities: ['error'],
  what: '`found` stands with `role.adopt`.',
  example: 'workload "search" says found: dual, but its role is not adopted',
  *check({ placed }) {
    for (const { workload, at } of placed) {
      if (workload.found === undefined || workload.role.adopt) continue;
      yield {
        path: at('found'),
        message: `workload "${workload.key}" says found: ${workload.found}, but its role is not adopted`,
        hint: 'Remove found: podlift creates the role. Or write role: { name: …, adopt: true } for a role that exists.',
      };
    }
  },
};
