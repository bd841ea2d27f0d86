import { isPast, type Workload } from '../../Inventory';
import { clustersRunning, type Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html (hybrid nodes) */
const FIRST_FOR_HYBRID = [1, 3, 3, 1] as const;

export const agentTooOld: Rule = {
  name: 'agent-too-old',
  what: 'A cluster with a hybrid workload past `irsa` has the agent v1.3.3-eksbuild.1 or later.',
  example: 'agent v1.2.0-eksbuild.1 does not run on hybrid nodes',
  *check({ staged }) {
    const isHybrid = ({ compute, stage }: Workload) => compute === 'hybrid' && isPast(stage, 'irsa');
    for (const { environment, cluster, workload } of clustersRunning(staged, isHybrid)) {
      const { key, agent } = cluster;
      if (!agent || !isOlder(agent.version)) continue;
      yield {
        path: ['environments', environment.key, 'clusters', key, 'agent', 'version'],
        message: `agent ${agent.version} does not run on hybrid nodes, where workload "${workload.key}" runs: at least v1.3.3-eksbuild.1`,
        // EKS lists no v1.3.3: the first version for hybrid nodes is v1.3.4-eksbuild.1.
        hint: 'Raise agent.version to v1.3.4-eksbuild.1 or later (Bottlerocket: v1.3.7-eksbuild.2).',
      };
    }
  },
};

function isOlder(version: string): boolean {
  const numbers = (version.match(/\d+/g) ?? []).map(Number);
  const differing = FIRST_FOR_HYBRID.findIndex((wanted, index) => wanted !== numbers[index]);
  return differing >= 0 && (numbers[differing] ?? 0) < (FIRST_FOR_HYBRID[differing] ?? 0);
}
