import { BlockList, isIPv6 } from 'node:net';
import type { Mode } from '../../comparison/access';
import { runningPods } from '../../comparison/nodes';
import { podCredentials } from '../../comparison/podCredentials';
import { need } from '../../estate/ask';
import type { Answer, AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Cluster, Workload } from '../../inventory/Inventory';
import { type Advice, inspectPod, named } from '../remedies';
import {
  type CheckAsk,
  type Checked,
  type CheckResult,
  fail,
  judgedRow,
  type State,
  usesPodIdentity,
  type WorkloadOnCluster,
} from './Check';

export const MODE_TEXT: Readonly<Record<Mode, string>> = {
  irsa: 'web identity (IRSA)',
  'pod-identity': 'Pod Identity',
};

/** The workload with session tags as its association in AWS sends them; as the inventory says where no association is known. */
export function asAssociated(workload: Workload, association: Answer<AssociationFacts | undefined>): Workload {
  const found = association.ok ? association.value : undefined;
  return found === undefined ? workload : { ...workload, sessionTags: !found.disableSessionTags };
}

/** Asks for the pods of the workload, see `ownPods`. */
export function needPods(subject: WorkloadOnCluster, next: (pods: readonly PodFacts[]) => Checked): CheckAsk {
  return need([subject.questions.pods], (all) => next(ownPods(subject, all)));
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

/** One thing that a check found in a pod, most often in one of its containers. */
export interface InPod {
  readonly pod: PodFacts;
  readonly text: string;
}

/** One result for all pods in which the same was found: `found` receives the texts and the names of the pods, each once. Nothing without a pod. */
export function failInPods(
  state: Exclude<State, 'ok'>,
  cluster: Cluster,
  all: readonly InPod[],
  found: (texts: string) => string,
  advice: Advice,
): readonly CheckResult[] {
  const [first] = all;
  if (first === undefined) return [];
  const pods = [...new Set(all.map(({ pod }) => pod.name))];
  const texts = `${named(new Set(all.map(({ text }) => text)), 3)} (${named(pods)})`;
  return [fail(state, found(texts), advice, { inspect: inspectPod(cluster, first.pod), pods })];
}

/**
 * Asks for the pods of the workload that use Pod Identity: those that hold it; before a step forward after which new pods use it, all of them. Nothing before any
 * other step.
 */
export function needPodsOnPodIdentity(
  subject: WorkloadOnCluster,
  next: (pods: readonly PodFacts[]) => Checked,
): Checked {
  if (subject.next === undefined)
    return needPods(subject, (pods) => next(pods.filter((pod) => holds('pod-identity', pod))));
  return usesPodIdentity(subject) ? needPods(subject, next) : [];
}

/** Whether a pod has the credentials of a mode, with or without those of the other. */
export function holds(mode: Mode, pod: PodFacts): boolean {
  const { webIdentity, podIdentity } = podCredentials(pod);
  return mode === 'irsa' ? webIdentity : podIdentity;
}

/**
 * The modes in use: the one that a new pod gets at this stage, and those that running pods hold. Before a step: those in use after it, without a mode
 * that the step takes from the pods that hold it, since other checks ask for their restart.
 */
export function modesInUse(subject: WorkloadOnCluster, pods: Answer<readonly PodFacts[]>): ReadonlySet<Mode> {
  const held = (pods.ok ? ownPods(subject, pods.value) : []).map(podCredentials);
  const { newPodUses, trustsOidc, association } = judgedRow(subject);
  const stays = (mode: Mode) => subject.next === undefined || (mode === 'irsa' ? trustsOidc : association);
  const modes = new Set<Mode>([newPodUses]);
  if (stays('irsa') && held.some(({ webIdentity }) => webIdentity)) modes.add('irsa');
  if (stays('pod-identity') && held.some(({ podIdentity, webIdentity }) => podIdentity && !webIdentity))
    modes.add('pod-identity');
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

/** The port of the agent, on its node and at its address. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
export const AGENT_PORT = 80;

/** The agent's addresses. Source: the same page. */
const AGENT_IPV4 = '169.254.170.23';
const AGENT_IPV6 = 'fd00:ec2::23';

/** The address at which a pod requests credentials from the agent, by its own variable: the webhook writes the IPv6 address on clusters of that family. */
export function agentAddress({ containers }: PodFacts): string {
  const v6 = containers.some(({ env }) => env.AWS_CONTAINER_CREDENTIALS_FULL_URI?.includes(`[${AGENT_IPV6}]`) === true);
  return v6 ? AGENT_IPV6 : AGENT_IPV4;
}

/** Whether a range (`169.254.0.0/16`) has an address; a text that is no range has none. */
export function inRange(range: string, address: string): boolean {
  const [, net = '', bits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(range) ?? [];
  const family = isIPv6(net) ? 'ipv6' : 'ipv4';
  if ((family === 'ipv6') !== isIPv6(address)) return false;
  try {
    const list = new BlockList();
    list.addSubnet(net, Number(bits), family);
    return list.check(address, family);
  } catch {
    return false;
  }
}
