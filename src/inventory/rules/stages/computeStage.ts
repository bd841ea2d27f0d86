import { type Compute, isPast } from '../../Inventory';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
const WITHOUT_AGENT: ReadonlySet<Compute> = new Set<Compute>(['fargate', 'windows']);

export const computeStage: Rule = {
  name: 'compute-stage',
  what: 'Workloads on Fargate and Windows stay at `irsa`.',
  example: 'pods on fargate have no Pod Identity, but workload "thumbnails" is at dual in prod',
  *check({ staged }) {
    for (const { workload, environment, at } of staged) {
      if (!WITHOUT_AGENT.has(workload.compute) || !isPast(workload.stage, 'irsa')) continue;
      yield {
        path: at('compute'),
        message: `pods on ${workload.compute} have no Pod Identity, but workload "${workload.key}" is at ${workload.stage} in ${environment.key}`,
        hint: 'Write `stage: irsa` with `because`, or move its pods to EC2 nodes.',
      };
    }
  },
};
