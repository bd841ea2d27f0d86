import type { Cluster } from '../../inventory/Inventory';
import { restartCommands } from '../evidence/restartCommands';
import type { PodFacts } from '../kubernetes/KubernetesPort';

/** How pods are made anew and waited for, a line each, to be pasted in this order: what is no command begins with `#`. */
export function restartSteps(cluster: Cluster, pods: readonly PodFacts[]): readonly string[] {
  const commands = restartCommands(cluster, pods);
  return [
    ...commands.map((line) => (line.startsWith('kubectl ') ? line : `# ${line}`)),
    ...commands
      .filter((line) => line.includes(' rollout restart '))
      .map((line) => line.replace(' rollout restart ', ' rollout status ')),
  ];
}
