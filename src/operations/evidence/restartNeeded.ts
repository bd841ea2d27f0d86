import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Cluster, Stage } from '../../inventory/Inventory';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Check } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { named } from '../checks/named';
import { kubectlPlace } from './places';
import { podCredentials } from '../../comparison/podCredentials';
import { restartCommands } from './restartCommands';
import { podsRun, runningPods } from './runningPods';
import { workloadsOnClusters } from './workloadsOnClusters';

/**
 * What a step takes from running pods. Where new pods get the other way already, pods that hold the old one have to be made
 * anew first: no. Where they do not (from `dual` to `prepared`: while the association stands, every new pod gets Pod Identity), nobody
 * can restart them before the step; that holds, and the remedy says what to run right after the apply.
 */
export const restartNeeded: Check = (step, ports, now) => {
  const { from, to } = step;
  const taken = takenAway(from, to);
  return Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => {
      const question = {
        check: 'restart-needed',
        workload: workload.key,
        cluster: cluster.key,
        asked: `get pods -n ${workload.namespace}`,
        of: kubectlPlace(cluster),
      } as const;
      const pods = await runningPods(step, ports, workload, cluster);
      return judged(step, now, question, pods, (running) => {
        if (taken === undefined)
          return { found: `${podsRun(running.length)}; the step takes nothing from them`, holds: 'yes' };
        return judge(cluster, running, taken, STAGE_TABLE[from].newPodUses === taken);
      });
    }),
  );
};

/** The way to credentials that a step takes from pods that hold it; nothing where it takes none. */
function takenAway(from: Stage, to: Stage): 'irsa' | 'pod-identity' | undefined {
  const [before, after] = [STAGE_TABLE[from], STAGE_TABLE[to]];
  if ((before.association && !after.association) || (before.trustsPodIdentity && !after.trustsPodIdentity))
    return 'pod-identity';
  return before.trustsOidc && !after.trustsOidc ? 'irsa' : undefined;
}

const WAY = { irsa: 'web identity', 'pod-identity': 'Pod Identity' } as const;

function judge(cluster: Cluster, pods: readonly PodFacts[], taken: keyof typeof WAY, onlyAfter: boolean): Verdict {
  const holding = pods.filter((pod) => {
    const { webIdentity, podIdentity } = podCredentials(pod);
    return taken === 'irsa' ? webIdentity : podIdentity;
  });
  if (holding.length === 0) return { found: `${podsRun(pods.length)}, none holds ${WAY[taken]}`, holds: 'yes' };
  const found = `${holding.length} of ${pods.length} pods hold ${WAY[taken]}, which the step takes: ${named(holding.map(({ name }) => name))}`;
  const commands = restartCommands(cluster, holding);
  const list = commands.length > 0 ? commands : ['They are ending: wait until they are gone.'];
  if (onlyAfter) {
    const remedy = ['Right after the apply, restart them:', ...list].join('\n');
    return { found, holds: 'yes', remedy, remedyDue: 'after-step' };
  }
  return { found, holds: 'no', remedy: ['Restart them first:', ...list].join('\n') };
}
