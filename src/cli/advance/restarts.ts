import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster, Stage, Workload } from '../../inventory/Inventory';
import type { Step } from '../../operations/evidence/Check';
import { kubectlPlace } from '../../operations/evidence/places';
import { podCredentials } from '../../comparison/podCredentials';
import { restartCommands } from '../../operations/evidence/restartCommands';
import { runningPods } from '../../operations/evidence/runningPods';
import { shellWord } from '../../estate/shellWord';
import { workloadsOnClusters } from '../../operations/evidence/workloadsOnClusters';
import type { Ports } from '../../estate/Ports';

/** The pods of a workload on a cluster that have to be restarted. */
export interface Restart {
  readonly workload: string;
  readonly cluster: string;
  /** `shop/api`. */
  readonly serviceAccount: string;
  /** `before` the apply, where new pods get the other way already; else right `after` it. */
  readonly when: 'before' | 'after';
  /** Why. */
  readonly says: string;
  /** Lines; those that begin with `kubectl` are commands. Empty when no pod needs it. */
  readonly commands: readonly string[];
}

type Way = 'irsa' | 'pod-identity';

const WAY: Readonly<Record<Way, string>> = { irsa: 'web identity (IRSA)', 'pod-identity': 'Pod Identity' };

/**
 * Which pods have to be restarted for a step: those that hold a way to credentials that new pods do not get any more, or that the step takes away.
 * Empty when there is no such way. Where a cluster does not answer, the commands find what owns the pods, and restart that.
 */
export async function restarts(step: Step, ports: Ports): Promise<readonly Restart[]> {
  const old = oldWay(step.from, step.to);
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

/** The way that pods must not hold any longer once a step is applied. */
function oldWay(from: Stage, to: Stage): Way | undefined {
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
  old: Way,
): Promise<Pick<Restart, 'says' | 'commands'>> {
  const pods = await runningPods(step, ports, workload, cluster);
  if (!pods.ok) {
    return {
      says: `its pods are not known (${pods.message}); restart those that hold ${WAY[old]}`,
      commands: findAndRestart(workload, cluster),
    };
  }
  const holding = pods.value.filter((pod) => {
    const { webIdentity, podIdentity } = podCredentials(pod);
    return old === 'irsa' ? webIdentity : podIdentity;
  });
  if (holding.length === 0) return { says: `no running pod holds ${WAY[old]}`, commands: [] };
  return {
    says: `${holding.length} of ${pods.value.length} running pods hold ${WAY[old]}`,
    commands: restartCommands(cluster, holding),
  };
}

/** Kinds whose objects have a pod template. */
const OWNERS = 'deployments,statefulsets,daemonsets,jobs,cronjobs';

/**
 * How to restart the pods of a workload, whatever owns them. The pod template of a CronJob is that of its Jobs.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
 */
function findAndRestart({ namespace, serviceAccount }: Workload, cluster: Cluster): readonly string[] {
  const kubectl = `${kubectlPlace(cluster)} -n ${shellWord(namespace)}`;
  const columns = [
    'KIND:.kind',
    'NAME:.metadata.name',
    'SERVICEACCOUNT:.spec.template.spec.serviceAccountName',
    'OF-ITS-JOBS:.spec.jobTemplate.spec.template.spec.serviceAccountName',
  ].join(',');
  const selector = shellWord(`spec.serviceAccountName=${serviceAccount.name}`);
  return [
    `List what owns pods. The command needs the verb list on ${OWNERS.replaceAll(',', ', ').replace(/, (?=\w+$)/, ' and ')}:`,
    `${kubectl} get ${OWNERS} -o custom-columns=${columns}`,
    `Restart each Deployment, StatefulSet and DaemonSet of the service account ${serviceAccount.name}. KIND and NAME are those of the list:`,
    `${kubectl} rollout restart KIND/NAME`,
    'A Job ends by itself, and the next Job of a CronJob needs no restart. Delete every other pod of the service account; POD is a name of this list:',
    `${kubectl} get pods --field-selector ${selector}`,
    `${kubectl} delete pod POD`,
  ];
}
