import type { Cluster } from '../../inventory/Inventory';
import { ROLE_ANNOTATION } from '../evidence/annotationRemedy';
import { kubectlPlace } from '../evidence/places';
import { restartCommands } from '../evidence/restartCommands';
import { shellWord } from '../evidence/shellWord';
import type { PodFacts } from '../kubernetes/KubernetesPort';
import type { Subject } from './Subject';

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

/** The command that lets a service account name a role. */
export function annotate(cluster: Cluster, subject: Pick<Subject, 'namespace' | 'name'>, role: string): string {
  return `${place(cluster, subject)} --overwrite ${ROLE_ANNOTATION}=${shellWord(role)}`;
}

/** The command that takes a service account's annotation away. */
export function removeAnnotation(cluster: Cluster, subject: Pick<Subject, 'namespace' | 'name'>): string {
  return `${place(cluster, subject)} ${ROLE_ANNOTATION}-`;
}

function place(cluster: Cluster, { namespace, name }: Pick<Subject, 'namespace' | 'name'>): string {
  return `${kubectlPlace(cluster)} annotate serviceaccount ${shellWord(name)} -n ${shellWord(namespace)}`;
}
