import { isPast } from '../../resolve/isPast';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html (hybrid nodes) */
const FIRST_FOR_HYBRID = [1, 3, 3, 1] as const;

/** The agent runs on hybrid nodes from v1.3.3-eksbuild.1 on. */
export const agentTooOld: Rule = {
  name: 'agent-too-old',
  severities: ['error'],
  what: 'A cluster with a hybrid workload past `irsa` has the agent v1.3.3-eksbuild.1 or later.',
  example: 'agent v1.2.0-eksbuild.1 does not run on hybrid nodes',
  *check({ staged }) {
    const seen = new Set<string>();
    for (const { workload, clusters, environment } of staged) {
      if (workload.compute !== 'hybrid' || !isPast(workload.stage, 'irsa')) continue;
      for (const { key, agent } of clusters) {
        const id = `${environment.key} ${key}`;
        if (!agent || seen.has(id) || !isOlder(agent.version)) continue;
        seen.add(id);
        yield {
          path: ['environments', environment.key, 'clusters', key, 'agent', 'version'],
          message: `agent ${agent.version} does not run on hybrid nodes, where workload "${workload.key}" runs: at least v1.3.3-eksbuild.1`,
          hint: 'Raise agent.version to v1.3.3-eksbuild.1 or later (Bottlerocket: v1.3.7-eksbuild.2).',
        };
      }
    }
  },
};

function isOlder(version: string): boolean {
  const numbers = (version.match(/\d+/g) ?? []).map(Number);
  const differing = FIRST_FOR_HYBRID.findIndex((wanted, index) => wanted !== numbers[index]);
  return differing >= 0 && (numbers[differing] ?? 0) < (FIRST_FOR_HYBRID[differing] ?? 0);
}
