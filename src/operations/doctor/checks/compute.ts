import { named } from '../../checks/named';
import { podsRun } from '../../evidence/runningPods';
import { cannotHaveAgent, computeOf } from '../agentReady';
import type { Judge } from '../Judge';
import { ill, kubectlLook, unknown, well } from '../judgement';

/** The pods are on nodes where the agent can run, wherever they need it; on IRSA any node will do. */
export const compute: Judge = (patient, { pods, nodes }) => {
  const { workload, row } = patient;
  const look = kubectlLook(patient, 'get pods -o wide', workload.namespace);
  if (!pods.ok) return [unknown(look, `get pods -n ${workload.namespace}`, pods)];
  if (!nodes.ok) return [unknown(kubectlLook(patient, 'get nodes --show-labels'), 'get nodes', nodes)];
  if (pods.value.length === 0) return [well(look, 'no pod runs now: what pods show is not judged')];
  const byName = new Map(nodes.value.map((node) => [node.name, node]));
  const stuck = pods.value.flatMap((pod) => {
    const node = pod.node === undefined ? undefined : byName.get(pod.node);
    return node !== undefined && cannotHaveAgent(node) ? [{ pod: pod.name, compute: computeOf(node) }] : [];
  });
  const [first] = stuck;
  if (first === undefined) return [well(look, `${podsRun(pods.value.length)}, none on Fargate or Windows`)];
  const names = stuck.map((one) => one.pod);
  if (row.newPodUses === 'irsa' && !row.association)
    return [well(look, `${podsRun(pods.value.length)}, ${stuck.length} of them on ${first.compute}: IRSA works there`)];
  return [
    ill(
      look,
      'problem',
      `${named(names)} on ${first.compute}, where there is no agent`,
      `Keep them off ${first.compute} (Fargate profile, nodeSelector kubernetes.io/os: linux), or take the workload back to IRSA:\nstage: irsa with because: runs on ${first.compute}, in workloads.${workload.key}.`,
      names,
    ),
  ];
};
