import { cannotMove, stuckPods } from '../../comparison/nodes';
import { need } from '../../estate/ask';
import type { NodeFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { kubectl, named } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass, problem, type WorkloadOnCluster } from './Check';
import { ownPods, podsRun } from './pods';

/**
 * The pods are on nodes where the agent can run, wherever they need it; on IRSA any node will do. An association is for a service account, so that
 * one pod on Fargate or Windows is enough to fail.
 */
export const compute: CheckFunction = (subject) => {
  const { workload, next, questions } = subject;
  if (next !== undefined && cannotMove(workload.compute))
    return problem(
      `the inventory has compute: ${workload.compute}, where no agent can run`,
      stay(subject, workload.compute),
    );
  return need([questions.pods, questions.nodes], (pods, nodes) => judge(subject, ownPods(subject, pods), nodes));
};

function judge(subject: WorkloadOnCluster, pods: readonly PodFacts[], nodes: readonly NodeFacts[]): CheckResult {
  const { workload, cluster, row, next } = subject;
  if (pods.length === 0) return pass(`no pod runs now; the inventory has compute: ${workload.compute}`);
  const stuck = stuckPods(pods, nodes);
  const [first] = stuck;
  if (first === undefined) {
    const names = new Set(nodes.map(({ name }) => name));
    const lost = pods.filter(({ node }) => node !== undefined && !names.has(node));
    if (next === undefined || lost.length === 0) return pass(`${podsRun(pods.length)}, none on Fargate or Windows`);
    return fail(
      'unknown',
      `the nodes of ${named(lost.map(({ name }) => name))} are gone`,
      'Run the command again in a minute, when the cluster has settled.',
    );
  }
  if (next === undefined && row.newPodUses === 'irsa' && !row.association)
    return pass(`${podsRun(pods.length)}, ${stuck.length} of them on ${first.compute}: IRSA works there`);
  return problem(
    `${named(stuck.map(({ pod, compute: on }) => `${pod.name} on ${on}`))}: no agent can run there`,
    [stay(subject, first.compute), kubectl(cluster, first.pod.namespace)`get pods -o wide`],
    { pods: stuck.map(({ pod }) => pod.name) },
  );
}

function stay({ workload }: WorkloadOnCluster, on: string): string {
  return `Move its pods to Linux nodes (Fargate profile, nodeSelector kubernetes.io/os: linux). Or keep the workload on IRSA: in workloads.${workload.key}, replace wave by stage: irsa and because: runs on ${on}.`;
}
