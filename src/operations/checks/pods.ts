import { BlockList, isIPv6 } from 'node:net';
import type { Mode } from '../../comparison/access';
import { runningPods } from '../../comparison/nodes';
import { podCredentials } from '../../comparison/podCredentials';
import { ask, need } from '../../estate/ask';
import type { Answer, AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { RemedyStep } from '../../estate/Remedy';
import type { Cluster, Workload } from '../../inventory/Inventory';
import { type Advice, inspectPod, kubectl, named } from '../remedies';
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
 * The pods of the service account among those of its namespace that run or are about to. Pods that are ending count only for a step: they run still, and
 * lose what the step removes.
 */
export function ownPods(
  { serviceAccount, next }: Pick<WorkloadOnCluster, 'serviceAccount' | 'next'>,
  pods: readonly PodFacts[],
): readonly PodFacts[] {
  return runningPods(pods, serviceAccount.name).filter(({ ending }) => next !== undefined || !ending);
}

/** The pod templates with the service account, among those of its namespace. */
export function ownTemplates(
  { serviceAccount }: Pick<WorkloadOnCluster, 'serviceAccount'>,
  templates: readonly TemplateFacts[],
): readonly TemplateFacts[] {
  return templates.filter((one) => one.serviceAccount === serviceAccount.name);
}

/** `deployment/orders-api`: the owner of a pod, or the object with a template. */
export function ownerText({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind.toLowerCase()}/${name}`;
}

/** Shows the object with a pod template, as a list of one: the ClusterRole `podlift-read` has the verb list, and not get. */
export function inspectTemplate(cluster: Cluster, { namespace, kind, name }: TemplateFacts): RemedyStep {
  return kubectl(
    cluster,
    namespace,
  )`get ${`${kind.toLowerCase()}s`} --field-selector ${`metadata.name=${name}`} -o yaml`;
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

/** A pod, or a pod template, that requests credentials from the agent. */
export interface AgentClient {
  /** The name of the pod, or `cronjob/nightly`. */
  readonly name: string;
  readonly labels: PodFacts['labels'];
  readonly hostNetwork: boolean;
  readonly containers: PodFacts['containers'];
  /** The address at which it requests them. */
  readonly address: string;
  /** Absent: a pod template. */
  readonly pod?: PodFacts;
  readonly template?: TemplateFacts;
}

/**
 * Asks for the pods of the workload that use Pod Identity: those that hold it; before a step forward after which new pods use it, all of them. Pod
 * templates without a running pod are among them, where new pods use Pod Identity. Nothing before any other step.
 */
export function needAgentClients(
  subject: WorkloadOnCluster,
  next: (clients: readonly AgentClient[]) => Checked,
): Checked {
  const { questions } = subject;
  const newPods = usesPodIdentity(subject);
  if (subject.next !== undefined && !newPods) return [];
  return ask([questions.cluster], (facts) => {
    const family = facts.ok && facts.value?.ipFamily === 'ipv6' ? AGENT_IPV6 : AGENT_IPV4;
    const ofPod = (pod: PodFacts): AgentClient => ({
      name: pod.name,
      labels: pod.labels,
      hostNetwork: pod.hostNetwork,
      containers: pod.containers,
      address: holds('pod-identity', pod) ? agentAddress(pod) : family,
      pod,
    });
    if (!newPods) return needPods(subject, (pods) => next(pods.filter((pod) => holds('pod-identity', pod)).map(ofPod)));
    return need([questions.pods, questions.templates], (allPods, allTemplates) => {
      const own = ownPods(subject, allPods);
      const pods = subject.next === undefined ? own.filter((pod) => holds('pod-identity', pod)) : own;
      const running = new Set(own.flatMap(({ owner }) => (owner === undefined ? [] : ownerText(owner))));
      const templates = ownTemplates(subject, allTemplates).filter((one) => !running.has(ownerText(one)));
      return next([
        ...pods.map(ofPod),
        ...templates.map((template): AgentClient => {
          const { labels, hostNetwork, containers } = template;
          return { name: ownerText(template), labels, hostNetwork, containers, address: family, template };
        }),
      ]);
    });
  });
}

/** The command that shows the pods of the namespace, for results that are not about one. */
export function inspectPods({ cluster, serviceAccount }: WorkloadOnCluster): { readonly inspect: RemedyStep } {
  return { inspect: kubectl(cluster, serviceAccount.namespace)`get pods -o wide` };
}

/** Shows a client of the agent. */
export function inspectClient(cluster: Cluster, { pod, template }: AgentClient): RemedyStep | undefined {
  if (pod !== undefined) return inspectPod(cluster, pod);
  return template && inspectTemplate(cluster, template);
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
