import type { Mode } from '../../comparison/access';
import { runningPods } from '../../comparison/nodes';
import { podCredentials } from '../../comparison/podCredentials';
import type { Answer, AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { QuestionOf } from '../../estate/questions';
import type { Workload } from '../../inventory/Inventory';
import type { State, WorkloadOnCluster } from './Check';

export const MODE_TEXT: Readonly<Record<Mode, string>> = {
  irsa: 'web identity (IRSA)',
  'pod-identity': 'Pod Identity',
};

/** The question about the pods of a workload's namespace. */
export function podsOf({ workload, cluster }: Pick<WorkloadOnCluster, 'workload' | 'cluster'>): QuestionOf<'pods'> {
  return { ask: 'pods', cluster: cluster.arn, namespace: workload.namespace };
}

/** The question about the association of a workload's service account. */
export function associationOf({
  workload,
  cluster,
}: Pick<WorkloadOnCluster, 'workload' | 'cluster'>): QuestionOf<'association'> {
  const { namespace, serviceAccount } = workload;
  return { ask: 'association', cluster: cluster.arn, namespace, serviceAccount: serviceAccount.name };
}

/** The workload with session tags as its association in AWS sends them; as the inventory says where no association is known. */
export function asAssociated(workload: Workload, association: Answer<AssociationFacts | undefined>): Workload {
  const found = association.ok ? association.value : undefined;
  return found === undefined ? workload : { ...workload, sessionTags: !found.disableSessionTags };
}

/**
 * The pods of the workload among those of its namespace that run or are about to. Pods that are ending count only for a step: they run still, and
 * lose what the step removes.
 */
export function ownPods(
  { workload, next }: Pick<WorkloadOnCluster, 'workload' | 'next'>,
  pods: readonly PodFacts[],
): readonly PodFacts[] {
  return runningPods(pods, workload.serviceAccount.name).filter(({ ending }) => next !== undefined || !ending);
}

/** `3 pods run`, `no pod runs`. */
export function podsRun(count: number): string {
  return count === 0 ? 'no pod runs' : count === 1 ? '1 pod runs' : `${count} pods run`;
}

/** The modes in use now: the one that a new pod gets at this stage, and those that running pods hold. */
export function modesInUse(subject: WorkloadOnCluster, pods: Answer<readonly PodFacts[]>): ReadonlySet<Mode> {
  const held = (pods.ok ? ownPods(subject, pods.value) : []).map(podCredentials);
  const modes = new Set<Mode>([subject.row.newPodUses]);
  if (held.some(({ webIdentity }) => webIdentity)) modes.add('irsa');
  if (held.some(({ podIdentity, webIdentity }) => podIdentity && !webIdentity)) modes.add('pod-identity');
  return modes;
}

/** How bad it is that a mode does not work: a problem where it is in use, a warning where only the stage promises it. */
export function severity(
  subject: WorkloadOnCluster,
  pods: Answer<readonly PodFacts[]>,
  mode: Mode,
): Extract<State, 'problem' | 'warning'> {
  return modesInUse(subject, pods).has(mode) ? 'problem' : 'warning';
}
