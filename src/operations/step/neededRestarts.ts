import { STAGE_TABLE, type StageRow } from '../../blueprint/stageTable';
import type { Ports } from '../../estate/Ports';
import { shellWord } from '../../estate/shellWord';
import type { Cluster, Stage, Workload } from '../../inventory/Inventory';
import type { Step } from '../evidence/Check';
import { kubectlPlace } from '../evidence/places';
import { podCredentials } from '../evidence/podCredentials';
import { type RestartStep, restarts } from '../evidence/restartCommands';
import { runningPods } from '../evidence/runningPods';
import { workloadsOnClusters } from '../evidence/workloadsOnClusters';

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
  readonly steps: readonly RestartStep[];
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
    steps: restarts(cluster, using),
  };
}

/**
 * How to restart the pods of a workload when their owners could not be listed. The pod template of a CronJob is that of its Jobs.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
 */
function findAndRestart({ namespace, serviceAccount }: Workload, cluster: Cluster): readonly RestartStep[] {
  const kubectl = `${kubectlPlace(cluster)} -n ${shellWord(namespace)}`;
  const columns = [
    'KIND:.kind',
    'NAME:.metadata.name',
    'SERVICEACCOUNT:.spec.template.spec.serviceAccountName',
    'OF-ITS-JOBS:.spec.jobTemplate.spec.template.spec.serviceAccountName',
  ].join(',');
  const selector = shellWord(`spec.serviceAccountName=${serviceAccount.name}`);
  return [
    {
      say: 'List the owners of pods. The command needs the verb list on deployments, statefulsets, daemonsets, jobs and cronjobs:',
    },
    { run: `${kubectl} get deployments,statefulsets,daemonsets,jobs,cronjobs -o custom-columns=${columns}` },
    {
      say: `Restart each Deployment, StatefulSet and DaemonSet of the service account ${serviceAccount.name}. Take KIND and NAME from the list:`,
    },
    { run: `${kubectl} rollout restart KIND/NAME` },
    {
      say: 'A Job ends by itself, and the next Job of a CronJob needs no restart. Delete every other pod of the service account. Take POD from this list:',
    },
    { run: `${kubectl} get pods --field-selector ${selector}` },
    { run: `${kubectl} delete pod POD` },
  ];
}
