import type { Cluster, Workload } from '../../inventory/Inventory';
import type { Answer } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Ports } from '../../estate/Ports';
import type { Step } from './Check';

/** Pods that are over hold no credentials that anyone uses. */
const OVER: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** The pods of a workload's service account on a cluster that run, or are about to; those that are ending run still. */
export async function runningPods(
  { environment }: Step,
  ports: Ports,
  { namespace, serviceAccount }: Workload,
  cluster: Cluster,
): Promise<Answer<readonly PodFacts[]>> {
  const answer = await ports.kubernetes(environment.key, cluster).pods(namespace);
  if (!answer.ok) return answer;
  const pods = answer.value.filter((pod) => pod.serviceAccount === serviceAccount.name && !OVER.has(pod.phase));
  return { ok: true, value: pods };
}

/** `3 pods run`, `no pod runs`. */
export function podsRun(count: number): string {
  return count === 0 ? 'no pod runs' : count === 1 ? '1 pod runs' : `${count} pods run`;
}
