import type { Cluster } from '../../inventory/Inventory';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { kubectlPlace } from './places';
import { shellWord } from '../../estate/shellWord';

const ROLLED_OUT: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** How one owner's pods are restarted: a command, with the one that waits for it where there is one, or what a person has to do. */
type RestartStep = { readonly run: string; readonly wait?: string } | { readonly say: string };

/** How pods are restarted, a line for each owner; lines that begin with `kubectl` are commands. Pods that are ending need none. */
export function restartCommands(cluster: Cluster, pods: readonly PodFacts[]): string[] {
  return restarts(cluster, pods).map((one) => ('run' in one ? one.run : one.say));
}

/** How pods are restarted and waited for, a line each, to be pasted in this order: what is no command begins with `#`. */
export function restartSteps(cluster: Cluster, pods: readonly PodFacts[]): readonly string[] {
  const all = restarts(cluster, pods);
  return [
    ...all.map((one) => ('run' in one ? one.run : `# ${one.say}`)),
    ...all.flatMap((one) => ('run' in one && one.wait !== undefined ? [one.wait] : [])),
  ];
}

/** One for each owner. */
function restarts(cluster: Cluster, pods: readonly PodFacts[]): readonly RestartStep[] {
  const all = pods.filter(({ ending }) => !ending).map((pod) => restart(cluster, pod));
  return [...new Map(all.map((one) => ['run' in one ? one.run : one.say, one])).values()];
}

function restart(cluster: Cluster, { namespace, name, owner }: PodFacts): RestartStep {
  const kubectl = `${kubectlPlace(cluster)} -n ${shellWord(namespace)}`;
  if (owner === undefined) return { say: `pod ${namespace}/${name} was made by hand: delete it and create it again` };
  if (ROLLED_OUT.has(owner.kind)) {
    const what = `${owner.kind.toLowerCase()}/${shellWord(owner.name)}`;
    return { run: `${kubectl} rollout restart ${what}`, wait: `${kubectl} rollout status ${what}` };
  }
  if (owner.kind === 'Job')
    return {
      say: `job ${namespace}/${owner.name}: wait for its end, or delete it. A CronJob makes the next Job by itself; create any other Job again`,
    };
  // Whatever else controls it (a bare ReplicaSet, an operator's own kind) makes a new pod for a deleted one.
  return { run: `${kubectl} delete pod ${shellWord(name)}` };
}
