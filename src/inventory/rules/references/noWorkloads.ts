import type { Rule } from '../Rule';

/** Probably an `include` or a section is missing. */
export const noWorkloads: Rule = {
  name: 'no-workloads',
  severities: ['warning'],
  what: 'An inventory has workloads.',
  example: 'there are no workloads',
  *check({ defined }) {
    if (defined.workloads.size > 0 || defined.unreadable.has('workloads')) return;
    yield {
      path: ['workloads'],
      message: 'there are no workloads: podlift creates no role',
      hint: 'Add workloads under `workloads`, or their files under `include`. docs/inventory-reference.md has every key.',
    };
  },
};
