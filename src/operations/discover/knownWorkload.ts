import type { Workload } from '../../inventory/Inventory';
import type { Scene } from './Scene';
import type { Subject } from './Subject';

/** The workload of the inventory that a service account of the cluster is. */
export function knownWorkload(
  subject: Pick<Subject, 'namespace' | 'name'>,
  { environment, cluster }: Pick<Scene, 'environment' | 'cluster'>,
): Workload | undefined {
  const { workloads, released = [] } = environment;
  return [...workloads, ...released].find(
    ({ namespace, serviceAccount, clusters }) =>
      namespace === subject.namespace && serviceAccount.name === subject.name && clusters.includes(cluster.key),
  );
}
