import { isPast } from '../resolve/isPast';
import { matched } from './compare';
import type { CompareRule } from './CompareRule';
import { renamedClusters, renamedEnvironments, renamedWorkloads } from './renames';

/** What has left `irsa` is not taken away while its pods may run. */
export const workloadRemoved: CompareRule = {
  name: 'workload-removed',
  severities: ['error'],
  what: 'A workload past `irsa` is not removed, from the inventory, an environment or a cluster.',
  example: 'workload "search" at dual is removed from prod: its role and its association would be destroyed',
  *check(comparison) {
    const { base, environments, workloads } = comparison;
    const renamed = new Set(renamedWorkloads(comparison).map(({ from }) => from));
    const moved = new Set(renamedEnvironments(comparison).map(({ from }) => from));
    const still = new Set(comparison.head.environments.flatMap(({ workloads: all }) => all.map(({ key }) => key)));
    for (const environment of base.environments) {
      const kept = environments.kept.find(({ head }) => head.key === environment.key)?.head;
      // An environment that has another key now has a finding of its own, and so has a workload.
      if (moved.has(environment)) continue;
      for (const workload of matched(environment.workloads, kept?.workloads ?? []).removed) {
        if (!isPast(workload.stage, 'irsa') || renamed.has(workload)) continue;
        yield {
          path: still.has(workload.key) ? ['workloads', workload.key] : kept ? ['workloads'] : ['environments'],
          message: `workload "${workload.key}" at ${workload.stage} is removed from ${environment.key}: its role and its association would be destroyed`,
          hint: wayOut(workload.wave),
        };
      }
    }
    for (const { base: before, head, environment } of workloads) {
      if (!isPast(before.stage, 'irsa')) continue;
      const there = new Set(environment.head.clusters.map(({ key }) => key));
      const called = new Set(renamedClusters(environment).map(({ from }) => from.key));
      for (const cluster of before.clusters.filter((key) => !head.clusters.includes(key) && !called.has(key))) {
        yield {
          path: there.has(cluster)
            ? ['workloads', head.key, 'clusters']
            : ['environments', environment.head.key, 'clusters'],
          message: `workload "${head.key}" at ${before.stage} is removed from cluster "${cluster}" of ${environment.head.key}: its association there would be destroyed`,
          hint: wayOut(before.wave),
        };
      }
    }
  },
};

function wayOut(wave: string | undefined): string {
  const back = wave === undefined ? '' : `, or put it back and take wave "${wave}" back to irsa first`;
  return `Only when none of its pods runs any more, which this check cannot see: have someone confirm it in review${back}.`;
}
