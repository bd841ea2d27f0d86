import type { Cluster } from '../../inventory/Inventory';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Check } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { named } from '../checks/named';
import { inspectPod } from './inspectPod';
import { kubectlPlace } from './places';
import { hardCoded } from '../../comparison/podCredentials';
import { restartCommands } from './restartCommands';
import { podsRun, runningPods } from './runningPods';
import { partsAt, workloadsOnClusters } from './workloadsOnClusters';

/**
 * No pod of the workload sets `AWS_ROLE_ARN` or `AWS_WEB_IDENTITY_TOKEN_FILE` by itself: such a pod stays on web identity without a
 * word, whatever is associated. Variables that come by `envFrom` are not in the pod; what they come from is named. A pod that was
 * admitted under another annotation sets nothing by itself, and still holds another role until it is restarted.
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
  const earlier = pods.filter((pod) => admittedUnder(pod, roleArn) !== undefined);
  const set = pods
    .filter((pod) => !earlier.includes(pod))
    .flatMap((pod) => hardCoded(pod, roleArn).map((variable) => ({ pod, variable })));
  const [first] = set;
  const found: string[] = [];
  const remedy: string[] = [];
  if (first !== undefined) {
    const names = [...new Set(set.map(({ pod, variable }) => `${ownerName(pod)} ${variable}`))];
    found.push(`not from the webhook: ${named(names, 3)}`);
    remedy.push(
      'Remove the variables from the pod template (chart, ConfigMap or Secret), and roll it out.',
      inspectPod(cluster, first.pod),
    );
  }
  if (earlier.length > 0) {
    const names = [...new Set(earlier.map((pod) => `${admittedUnder(pod, roleArn) ?? ''} (${ownerName(pod)})`))];
    found.push(`admitted under another annotation: ${named(names, 3)}`);
    remedy.push(RESTART, ...restartCommands(cluster, earlier));
  }
  if (found.length > 0) return { found: found.join('; '), holds: 'no', remedy: remedy.join('\n') };
  const unseen = [...new Set(pods.flatMap(({ containers }) => containers.flatMap(({ envFrom }) => envFrom)))];
  const note = unseen.length === 0 ? '' : `; not looked into: ${named(unseen)} (envFrom)`;
  return { found: `${podsRun(pods.length)}, none sets them by itself${note}`, holds: 'yes' };
}

/** What mends pods that were admitted under another annotation, before the commands. */
export const RESTART =
  'Restart them; if a new pod has that role still, the service account is annotated with it, or the pod template sets both variables:';

/**
 * The role (its ARN) under whose annotation the webhook admitted a pod, where that is another than `roleArn`; nothing where it is that one, where
 * the pod was given no web identity, and where any variable is not as the webhook writes it for the ARN: then somebody else wrote it.
 */
export function admittedUnder(pod: PodFacts, roleArn: string): string | undefined {
  const arns = new Set(pod.containers.flatMap(({ env }) => env.AWS_ROLE_ARN ?? []));
  const [arn = ''] = arns;
  const other = arns.size === 1 && arn !== roleArn && arn.startsWith('arn:');
  return other && hardCoded(pod, arn).length === 0 ? arn : undefined;
}

function ownerName({ name, owner }: PodFacts): string {
  return owner === undefined ? `pod/${name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
}
