import { isDeepStrictEqual } from 'node:util';
import type { Workload } from '../Inventory';
import { matched } from './compare';
import type { CompareRule } from './CompareRule';

/** A release forgets what the last apply made: the entry stays whole meanwhile. */
export const releasedChanged: CompareRule = {
  name: 'released-changed',
  severities: ['error', 'warning'],
  what: 'A workload is released in a change of its own, and is adopted again when podlift takes it back.',
  example: 'workload "search" is released in prod and changes stage and permissions at once',
  *check({ workloads, environments }) {
    for (const { base, head, environment, released } of workloads) {
      if (!released) continue;
      const fields = changedFields(base, head);
      if (fields.length === 0) continue;
      yield {
        path: ['workloads', head.key],
        message: `workload "${head.key}" is released in ${environment.head.key} and changes ${fields.join(' and ')} at once`,
        hint: 'Put these back: what the entry no longer names would be destroyed instead of forgotten.',
      };
    }
    for (const { base, head } of environments.kept) {
      for (const { head: workload } of matched(base.released ?? [], head.workloads).kept) {
        yield {
          severity: 'warning',
          path: ['workloads', workload.key],
          message: `workload "${workload.key}" is no longer released in ${head.key}: where the release was applied, the next apply finds its role and fails`,
          hint: 'Write role.adopt: true, role.imports and found, as `podlift discover` proposes them; or confirm that the release was never applied.',
        };
      }
    }
  },
};

/** The fields that differ, `wave` aside: it changes nothing in AWS by itself. */
function changedFields(base: Workload, head: Workload): string[] {
  const fields = new Set([...Object.keys(base), ...Object.keys(head)] as (keyof Workload)[]);
  return [...fields].filter((field) => field !== 'wave' && !isDeepStrictEqual(base[field], head[field]));
}
