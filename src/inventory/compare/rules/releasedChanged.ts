import { isDeepStrictEqual } from 'node:util';
import { isPast, type Workload } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import { type CompareRule, type TwoVersions, matched } from '../compare';

/** A release forgets the resources of the last apply, which the entry must still name. */
export const releasedChanged: CompareRule = {
  name: 'released-changed',
  severities: ['error', 'warning'],
  what: 'A change that releases a workload changes nothing else in it. A workload that podlift manages again is adopted.',
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
        hint: 'Restore these fields until the release is applied: Terraform destroys resources that the entry no longer names.',
      };
    }
    for (const { base, head } of environments.kept) {
      for (const { head: workload } of matched(base.released ?? [], head.workloads).kept) {
        yield {
          severity: 'warning',
          path: ['workloads', workload.key],
          message: `workload "${workload.key}" is no longer released in ${head.key}: if the release was applied, the next apply fails because the role exists`,
          hint: 'Write role.adopt: true, found, and the tags and policies of the role. Or confirm that the release was never applied.',
        };
      }
    }
  },
};

/** The fields that determine a workload's resources. */
const FIELDS = [
  'patterns',
  'sessionTags',
  'role',
  'permissions',
  'targets',
  'clusters',
] as const satisfies readonly (keyof Workload)[];

function changedFields(base: Workload, head: Workload): readonly string[] {
  return [
    ...(base.stage === head.stage ? [] : ['stage']),
    ...changedSubjects(base, head),
    ...FIELDS.filter((field) => !isDeepStrictEqual(base[field], head[field])),
  ];
}

/**
 * The fields of service accounts that differ. Where the file has an account decides no resource: the short form and `subjects` with one entry are equal.
 * Clusters that only one version has are a difference of `clusters`.
 */
function changedSubjects(base: Workload, head: Workload): readonly string[] {
  const both = base.clusters.filter((key) => head.clusters.includes(key));
  const [before, after] = [base, head].map(({ subjects }) =>
    subjects.map(({ index, clusters, ...one }) => ({ ...one, clusters: clusters.filter((key) => both.includes(key)) })),
  );
  if (isDeepStrictEqual(before, after)) return [];
  const [one, ...more] = before ?? [];
  const [other, ...others] = after ?? [];
  if (one === undefined || other === undefined || more.length + others.length > 0) return ['subjects'];
  const isMoved = one.namespace !== other.namespace;
  const isOther = !isDeepStrictEqual({ ...one, namespace: '' }, { ...other, namespace: '' });
  return [...(isMoved ? ['namespace'] : []), ...(isOther ? ['serviceAccount'] : [])];
}

/** Agents that released pods use: podlift removes them once none of its other workloads needs them. */
function* agentsInUse({ workloads, environments }: TwoVersions): Generator<RuleFinding> {
  for (const { head } of environments.kept) {
    const leaving = workloads.filter(
      ({ environment, released, base }) => environment.head === head && released && isPast(base.stage, 'irsa'),
    );
    for (const { key, agent } of head.clusters) {
      const user = leaving.find((one) => one.head.clusters.includes(key));
      // If no other workload needs the agent, Terraform forgets it with this one.
      const stays = head.workloads.some(({ stage, clusters }) => isPast(stage, 'irsa') && clusters.includes(key));
      if (agent === undefined || agent.adopt || agent.keep === true || user === undefined || !stays) continue;
      yield {
        severity: 'warning',
        path: ['environments', head.key, 'clusters', key, 'agent'],
        message: `the agent of cluster "${key}" of ${head.key} serves the released workload "${user.head.key}", but podlift removes the agent with its last managed workload`,
        hint: 'Write agent.keep: true in the same change: podlift then keeps the agent at every stage.',
      };
    }
  }
}
