import { hardCoded, podCredentials } from '../../comparison/podCredentials';
import { need } from '../../estate/ask';
import type { ContainerFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { inspectPod, restartPods, say } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';
import { credentialSource, type Picked } from './credentialSource';
import { ownPods, podsOf, podsRun } from './modes';
import { named } from './named';
import { ageOf } from './sdk';

const REMOVE =
  'Remove the variables from the pod template (chart, ConfigMap or Secret), then roll it out. The webhook does not overwrite variables that are set.';

/** How pods that were admitted under another annotation get the right role, before the commands. */
export const RESTART_ADMITTED =
  'Restart these pods. If a new pod still has that role, either the annotation of the service account names it, or the pod template sets both variables:';

/**
 * Which credentials the SDK of each container uses, by the order of its chain and what the pod spec sets: keys, profiles and web identity
 * come before Pod Identity, and an SDK that finds nothing ends at the role of the node.
 */
export const credentialChain: CheckFunction = (subject) => [
  need([podsOf(subject)], (namespace) => {
    const given = ownPods(subject, namespace).filter((pod) => {
      const { webIdentity, podIdentity } = podCredentials(pod);
      return webIdentity || podIdentity;
    });
    if (given.length === 0) return [];
    const results = [...strays(subject, given), ...profiles(subject, given)];
    if (results.length > 0) return results;
    return [pass(`${podsRun(given.length)}: the SDK uses what its pod received${unseen(given)}`)];
  }),
];

/**
 * No pod of the workload sets `AWS_ROLE_ARN` or `AWS_WEB_IDENTITY_TOKEN_FILE` by itself: such a pod stays on web identity without a
 * word, whatever is associated. A pod that was admitted under another annotation sets nothing by itself, and holds another role until it is restarted.
 * The part of `credential-chain` that stops a wave.
 */
export const hardCodedVariables: CheckFunction = (subject) => [
  need([podsOf(subject)], (namespace) => {
    const pods = ownPods(subject, namespace);
    const { cluster, parts } = subject;
    const { arn } = parts.role;
    const admitted = pods.filter((pod) => admittedUnder(pod, arn) !== undefined);
    const set = pods
      .filter((pod) => !admitted.includes(pod))
      .flatMap((pod) => hardCoded(pod, arn).map((variable) => ({ pod, variable })));
    const [first] = set;
    const results: CheckResult[] = [];
    if (first !== undefined) {
      const names = [...new Set(set.map(({ pod, variable }) => `${ownerName(pod)} ${variable}`))];
      results.push(
        fail('problem', `hard-coded, not from the webhook: ${named(names, 3)}`, [
          say(REMOVE),
          inspectPod(cluster, first.pod),
        ]),
      );
    }
    if (admitted.length > 0) {
      const names = [...new Set(admitted.map((pod) => `${admittedUnder(pod, arn) ?? ''} (${ownerName(pod)})`))];
      results.push(
        fail('problem', `pods were admitted when the annotation named another role: ${named(names, 3)}`, [
          say(RESTART_ADMITTED),
          ...restartPods(cluster, admitted),
        ]),
      );
    }
    return results.length > 0
      ? results
      : [pass(`${podsRun(pods.length)}, none sets the variables itself${unseen(pods)}`)];
  }),
];

/**
 * The role (its ARN) under whose annotation the webhook admitted a pod, where that is another than `roleArn`; nothing where it is that one, where
 * the pod has no web identity, and where any variable is not as the webhook writes it for the ARN: then somebody else wrote it.
 */
export function admittedUnder(pod: PodFacts, roleArn: string): string | undefined {
  const arns = new Set(pod.containers.flatMap(({ env }) => env.AWS_ROLE_ARN ?? []));
  const [arn = ''] = arns;
  const other = arns.size === 1 && arn !== roleArn && arn.startsWith('arn:');
  return other && hardCoded(pod, arn).length === 0 ? arn : undefined;
}

/** A container whose SDK does not use what its pod received. */
interface Stray {
  readonly pod: PodFacts;
  readonly text: string;
}

function strays(subject: WorkloadOnCluster, pods: readonly PodFacts[]): readonly CheckResult[] {
  const all = pods.flatMap((pod) => straysOf(subject, pod));
  const [first] = all;
  if (first === undefined) return [];
  const names = [...new Set(all.map(({ pod }) => pod.name))];
  const texts = [...new Set(all.map(({ text }) => text))];
  return [
    fail('problem', `${named(texts, 3)} (${named(names)})`, [say(REMOVE)], {
      inspect: inspectPod(subject.cluster, first.pod),
      pods: names,
    }),
  ];
}

function straysOf({ workload, parts }: WorkloadOnCluster, pod: PodFacts): readonly Stray[] {
  const { podIdentity } = podCredentials(pod);
  const wanted = podIdentity ? 'pod-identity' : 'web-identity';
  const knows = ageOf(workload)?.kind !== 'too old';
  const all = pod.containers
    .filter((container) => container.earlier.length > 0 || Object.keys(container.env).length > 0)
    .map((container) => ({ container, picked: credentialSource(container, knows) }))
    .filter(({ picked }) => picked.source !== wanted)
    .map(({ container, picked }) => ({ pod, text: sentence(container, picked, wanted, knows) }));
  const { arn } = parts.role;
  // A pod that was admitted under another annotation uses what it received: pod-credentials says so.
  if (all.length > 0 || podIdentity || admittedUnder(pod, arn) !== undefined) return all;
  return hardCoded(pod, arn).map((variable) => ({ pod, text: `hard-coded, not from the webhook: ${variable}` }));
}

function sentence({ name }: ContainerFacts, { source, says, by }: Picked, wanted: string, knows: boolean): string {
  if (source === 'node') return `${name}: the SDK uses ${says}${knows ? '' : ', since it is too old for Pod Identity'}`;
  return `${name}: the SDK uses ${says} (${by.join(', ')}) before ${wanted === 'pod-identity' ? 'Pod Identity' : 'web identity'}`;
}

function profiles({ workload, cluster }: WorkloadOnCluster, pods: readonly PodFacts[]): readonly CheckResult[] {
  const knows = ageOf(workload)?.kind !== 'too old';
  const set = pods.flatMap((pod) =>
    pod.containers.flatMap((container) => {
      const { profile } = credentialSource(container, knows);
      return profile.length === 0 ? [] : [{ pod, text: `${container.name}: ${profile.join(', ')}` }];
    }),
  );
  const [first] = set;
  if (first === undefined) return [];
  const names = [...new Set(set.map(({ pod }) => pod.name))];
  return [
    fail(
      'warning',
      `the SDK reads a profile first: ${named([...new Set(set.map(({ text }) => text))], 3)} (${named(names)}); credentials or a role there come first`,
      [
        say(
          'Check that the file has no credentials and no role (a region alone is harmless), or remove the variables from the pod template.',
        ),
      ],
      { inspect: inspectPod(cluster, first.pod), pods: names },
    ),
  ];
}

function ownerName({ name, owner }: PodFacts): string {
  return owner === undefined ? `pod/${name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
}

/** What comes by `envFrom` is not in the pod spec. */
function unseen(pods: readonly PodFacts[]): string {
  const from = [...new Set(pods.flatMap(({ containers }) => containers.flatMap(({ envFrom }) => envFrom)))];
  return from.length === 0 ? '' : `; not inspected: ${named(from)} (envFrom)`;
}
