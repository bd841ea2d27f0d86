import type { Cluster } from '../../inventory/Inventory';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { kubectlPlace } from './places';
import { shellWord } from '../../estate/shellWord';

/** The command that shows a pod as a list of one: the ClusterRole `podlift-read` of docs/permissions.md has the verb list on pods, and not get. */
export function inspectPod(cluster: Cluster, { namespace, name }: Pick<PodFacts, 'namespace' | 'name'>): string {
  return `${kubectlPlace(cluster)} -n ${shellWord(namespace)} get pods --field-selector ${shellWord(`metadata.name=${name}`)} -o yaml`;
}
