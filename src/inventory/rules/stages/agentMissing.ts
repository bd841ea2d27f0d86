import { isPast } from '../../resolve/isPast';
import type { Rule } from '../Rule';

/** Without the agent no pod gets credentials from Pod Identity. */
export const agentMissing: Rule = {
  name: 'agent-missing',
  severities: ['error'],
  what: 'A cluster with a workload past `irsa` has `agent` or `autoMode`.',
  example: 'cluster "main" has neither agent nor autoMode, but workload "search" is at pod-identity',
  *check({ staged }) {
    const seen = new Set<string>();
    for (const { workload, clusters, environment } of staged) {
      if (!isPast(workload.stage, 'irsa')) continue;
      for (const { key, agent, autoMode } of clusters) {
        const id = `${environment.key} ${key}`;
        if (agent || autoMode || seen.has(id)) continue;
        seen.add(id);
        yield {
          path: ['environments', environment.key, 'clusters', key],
          message: `cluster "${key}" has neither agent nor autoMode, but workload "${workload.key}" is at ${workload.stage}`,
          hint: 'Add agent: { version: … }, or autoMode: true where EKS Auto Mode has it built in.',
          at: 'key',
        };
      }
    }
  },
};
