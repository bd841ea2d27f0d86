import { type Environment, isPast, managedOn, subjectsOn, type Workload } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import { allWorkloads, type CompareRule, type TwoVersions, matched } from '../compare';

/** Deleting an entry destroys its resources. Releasing it first makes Terraform forget them. */
export const workloadRemoved: CompareRule = {
  name: 'workload-removed',
  what: 'A workload is `released` before it is removed from the inventory or an environment. It keeps its clusters and its targets.',
  example: 'workload "search" at dual is removed from prod: its role and its association would be destroyed',
  *check(comparison) {
    yield* fromEnvironments(comparison);
    yield* fromClusters(comparison);
    yield* fromTargets(comparison);
  },
};

function* fromEnvironments({
  base,
  head,
  environments,
  allowedRemovals,
  isRenamed,
}: TwoVersions): Generator<RuleFinding> {
  const still = new Set(head.environments.flatMap((one) => allWorkloads(one).map(({ key }) => key)));
  for (const environment of base.environments) {
    const kept = environments.kept.find((one) => one.head.key === environment.key)?.head;
    // Renamed environments and workloads have findings already.
    if (isRenamed(environment)) continue;
    for (const workload of matched(environment.workloads, kept === undefined ? [] : allWorkloads(kept)).removed) {
      if (isRenamed(workload) || allowedRemovals.has(workload.key)) continue;
      yield {
        path: still.has(workload.key) ? ['workloads', workload.key] : kept ? ['workloads'] : ['environments'],
        message: `workload "${workload.key}" at ${workload.stage} is removed from ${environment.key}: ${destroyed(workload, environment, workload.clusters, true)}`,
        hint: `Restore the entry with ${releaseLine(workload, still.has(workload.key), environment)} and apply: Terraform then forgets its resources. After that delete the entry. ${onPurpose(workload)}`,
      };
    }
  }
}

function* fromClusters({ workloads, allowedRemovals, isRenamed }: TwoVersions): Generator<RuleFinding> {
  for (const { base: before, head, environment, released } of workloads) {
    // A release with other changes is another finding.
    if (released || allowedRemovals.has(head.key)) continue;
    const there = new Set(environment.head.clusters.map(({ key }) => key));
    const called = new Set(environment.base.clusters.filter(isRenamed).map(({ key }) => key));
    for (const cluster of before.clusters.filter((key) => !head.clusters.includes(key) && !called.has(key))) {
      yield {
        path: there.has(cluster)
          ? ['workloads', head.key, 'clusters']
          : ['environments', environment.head.key, 'clusters'],
        message: `workload "${head.key}" at ${before.stage} is removed from cluster "${cluster}" of ${environment.head.key}: ${destroyed(before, environment.base, [cluster], false)}`,
        hint: `Restore the cluster in the entry until none of its pods runs there. ${onPurpose(before)}`,
      };
    }
  }
}

/** The resources that the next apply destroys. */
function destroyed(workload: Workload, environment: Environment, clusters: readonly string[], role: boolean): string {
  const manage = environment.clusters
    .filter(({ key }) => clusters.includes(key))
    .flatMap((cluster) => subjectsOn(workload, cluster).map((subject) => managedOn(workload, subject, cluster)));
  const what = [
    ...(role ? ['its role'] : []),
    ...(isPast(workload.stage, 'prepared') ? [role ? 'its association' : 'its association there'] : []),
    ...(manage.includes('create') ? ['its service account'] : []),
    ...(manage.includes('annotate') && !manage.includes('create') ? ['its annotation'] : []),
  ];
  // Without resources on the cluster, only the trust policy of the role changes.
  return what.length === 0 ? 'its role would no longer trust that cluster' : `${what.join(' and ')} would be destroyed`;
}

function onPurpose({ key }: Workload): string {
  return `To destroy resources on purpose, once no pod uses them: podlift check --base REVISION --allow-removal ${key}.`;
}

/** The text that releases the workload only in the environment that it leaves. */
function releaseLine({ key }: Workload, elsewhere: boolean, environment: Environment): string {
  return elsewhere ? `workloads.${key}.overrides: { ${environment.key}: { released: true } }` : 'released: true';
}

function* fromTargets({ workloads, allowedRemovals, isRenamed }: TwoVersions): Generator<RuleFinding> {
  for (const { head, environment, released, targets } of workloads) {
    if (released || allowedRemovals.has(head.key)) continue;
    for (const target of targets.removed) {
      if (isRenamed(target)) continue;
      yield {
        path: ['workloads', head.key],
        message: `target "${target.key}" of workload "${head.key}" is removed from ${environment.head.key}: role ${target.role.name} in ${target.account.key} would be destroyed`,
        hint: `Restore the target while an app assumes its role. ${onPurpose(head)}`,
      };
    }
  }
}
