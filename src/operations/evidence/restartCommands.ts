import type { Cluster } from '../../inventory/Inventory';
import type { PodFacts } from '../kubernetes/KubernetesPort';
import { kubectlPlace } from './places';
import { shellWord } from './shellWord';

const ROLLED_OUT: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** How pods are restarted, a line for each owner; lines that begin with `kubectl` are commands. Pods that are ending need none. */
export function restartCommands(cluster: Cluster, pods: readonly PodFacts[]): string[] {
  return [...new Set(pods.filter(({ ending }) => !ending).map((pod) => restart(cluster, pod)))];
}

function restart(cluster: Cluster, { namespace, name, owner }: PodFacts): string {
  const kubectl = `${kubectlPlace(cluster)} -n ${shellWord(namespace)}`;
  if (owner === undefined) return `pod ${namespace}/${name} was made by hand: delete it and create it again`;
  if (ROLLED_OUT.has(owner.kind))
    return `${kubectl} rollout restart ${owner.kind.toLowerCase()}/${shellWord(owner.name)}`;
  if (owner.kind === 'Job')
    return `job ${namespace}/${owner.name}: wait for its end, or delete it. A CronJob makes the next Job by itself; create any other Job again`;
  // Whatever else controls it (a bare ReplicaSet, an operator's own kind) makes a new pod for a deleted one.
  return `${kubectl} delete pod ${shellWord(name)}`;
}
