import type { Cluster } from '../../inventory/Inventory';
import type { PodFacts } from '../kubernetes/KubernetesPort';
import type { Check } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { named } from './named';
import { kubectlPlace } from './places';
import { hardCoded } from './podCredentials';
import { podsRun, runningPods } from './runningPods';
import { partsAt, workloadsOnClusters } from './workloadsOnClusters';

/**
 * No pod of the workload sets `AWS_ROLE_ARN` or `AWS_WEB_IDENTITY_TOKEN_FILE` by itself: such a pod stays on web identity without a
 * word, whatever is associated. Variables that come by `envFrom` are not in the pod; what they come from is named.
 */
export const noHardCodedEnv: Check = (step, ports, now) =>
  Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => {
      const question = {
        check: 'hard-coded-env',
        workload: workload.key,
        cluster: cluster.key,
        asked: `get pods -n ${workload.namespace}`,
        of: kubectlPlace(cluster),
      } as const;
      const { role } = partsAt(step, workload, step.from);
      const pods = await runningPods(step, ports, workload, cluster);
      return judged(step, now, question, pods, (found) => judge(cluster, found, role.arn));
    }),
  );

function judge(cluster: Cluster, pods: readonly PodFacts[], roleArn: string): Verdict {
  const set = pods.flatMap((pod) => hardCoded(pod, roleArn).map((variable) => ({ pod, variable })));
  const [first] = set;
  if (first !== undefined)
    return {
      found: `not from the webhook: ${named([...new Set(set.map(({ pod, variable }) => `${ownerName(pod)} ${variable}`))], 3)}`,
      holds: 'no',
      remedy: [
        'Take the variables out of the pod template (chart, ConfigMap or Secret), and roll it out; a pod that was admitted under another annotation only needs a restart.',
        `${kubectlPlace(cluster)} get pod ${first.pod.name} -n ${first.pod.namespace} -o yaml`,
      ].join('\n'),
    };
  const unseen = [...new Set(pods.flatMap(({ containers }) => containers.flatMap(({ envFrom }) => envFrom)))];
  const note = unseen.length === 0 ? '' : `; not looked into: ${named(unseen)} (envFrom)`;
  return { found: `${podsRun(pods.length)}, none sets them by itself${note}`, holds: 'yes' };
}

function ownerName({ name, owner }: PodFacts): string {
  return owner === undefined ? `pod/${name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
}
