import { isPast } from '../../Inventory';
import { clustersRunning, type Rule } from '../Rule';

export const agentMissing: Rule = {
  name: 'agent-missing',
  what: 'A cluster with a workload past `irsa` has `agent` or `autoMode`.',
  example: 'cluster "main" has neither agent nor autoMode, but workload "search" is at pod-identity',
  *check({ staged }) {
    for (const { environment, cluster, workload } of clustersRunning(staged, ({ stage }) => isPast(stage, 'irsa'))) {
      if (cluster.agent || cluster.autoMode) continue;
      yield {
        path: ['environments', environment.key, 'clusters', cluster.key],
        message: `cluster "${cluster.key}" has neither agent nor autoMode, but workload "${workload.key}" is at ${workload.stage}`,
        hint: 'Add agent: { version: … }. For EKS Auto Mode, which has the agent built in, add autoMode: true.',
        at: 'key',
      };
    }
  },
};
