import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster, Stage, Workload } from '../../inventory/Inventory';
import type { Step } from '../../operations/evidence/Check';
import { kubectlPlace } from '../../operations/evidence/places';
import { podCredentials } from '../../operations/evidence/podCredentials';
import { restartCommands } from '../../operations/evidence/restartCommands';
import { runningPods } from '../../operations/evidence/runningPods';
import { shellWord } from '../../operations/evidence/shellWord';
import { workloadsOnClusters } from '../../operations/evidence/workloadsOnClusters';
import type { Ports } from '../../operations/Ports';

/** The pods of a workload on a cluster that have to be made anew. */
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
 * Which pods have to be made anew for a step: those that hold a way to credentials that new pods do not get any more, or that the step takes away.
 * Empty when there is no such way. Without `ports`, and where a cluster does not answer, the commands say how to find the pods.
 */
export async function restarts(step: Step, ports: Ports | undefined): Promise<readonly Restart[]> {
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
  ports: Ports | undefined,
  workload: Workload,
  cluster: Cluster,
  old: Way,
): Promise<Pick<Restart, 'says' | 'commands'>> {
  const find = `find those that hold ${WAY[old]}, and restart what owns them`;
  if (!ports) return { says: `its pods were not asked for: ${find}`, commands: findPods(workload, cluster) };
  const pods = await runningPods(step, ports, workload, cluster);
  if (!pods.ok)
    return { says: `the cluster did not say (${pods.message}): ${find}`, commands: findPods(workload, cluster) };
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

/** Source of the field selector: kubernetes/kubernetes pkg/registry/core/pod/strategy.go (`ToSelectableFields`). */
function findPods({ namespace, serviceAccount }: Workload, cluster: Cluster): readonly string[] {
  const kubectl = `${kubectlPlace(cluster)} -n ${shellWord(namespace)}`;
  const columns = 'POD:.metadata.name,OWNER:.metadata.ownerReferences[0].kind,NAME:.metadata.ownerReferences[0].name';
  return [
    `${kubectl} get pods --field-selector ${shellWord(`spec.serviceAccountName=${serviceAccount.name}`)} -o 'custom-columns=${columns}'`,
    `${kubectl} rollout restart deployment/NAME`,
  ];
}
