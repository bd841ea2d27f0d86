import type { Rule } from '../Rule';

/** A workload without a cluster gets no role. Probably a cluster is missing. */
export const workloadNowhere: Rule = {
  name: 'workload-nowhere',
  severities: ['warning'],
  what: 'A workload runs on at least one cluster.',
  example: 'workload "search" runs on no cluster: lab has no clusters',
  *check({ written, defined }) {
    if (defined.unreadable.has('environments')) return;
    for (const [key, { environments }] of Object.entries(written.workloads)) {
      const selected = environments ?? [...defined.environments];
      if (
        selected.some(
          (environment) => !defined.environments.has(environment) || (defined.clusters.get(environment)?.size ?? 0) > 0,
        )
      )
        continue;
      yield {
        path: ['workloads', key],
        message: `workload "${key}" runs on no cluster: ${selected.length === 0 ? 'there are no environments' : `${selected.join(', ')} ${selected.length === 1 ? 'has' : 'have'} no clusters`}`,
        hint: "Add the cluster under the environment's `clusters`.",
        at: 'key',
      };
    }
  },
};
