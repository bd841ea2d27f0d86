import { STAGE_TABLE, type StageRow } from '../../blueprint/stageTable';
import { podCredentials } from '../../comparison/podCredentials';
import type { Ports } from '../../estate/Ports';
import type { Remedy } from '../../estate/Remedy';
import type { Cluster, Stage, Workload } from '../../inventory/Inventory';
import type { Step } from '../gate/Step';
import { runningPods } from '../evidence/runningPods';
import { workloadsOnClusters } from '../evidence/workloadsOnClusters';
import { kubectl, restartPods, say } from '../remedies';

/** The pods of a workload on a cluster that have to be restarted. */
export interface Restart {
  readonly workload: string;
  readonly cluster: string;
  /** `shop/api`. */
  readonly serviceAccount: string;
  /** `before` the apply, when new pods get the other credentials already; else right `after` it. */
  readonly when: 'before' | 'after';
  readonly reason: string;
  /** Empty when no pod needs a restart. */
  readonly steps: Remedy;
}

type PodUses = StageRow['newPodUses'];

const SHOWN: Readonly<Record<PodUses, string>> = { irsa: 'web identity (IRSA)', 'pod-identity': 'Pod Identity' };

/**
 * The pods that have to be restarted for a step: those that use credentials which new pods no longer get, or which the step removes. When a
 * cluster does not answer, the steps find the owners of the pods.
 */
export async function neededRestarts(step: Step, ports: Ports): Promise<readonly Restart[]> {
  const old = oldCredentials(step.from, step.to);
  if (old === undefined) return [];
  const when = STAGE_TABLE[step.from].newPodUses === old ? 'after' : 'before';
  return Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => ({
      workload: workload.key,
      cluster: cluster.key,
      serviceAccount: `${workload.namespace}/${workload.serviceAccount.name}`,
      when,
      ...(await restartOf(step, ports, workload, cluster, old)),
    })),
  );
}

/** The credentials that no pod may use once a step is applied. */
function oldCredentials(from: Stage, to: Stage): PodUses | undefined {
  const [before, after] = [STAGE_TABLE[from], STAGE_TABLE[to]];
  if (before.newPodUses !== after.newPodUses) return before.newPodUses;
  if (before.trustsOidc && !after.trustsOidc) return 'irsa';
  return before.trustsPodIdentity && !after.trustsPodIdentity ? 'pod-identity' : undefined;
}

async function restartOf(
  step: Step,
  ports: Ports,
  workload: Workload,
  cluster: Cluster,
  old: PodUses,
): Promise<Pick<Restart, 'reason' | 'steps'>> {
  const pods = await runningPods(step, ports, workload, cluster);
  if (!pods.ok) {
    const [message = ''] = pods.message.split('\n');
    return {
      reason: `could not list its pods (${message}): restart those that use ${SHOWN[old]}`,
      steps: findAndRestart(workload, cluster),
    };
  }
  const using = pods.value.filter((pod) => {
    const { webIdentity, podIdentity } = podCredentials(pod);
    return old === 'irsa' ? webIdentity : podIdentity;
  });
  if (using.length === 0) return { reason: `no running pod uses ${SHOWN[old]}`, steps: [] };
  return {
    reason: `${using.length} of ${pods.value.length} running pods use ${SHOWN[old]}`,
    steps: restartPods(cluster, using),
  };
}

/**
 * How to restart the pods of a workload when their owners could not be listed. The pod template of a CronJob is that of its Jobs.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
 */
function findAndRestart({ namespace, serviceAccount: { name } }: Workload, cluster: Cluster): Remedy {
  const owners = 'deployments,statefulsets,daemonsets,jobs,cronjobs';
  const columns = [
    'KIND:.kind',
    'NAME:.metadata.name',
    'SERVICEACCOUNT:.spec.template.spec.serviceAccountName',
    'OF-ITS-JOBS:.spec.jobTemplate.spec.template.spec.serviceAccountName',
  ].join(',');
  return [
    say(
      'List the owners of pods. The command needs the verb list on deployments, statefulsets, daemonsets, jobs and cronjobs:',
    ),
    kubectl(cluster, namespace, 'get', owners, '-o', `custom-columns=${columns}`),
    say(
      `Restart each Deployment, StatefulSet and DaemonSet of the service account ${name}. Take KIND and NAME from the list:`,
    ),
    kubectl(cluster, namespace, 'rollout', 'restart', 'KIND/NAME'),
    say(
      'A Job ends by itself, and the next Job of a CronJob needs no restart. Delete every other pod of the service account. Take POD from this list:',
    ),
    kubectl(cluster, namespace, 'get', 'pods', '--field-selector', `spec.serviceAccountName=${name}`),
    kubectl(cluster, namespace, 'delete', 'pod', 'POD'),
  ];
}
