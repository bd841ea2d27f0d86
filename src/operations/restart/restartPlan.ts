import type { Mode } from '../../comparison/access';
import { podCredentials } from '../../comparison/podCredentials';
import { type Ask, ask } from '../../estate/ask';
import type { Answer, AssociationFacts } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Remedy } from '../../estate/Remedy';
import { type Cluster, type Environment, type Stage, subjectName, type Workload } from '../../inventory/Inventory';
import { onClusters, type WorkloadOnCluster } from '../checks/Check';
import { holds, ownPods } from '../checks/pods';
import { restartPods, restartWay } from '../remedies';

/** What is restarted as one: a Deployment, StatefulSet or DaemonSet, or one pod that its controller replaces. */
export interface RestartTarget {
  /** Keys of the workloads whose pods it has. */
  readonly workloads: readonly string[];
  readonly cluster: Cluster;
  readonly namespace: string;
  /** `rollout`: `kubectl rollout restart`. `delete`: the pod is deleted. */
  readonly way: 'rollout' | 'delete';
  /** `deployment/api`; `pod/api-x7` where a pod is deleted. */
  readonly name: string;
  /** What controls the pods. */
  readonly owner: NonNullable<PodFacts['owner']>;
  /** How many pods have other credentials than a new one gets. */
  readonly pods: number;
}

/** A service account of a workload on a cluster, as keys and `namespace/name`. */
interface Account {
  readonly workload: string;
  readonly cluster: string;
  readonly serviceAccount: string;
}

/** Why a restart would not give pods the credentials of the stage. */
export type Blocked = Account &
  (
    | { readonly why: 'no-answer'; readonly message: string }
    /** New pods would get no Pod Identity. */
    | { readonly why: 'no-association' }
    /** New pods would get Pod Identity still. */
    | { readonly why: 'association' }
  );

/** Pods that podlift does not restart, and what a person does. `waits`: they end by themselves. */
export interface HandRestart extends Account {
  readonly waits: boolean;
  readonly steps: Remedy;
}

/** What has to be restarted so that all pods of some workloads have the credentials that their stage gives new pods. */
export interface RestartPlan {
  readonly targets: readonly RestartTarget[];
  readonly byHand: readonly HandRestart[];
  readonly blocked: readonly Blocked[];
  /** When an association of the pods was changed last, ISO 8601. Absent: there is none, or AWS does not say. */
  readonly changedAt?: string;
}

/**
 * The restarts that workloads need at their stage. Pods that have the credentials of the stage are left alone: the same plan after a run that was stopped goes on
 * where that one ended.
 *
 * @param beforeApply only for pods that hold what the apply of the stage takes away. The others wait for the apply: it can be the one that lets new pods get credentials.
 */
export function restartPlan(
  environment: Environment,
  workloads: readonly Workload[],
  beforeApply = false,
): Ask<RestartPlan> {
  const subjects = workloads.flatMap((workload) => onClusters(environment, workload));
  return ask(
    [...subjects.map(({ questions }) => questions.pods), ...subjects.map(({ questions }) => questions.association)],
    (...answers) => {
      const found = subjects.map((subject, index) => {
        const pods = answers[index] as Answer<readonly PodFacts[]>;
        const association = answers[subjects.length + index] as Answer<AssociationFacts | undefined>;
        return planOf(subject, pods, association, beforeApply);
      });
      const changes = found.flatMap(({ changedAt }) => changedAt ?? []).toSorted();
      const changedAt = changes.at(-1);
      return {
        targets: merged(found.flatMap(({ targets }) => targets)),
        byHand: found.flatMap(({ byHand }) => byHand),
        blocked: found.flatMap(({ blocked }) => blocked),
        ...(changedAt !== undefined && { changedAt }),
      };
    },
  );
}

function planOf(
  subject: WorkloadOnCluster,
  pods: Answer<readonly PodFacts[]>,
  association: Answer<AssociationFacts | undefined>,
  beforeApply: boolean,
): RestartPlan {
  const { workload, cluster, serviceAccount, row } = subject;
  const account = { workload: workload.key, cluster: cluster.key, serviceAccount: subjectName(serviceAccount) };
  const nothing: RestartPlan = { targets: [], byHand: [], blocked: [] };
  const noAnswer = (message: string): RestartPlan => ({
    ...nothing,
    blocked: [{ ...account, why: 'no-answer', message }],
  });
  if (!pods.ok) return noAnswer(pods.message);
  const mode = row.newPodUses;
  const other = mode === 'irsa' ? 'pod-identity' : 'irsa';
  const wrong = ownPods(subject, pods.value).filter((pod) => (beforeApply ? holds(other, pod) : !holds(mode, pod)));
  if (wrong.length === 0) return nothing;
  if (!association.ok) return noAnswer(association.message);
  if (mode === 'pod-identity' && association.value === undefined)
    return { ...nothing, blocked: [{ ...account, why: 'no-association' }] };
  if (mode === 'irsa' && association.value !== undefined)
    return { ...nothing, blocked: [{ ...account, why: 'association' }] };
  const hand = wrong.filter(({ owner }) => restartWay(owner) === 'by hand');
  const changedAt = association.value?.modifiedAt;
  return {
    targets: wrong.flatMap((pod) => targetOf(workload.key, cluster, pod)),
    byHand:
      hand.length === 0
        ? []
        : [{ ...account, waits: hand.every(({ owner }) => owner !== undefined), steps: restartPods(cluster, hand) }],
    blocked: [],
    ...(changedAt !== undefined && { changedAt }),
  };
}

function targetOf(workload: string, cluster: Cluster, { namespace, name, owner }: PodFacts): readonly RestartTarget[] {
  const way = restartWay(owner);
  if (owner === undefined || way === 'by hand') return [];
  const named = way === 'delete' ? `pod/${name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
  return [{ workloads: [workload], cluster, namespace, way, name: named, owner, pods: 1 }];
}

/** Each target once, with the number of its pods. */
function merged(targets: readonly RestartTarget[]): readonly RestartTarget[] {
  const all = new Map<string, RestartTarget>();
  for (const target of targets) {
    const key = [target.cluster.key, target.namespace, target.name].join(' ');
    const known = all.get(key);
    all.set(key, {
      ...target,
      pods: (known?.pods ?? 0) + target.pods,
      workloads: [...new Set([...(known?.workloads ?? []), ...target.workloads])],
    });
  }
  return [...all.values()];
}

/** Which credentials a pod received. `both`: SDKs use web identity first. */
export type Received = Mode | 'nothing' | 'both';

/** A new pod without the credentials of its stage. */
export interface WrongPod {
  readonly pod: string;
  readonly received: Received;
}

/** The new pods of a restarted target that do not have the credentials of a mode, among the pods of its namespace. Pods that are ending are the old ones. */
export function wrongPods(
  { owner }: Pick<RestartTarget, 'owner'>,
  pods: readonly PodFacts[],
  mode: Mode,
): readonly WrongPod[] {
  return podsOfOwner({ owner }, pods)
    .map((pod): WrongPod => ({ pod: pod.name, received: receivedBy(pod) }))
    .filter(({ received }) => received !== mode);
}

/** The pods of a target's owner that run, or are about to. */
export function podsOfOwner({ owner }: Pick<RestartTarget, 'owner'>, pods: readonly PodFacts[]): readonly PodFacts[] {
  return pods.filter((pod) => pod.owner?.kind === owner.kind && pod.owner.name === owner.name && isAlive(pod));
}

function isAlive({ ending, phase }: PodFacts): boolean {
  return !ending && phase !== 'Succeeded' && phase !== 'Failed';
}

function receivedBy(pod: PodFacts): Received {
  const { webIdentity, podIdentity } = podCredentials(pod);
  if (webIdentity && podIdentity) return 'both';
  return webIdentity ? 'irsa' : podIdentity ? 'pod-identity' : 'nothing';
}

/**
 * How long podlift waits after the change of an association before it restarts pods by itself, in seconds: longer than what it advises to a person
 * (`EFFECTIVE_AFTER_SECONDS`), who sees the new pods. EKS: "may take several seconds to be effective", without a limit
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html).
 */
export const RESTART_AFTER_SECONDS = 30;

/**
 * How long to wait before the first restart, in seconds.
 *
 * @param now the time of AWS's answers, ISO 8601: `changedAt` is AWS's too, so the clock of this machine does not count
 * @param applied the stacks were applied just now: the removal of an association leaves no time in AWS
 */
export function secondsToWait(
  { targets, changedAt }: RestartPlan,
  now: string,
  { mode, applied }: { readonly mode: Mode; readonly applied: boolean },
): number {
  if (targets.length === 0) return 0;
  if (mode === 'irsa') return applied ? RESTART_AFTER_SECONDS : 0;
  if (changedAt === undefined) return RESTART_AFTER_SECONDS;
  const left = RESTART_AFTER_SECONDS - (new Date(now).getTime() - new Date(changedAt).getTime()) / 1000;
  return Math.min(RESTART_AFTER_SECONDS, Math.max(0, Math.ceil(left)));
}

/** The stages that take the credentials of running pods away: those are restarted before the apply, as `rollback` and the gates say. */
export function restartsFirst(stage: Stage): boolean {
  return stage === 'irsa' || stage === 'pod-identity';
}
