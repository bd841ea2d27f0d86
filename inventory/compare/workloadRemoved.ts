import type { Environment, Workload } from '../Inventory';
import { isPast } from '../resolve/isPast';
import type { Found } from '../rules/Rule';
import { allWorkloads, type Comparison, matched } from './compare';
import type { CompareRule } from './CompareRule';
import { managedOn } from '../resolve/managedOn';
import { renamedClusters, renamedEnvironments, renamedWorkloads } from './renames';

/** What stands for a workload is not destroyed by deleting its entry: it is released first. */
export const workloadRemoved: CompareRule = {
  name: 'workload-removed',
  severities: ['error'],
  what: 'A workload is `released` before it leaves the inventory or an environment, and stays on its clusters.',
  example: 'workload "search" at dual is removed from prod: its role and its association would be destroyed',
  *check(comparison) {
    yield* fromEnvironments(comparison);
    yield* fromClusters(comparison);
  },
};

function* fromEnvironments(comparison: Comparison): Generator<Found> {
  const { base, head, environments, allowedRemovals } = comparison;
  const renamed = new Set(renamedWorkloads(comparison).map(({ from }) => from));
  const moved = new Set(renamedEnvironments(comparison).map(({ from }) => from));
  const still = new Set(head.environments.flatMap((one) => allWorkloads(one).map(({ key }) => key)));
  for (const environment of base.environments) {
    const kept = environments.kept.find((one) => one.head.key === environment.key)?.head;
    // An environment that has another key now has a finding of its own, and so has a workload.
    if (moved.has(environment)) continue;
    for (const workload of matched(environment.workloads, kept === undefined ? [] : allWorkloads(kept)).removed) {
      if (renamed.has(workload) || allowedRemovals.has(workload.key)) continue;
      yield {
        path: still.has(workload.key) ? ['workloads', workload.key] : kept ? ['workloads'] : ['environments'],
        message: `workload "${workload.key}" at ${workload.stage} is removed from ${environment.key}: ${destroyed(workload, environment, workload.clusters, true)}`,
        hint: `Put it back with released: true and apply: Terraform then forgets its resources, and the entry can be deleted. ${meant(workload)}`,
      };
    }
  }
}

function* fromClusters({ workloads, allowedRemovals }: Comparison): Generator<Found> {
  for (const { base: before, head, environment } of workloads) {
    if (allowedRemovals.has(head.key)) continue;
    const there = new Set(environment.head.clusters.map(({ key }) => key));
    const called = new Set(renamedClusters(environment).map(({ from }) => from.key));
    for (const cluster of before.clusters.filter((key) => !head.clusters.includes(key) && !called.has(key))) {
      yield {
        path: there.has(cluster)
          ? ['workloads', head.key, 'clusters']
          : ['environments', environment.head.key, 'clusters'],
        message: `workload "${head.key}" at ${before.stage} is removed from cluster "${cluster}" of ${environment.head.key}: ${destroyed(before, environment.base, [cluster], false)}`,
        hint: `Put it back while its pods may run there. ${meant(before)}`,
      };
    }
  }
}

/** What the next apply destroys, as a sentence. */
function destroyed(workload: Workload, environment: Environment, clusters: readonly string[], role: boolean): string {
  const manage = environment.clusters
    .filter(({ key }) => clusters.includes(key))
    .map((cluster) => managedOn(workload, cluster));
  const what = [
    ...(role ? ['its role'] : []),
    ...(isPast(workload.stage, 'prepared') ? [role ? 'its association' : 'its association there'] : []),
    ...(manage.includes('create') ? ['its service account'] : []),
    ...(manage.includes('annotate') && !manage.includes('create') ? ['its annotation'] : []),
  ];
  // Without a resource of its own on the cluster, the role's trust names the cluster.
  return what.length === 0 ? 'its role would no longer trust that cluster' : `${what.join(' and ')} would be destroyed`;
}

function meant({ key }: Workload): string {
  return `Where destroying is meant and no pod uses it: podlift check --allow-removal ${key}.`;
}
