import type { Answer } from '../../estate/aws/AwsPort';
import type { KubernetesPort } from '../../estate/kubernetes/KubernetesPort';
import type { Ports } from '../../estate/Ports';
import type { Patient } from './Patient';

/** From so many workloads of a cluster on, one list of everything costs less than a question for each. */
const MANY = 10;

/**
 * Ports that answer for a cluster with many workloads from lists of the whole cluster. A list that may not be had (a role that sees some
 * namespaces only) is replaced by the single questions.
 */
export function wholeLists(patients: readonly Patient[], ports: Ports): Ports {
  const counts = new Map<string, number>();
  for (const { cluster } of patients) counts.set(cluster.arn, (counts.get(cluster.arn) ?? 0) + 1);
  return {
    aws: ports.aws,
    kubernetes: (environment, cluster) => {
      const port = ports.kubernetes(environment, cluster);
      return (counts.get(cluster.arn) ?? 0) >= MANY ? fromLists(port) : port;
    },
  };
}

function fromLists(port: KubernetesPort): KubernetesPort {
  return {
    ...port,
    pods: (namespace) =>
      either(
        port.allPods,
        (all) => all.filter((pod) => pod.namespace === namespace),
        () => port.pods(namespace),
      ),
    serviceAccount: (namespace, name) =>
      either(
        port.serviceAccounts,
        (all) => all.find((one) => one.namespace === namespace && one.name === name),
        () => port.serviceAccount(namespace, name),
      ),
  };
}

async function either<L, T>(
  list: () => Promise<Answer<L>>,
  pick: (all: L) => T,
  single: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const all = await list();
  return all.ok ? { ok: true, value: pick(all.value) } : single();
}
