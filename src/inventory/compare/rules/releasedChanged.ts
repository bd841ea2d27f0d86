import { isDeepStrictEqual } from 'node:util';
import type { Workload } from '../../Inventory';
import { isPast } from '../../resolve/isPast';
import type { Found } from '../../rules/Rule';
import { type Comparison, matched } from '../compare';
import type { CompareRule } from '../CompareRule';

/** A release forgets what the last apply made: the entry stays whole meanwhile. */
export const releasedChanged: CompareRule = {
  name: 'released-changed',
  severities: ['error', 'warning'],
  what: 'A workload is released in a change of its own, and is adopted again when podlift manages the workload again.',
  example: 'workload "search" is released in prod and changes stage and permissions',
  *check(comparison) {
    const { workloads, environments } = comparison;
    yield* agentsInUse(comparison);
    for (const { base, head, environment, released } of workloads) {
      if (!released) continue;
      const fields = changedFields(base, head);
      if (fields.length === 0) continue;
      yield {
        path: ['workloads', head.key],
        message: `workload "${head.key}" is released in ${environment.head.key} and changes ${fields.join(' and ')}`,
        hint: 'Restore these fields until the release is applied. Terraform destroys resources that the entry no longer names.',
      };
    }
    for (const { base, head } of environments.kept) {
      for (const { head: workload } of matched(base.released ?? [], head.workloads).kept) {
        yield {
          severity: 'warning',
          path: ['workloads', workload.key],
          message: `workload "${workload.key}" is no longer released in ${head.key}: where the release was applied, the next apply finds its role and fails`,
          hint: 'Write role.adopt: true, found, and the tags and policies that stand on the role; or confirm that the release was never applied.',
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

/** Agents that released pods use: a later rollback of the other workloads, or their release, ends podlift's need of the agent. */
function* agentsInUse({ workloads, environments }: Comparison): Generator<Found> {
  for (const { head } of environments.kept) {
    const leaving = workloads.filter(
      ({ environment, released, base }) => environment.head === head && released && isPast(base.stage, 'irsa'),
    );
    for (const { key, agent } of head.clusters) {
      const user = leaving.find((one) => one.head.clusters.includes(key));
      // Where no other workload needs the agent, it is forgotten with this one.
      const stays = head.workloads.some(({ stage, clusters }) => isPast(stage, 'irsa') && clusters.includes(key));
      if (agent === undefined || agent.adopt || user === undefined || !stays) continue;
      yield {
        severity: 'warning',
        path: ['environments', head.key, 'clusters', key, 'agent'],
        message: `the agent of cluster "${key}" of ${head.key} serves the released workload "${user.head.key}", and podlift removes the agent with the last workload of its own`,
        hint: 'Write agent.adopt: true in the same change: the agent then stays managed at every stage.',
      };
    }
  }
}
