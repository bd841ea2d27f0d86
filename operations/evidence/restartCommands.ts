import type { Cluster } from '../../inventory/Inventory';
import type { PodFacts } from '../kubernetes/KubernetesPort';
import { kubectlPlace } from './places';
import { shellWord } from './shellWord';

const ROLLED_OUT: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** How pods are made anew, a line for each owner; lines that begin with `kubectl` are commands. Pods that are ending need none. */
export function restartCommands(cluster: Cluster, pods: readonly PodFacts[]): string[] {
  return [...new Set(pods.filter(({ ending }) => !ending).map((pod) => restart(cluster, pod)))];
}

function restart(cluster: Cluster, { namespace, name, owner }: PodFacts): string {
  const kubectl = `${kubectlPlace(cluster)} -n ${shellWord(namespace)}`;
  if (owner === undefined) return `pod ${namespace}/${name} was made by hand: delete it and make it again`;
  if (ROLLED_OUT.has(owner.kind))
    return `${kubectl} rollout restart ${owner.kind.toLowerCase()}/${shellWord(owner.name)}`;
  if (owner.kind === 'Job')
    return `job ${namespace}/${owner.name}: let it end, or delete it and start it again; its next run gets the new way`;
  // Whatever else controls it (a bare ReplicaSet, an operator's own kind) makes a new pod for a deleted one.
  return `${kubectl} delete pod ${shellWord(name)}`;
}
