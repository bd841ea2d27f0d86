import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Mode } from '../../comparison/access';
import { type Ask, ask } from '../../estate/ask';
import type { Answer } from '../../estate/aws/AwsPort';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Remedy } from '../../estate/Remedy';
import { type Cluster, type Stage, type Subject, subjectName } from '../../inventory/Inventory';
import { onClusters, type WorkloadOnCluster } from '../checks/Check';
import { holds, MODE_TEXT, ownPods } from '../checks/pods';
import type { Step } from '../gate/Step';
import { checkNewPods, EFFECTIVE_AFTER_SECONDS } from '../associationEffect';
import { kubectl, remedyOf, restartPods } from '../remedies';

/** The pods of a workload on a cluster that have to be restarted. */
export interface Restart {
  readonly workload: string;
  readonly cluster: string;
  /** `shop/api`. */
  readonly serviceAccount: string;
  /** `before` the apply, when new pods get the other credentials already; else `after` it, when EKS sees the change of the association. */
  readonly when: 'before' | 'after';
  /** How long to wait after the apply, in seconds; absent: the restart is before the apply. */
  readonly waitSeconds?: number;
  readonly reason: string;
  /** Empty when no pod needs a restart. */
  readonly steps: Remedy;
  /** How to see that the new pods have the new credentials; empty when no pod needs a restart. */
  readonly check: Remedy;
}

/**
 * The pods that have to be restarted for a step: those that use credentials which new pods no longer get, or which the step removes. When a
 * cluster does not answer, the steps find the owners of the pods.
 */
export function neededRestarts({ environment, workloads, from, to }: Step): Ask<readonly Restart[]> {
  const old = oldCredentials(from, to);
  const all = old === undefined ? [] : workloads.flatMap((workload) => onClusters(environment, workload, to));
  const when = STAGE_TABLE[from].newPodUses === old ? 'after' : 'before';
  return ask(
    all.map(({ questions }) => questions.pods),
    (...answers) =>
      all.map((subject, index) => ({
        workload: subject.workload.key,
        cluster: subject.cluster.key,
        serviceAccount: subjectName(subject.serviceAccount),
        when,
        ...(when === 'after' && { waitSeconds: EFFECTIVE_AFTER_SECONDS }),
        ...restartOf(subject, answers[index], old ?? 'irsa'),
      })),
  );
}

/** The credentials that no pod may use once a step is applied; nothing where a step takes none. */
export function oldCredentials(from: Stage, to: Stage): Mode | undefined {
  const [before, after] = [STAGE_TABLE[from], STAGE_TABLE[to]];
  if (before.newPodUses !== after.newPodUses) return before.newPodUses;
  if (before.trustsOidc && !after.trustsOidc) return 'irsa';
  return before.trustsPodIdentity && !after.trustsPodIdentity ? 'pod-identity' : undefined;
}

function restartOf(
  subject: WorkloadOnCluster,
  answer: Answer<readonly PodFacts[]> | undefined,
  old: Mode,
): Pick<Restart, 'reason' | 'steps' | 'check'> {
  const { serviceAccount, cluster } = subject;
  const check = checkNewPods(serviceAccount, cluster, old === 'irsa' ? 'pod-identity' : 'irsa');
  if (answer?.ok !== true)
    return {
      reason: `could not list its pods (${answer?.message ?? ''}): restart those that use ${MODE_TEXT[old]}`,
      steps: findAndRestart(serviceAccount, cluster),
      check,
    };
  const pods = ownPods(subject, answer.value);
  const using = pods.filter((pod) => holds(old, pod));
  if (using.length === 0) return { reason: `no running pod uses ${MODE_TEXT[old]}`, steps: [], check: [] };
  return {
    reason: `${using.length} of ${pods.length} running pods use ${MODE_TEXT[old]}`,
    steps: restartPods(cluster, using),
    check,
  };
}

/**
 * How to restart the pods of a service account when their owners could not be listed. The pod template of a CronJob is that of its Jobs.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
 */
function findAndRestart({ namespace, name }: Subject, cluster: Cluster): Remedy {
  const owners = 'deployments,statefulsets,daemonsets,jobs,cronjobs';
  const columns = [
    'KIND:.kind',
    'NAME:.metadata.name',
    'SERVICEACCOUNT:.spec.template.spec.serviceAccountName',
    'OF-ITS-JOBS:.spec.jobTemplate.spec.template.spec.serviceAccountName',
  ].join(',');
  const command = kubectl(cluster, namespace);
  return remedyOf(
    'List the owners of pods. The command needs the verb list on deployments, statefulsets, daemonsets, jobs and cronjobs:',
    command`get ${owners} -o custom-columns=${columns}`,
    `Restart each Deployment, StatefulSet and DaemonSet of the service account ${name}. Take KIND and NAME from the list:`,
    command`rollout restart KIND/NAME`,
    'A Job ends by itself, and the next Job of a CronJob needs no restart. Delete every other pod of the service account. Take POD from this list:',
    command`get pods --field-selector spec.serviceAccountName=${name}`,
    command`delete pod POD`,
  );
}
