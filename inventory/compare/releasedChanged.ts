import { isDeepStrictEqual } from 'node:util';
import type { Environment, Workload } from '../Inventory';
import { isPast } from '../resolve/isPast';
import type { Found } from '../rules/Rule';
import { type Comparison, matched } from './compare';
import type { CompareRule } from './CompareRule';

/** A release forgets what the last apply made: the entry stays whole meanwhile. */
export const releasedChanged: CompareRule = {
  name: 'released-changed',
  severities: ['error', 'warning'],
  what: 'A workload is released in a change of its own, and is adopted again when podlift takes it back.',
  example: 'workload "search" is released in prod and changes stage and permissions at once',
  *check(comparison) {
    const { workloads, environments } = comparison;
    yield* forgottenAgents(comparison);
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

/** What a workload's resources are made of: the rest changes nothing that stands. */
const FIELDS = [
  'stage',
  'namespace',
  'serviceAccount',
  'sessionTags',
  'role',
  'permissions',
  'targets',
  'clusters',
] as const satisfies readonly (keyof Workload)[];

function changedFields(base: Workload, head: Workload): readonly string[] {
  return FIELDS.filter((field) => !isDeepStrictEqual(base[field], head[field]));
}

/** Agents that are forgotten with the last workload that needs them, while other workloads may come to need them. */
function* forgottenAgents({ environments }: Comparison): Generator<Found> {
  for (const { base, head } of environments.kept) {
    const needsAgent = ({ workloads }: Environment, cluster: string) =>
      workloads.some(({ stage, clusters }) => isPast(stage, 'irsa') && clusters.includes(cluster));
    for (const { key, agent } of head.clusters) {
      if (agent === undefined || agent.adopt || !needsAgent(base, key) || needsAgent(head, key)) continue;
      const isReleased = (head.released ?? []).some(({ clusters }) => clusters.includes(key));
      if (!isReleased || !head.workloads.some(({ clusters }) => clusters.includes(key))) continue;
      yield {
        severity: 'warning',
        path: ['environments', head.key, 'clusters', key, 'agent'],
        message: `the agent of cluster "${key}" of ${head.key} is released with the last workload that needs it`,
        hint: 'Write agent.adopt: true in the same change: the agent then stays managed for the other workloads of the cluster.',
      };
    }
  }
}
