import type { Cluster, Workload } from '../../inventory/Inventory';
import type { NodeFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Check } from './Check';
import { evidenceOf, unanswered, type Verdict } from './evidenceOf';
import { named } from '../checks/named';
import { INVENTORY, kubectlPlace } from './places';
import { podsRun, runningPods } from './runningPods';
import { workloadsOnClusters } from './workloadsOnClusters';

/** Computes without an agent. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
const CANNOT_MOVE: ReadonlySet<string> = new Set(['fargate', 'windows']);

/**
 * Every workload runs where the agent can run: by what the inventory declares, and by the nodes on which its pods are. An
 * association is for a service account, so that one pod on Fargate or Windows is enough to say no.
 */
export const computeCanMove: Check = (step, ports, now) =>
  Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => {
      const question = { check: 'compute', workload: workload.key, cluster: cluster.key } as const;
      if (CANNOT_MOVE.has(workload.compute))
        return evidenceOf(step, now, { ...question, asked: 'compute', of: INVENTORY }, declared(workload));
      const asked = {
        ...question,
        asked: `get pods -n ${workload.namespace}, get nodes`,
        of: kubectlPlace(cluster),
      };
      const pods = await runningPods(step, ports, workload, cluster);
      if (!pods.ok) return evidenceOf(step, now, asked, unanswered(asked, pods));
      if (pods.value.length === 0)
        return evidenceOf(step, now, asked, {
          found: `no pod runs now; the inventory says ${workload.compute}`,
          holds: 'yes',
        });
      const nodes = await ports.kubernetes(step.environment.key, cluster).nodes();
      if (!nodes.ok) return evidenceOf(step, now, asked, unanswered(asked, nodes));
      return evidenceOf(step, now, asked, live(workload, cluster, pods.value, nodes.value));
    }),
  );

function declared({ key, compute }: Workload): Verdict {
  return { found: `${compute}, where there is no agent`, holds: 'no', remedy: takeOut(key, compute) };
}

function live({ key }: Workload, cluster: Cluster, pods: readonly PodFacts[], nodes: readonly NodeFacts[]): Verdict {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const stuck = pods.flatMap((pod) => {
    const compute = computeOf(pod.node, byName);
    return CANNOT_MOVE.has(compute) ? [{ pod, compute }] : [];
  });
  const [first] = stuck;
  if (first !== undefined)
    return {
      found: `${named(stuck.map(({ pod, compute }) => `${pod.name} on ${compute}`))}: there is no agent`,
      holds: 'no',
      remedy: `${takeOut(key, first.compute)}\n${kubectlPlace(cluster)} get pods -n ${first.pod.namespace} -o wide`,
    };
  const lost = pods.filter(({ node }) => node !== undefined && !byName.has(node));
  if (lost.length > 0)
    return {
      found: `the nodes of ${named(lost.map(({ name }) => name))} are gone`,
      holds: 'unknown',
      remedy: 'Ask again in a minute, when the cluster has settled.',
    };
  return { found: `${podsRun(pods.length)}, none on Fargate or Windows`, holds: 'yes' };
}

function computeOf(node: string | undefined, byName: ReadonlyMap<string, NodeFacts>): string {
  const facts = node === undefined ? undefined : byName.get(node);
  return facts?.os === 'windows' ? 'windows' : (facts?.computeType ?? '');
}

function takeOut(workload: string, compute: string): string {
  return `Move its pods to Linux nodes, or keep it: \`stage: irsa\` with \`because: runs on ${compute}\` instead of its wave, in workloads.${workload}.`;
}
