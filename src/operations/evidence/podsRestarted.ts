import type { Cluster } from '../../inventory/Inventory';
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
 * Every running pod of the workload carries the variables of Pod Identity, and none of web identity, which every SDK tries first.
 * Those that do not are named, with what makes them anew.
 */
export const podsRestarted: Check = (step, ports, now) =>
  Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => {
      const question = {
        check: 'pods-restarted',
        workload: workload.key,
        cluster: cluster.key,
        asked: `get pods -n ${workload.namespace}`,
        of: kubectlPlace(cluster),
      } as const;
      const pods = await runningPods(step, ports, workload, cluster);
      return judged(step, now, question, pods, (running) => judge(cluster, running));
    }),
  );

function judge(cluster: Cluster, pods: readonly PodFacts[]): Verdict {
  const ways = pods.map((pod) => ({ pod, ...podCredentials(pod) }));
  const both = ways.filter(({ webIdentity, podIdentity }) => webIdentity && podIdentity).map(({ pod }) => pod);
  const old = ways.filter(({ podIdentity }) => !podIdentity).map(({ pod }) => pod);
  if (both.length > 0)
    return {
      found: `${named(both.map(({ name }) => name))} set web identity by themselves beside Pod Identity: SDKs take that first`,
      holds: 'no',
      remedy:
        'Remove AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE from the pod template (chart, ConfigMap or Secret), and roll it out.',
    };
  if (old.length > 0) {
    const commands = restartCommands(cluster, old);
    return {
      found: `${old.length} of ${pods.length} pods without Pod Identity: ${named(old.map(({ name }) => name))}`,
      holds: 'no',
      remedy: (commands.length > 0 ? commands : ['They are ending: ask again when they are gone.']).join('\n'),
    };
  }
  return {
    found: pods.length === 0 ? 'no pod runs now' : `${podsRun(pods.length)}, each with Pod Identity`,
    holds: 'yes',
  };
}
