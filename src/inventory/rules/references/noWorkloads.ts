import type { Rule } from '../Rule';

/** Without workloads there is nothing to build: most likely an `include` or a section is missing. */
export const noWorkloads: Rule = {
  name: 'no-workloads',
  severities: ['warning'],
  what: 'An inventory has workloads.',
  example: 'there are no workloads',
  *check({ defined }) {
    if (defined.workloads.size > 0 || defined.unreadable.has('workloads')) return;
    yield {
      path: ['workloads'],
      message: 'there are no workloads: no role is built',
      hint: 'Add them under `workloads`, or name their files under `include`; docs/inventory-reference.md has every key.',
    };
  },
};
