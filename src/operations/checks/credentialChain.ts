import { hardCoded, podCredentials } from '../../comparison/podCredentials';
import type { ContainerFacts, PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { inSentence } from '../../inventory/printable';
import { inspectPod, named, restartPods } from '../remedies';
import { type CheckFunction, type CheckResult, pass, problem, type WorkloadOnCluster } from './Check';
import { failInPods, type InPod, needPods, podsRun } from './pods';
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
export const credentialChain: CheckFunction = (subject) =>
  needPods(subject, (all) => {
    const pods = all.filter((pod) => {
      const { webIdentity, podIdentity } = podCredentials(pod);
      return webIdentity || podIdentity;
    });
    if (pods.length === 0) return [];
    const { cluster, workload } = subject;
    const supports = ageOf(workload)?.kind !== 'too old';
    const others = pods.flatMap((pod) => otherSources(subject, pod, supports));
    const profiles = pods.flatMap((pod) =>
      pod.containers.flatMap((container) => {
        const { profile } = credentialSource(container, supports);
        return profile.length === 0 ? [] : [{ pod, text: `${container.name}: ${inSentence(profile.join(', '))}` }];
      }),
    );
    const results = [
      ...failInPods('problem', cluster, others, (texts) => texts, REMOVE),
      ...failInPods(
        'warning',
        cluster,
        profiles,
        (texts) => `the SDK reads a profile first: ${texts}; credentials or a role there come first`,
        'Check that the file has no credentials and no role (a region alone is harmless), or remove the variables from the pod template.',
      ),
    ];
    if (results.length > 0) return results;
    return pass(`${podsRun(pods.length)}: the SDK uses what its pod received${unseen(pods)}`);
  });

/** The containers whose SDK does not use what the pod received. `supports`: the SDK is new enough for Pod Identity. */
function otherSources({ parts }: WorkloadOnCluster, pod: PodFacts, supports: boolean): readonly InPod[] {
  const { podIdentity } = podCredentials(pod);
  const wanted = podIdentity ? 'pod-identity' : 'web-identity';
  const all = pod.containers
    .filter((container) => container.earlier.length > 0 || Object.keys(container.env).length > 0)
    .map((container) => ({ container, picked: credentialSource(container, supports) }))
    .filter(({ picked }) => picked.source !== wanted)
    .map(({ container, picked }) => ({ pod, text: sentence(container, picked, podIdentity, supports) }));
  const { arn } = parts.role;
  // A pod that was admitted under another annotation uses what it received: pod-credentials says so.
  if (all.length > 0 || podIdentity || admittedUnder(pod, arn) !== undefined) return all;
  return hardCoded(pod, arn).map((variable) => ({
    pod,
    text: `hard-coded, not from the webhook: ${inSentence(variable)}`,
  }));
}

function sentence(
  { name }: ContainerFacts,
  { source, says, by }: Picked,
  podIdentity: boolean,
  supports: boolean,
): string {
  if (source === 'node')
    return `${name}: the SDK uses ${says}${supports ? '' : ', since it is too old for Pod Identity'}`;
  return `${name}: the SDK uses ${says} (${inSentence(by.join(', '))}) before ${podIdentity ? 'Pod Identity' : 'web identity'}`;
}

/**
 * No pod of the workload sets `AWS_ROLE_ARN` or `AWS_WEB_IDENTITY_TOKEN_FILE` by itself: such a pod stays on web identity without a
 * word, whatever is associated. A pod that was admitted under another annotation sets nothing by itself, and holds another role until it is restarted.
 * The part of `credential-chain` that stops a wave.
 */
export const hardCodedVariables: CheckFunction = (subject) =>
  needPods(subject, (pods) => {
    const { cluster, parts } = subject;
    const { arn } = parts.role;
    const admitted = pods.filter((pod) => admittedUnder(pod, arn) !== undefined);
    const set = pods
      .filter((pod) => !admitted.includes(pod))
      .flatMap((pod) => hardCoded(pod, arn).map((variable) => ({ pod, variable })));
    const [first] = set;
    const results: CheckResult[] = [];
    if (first !== undefined) {
      const names = new Set(set.map(({ pod, variable }) => `${ownerName(pod)} ${inSentence(variable)}`));
      const found = `hard-coded, not from the webhook: ${named(names, 3)}`;
      results.push(problem(found, [REMOVE, inspectPod(cluster, first.pod)]));
    }
    if (admitted.length > 0) {
      const names = new Set(admitted.map((pod) => `${inSentence(admittedUnder(pod, arn) ?? '')} (${ownerName(pod)})`));
      const found = `pods were admitted when the annotation named another role: ${named(names, 3)}`;
      results.push(problem(found, [RESTART_ADMITTED, restartPods(cluster, admitted)]));
    }
    if (results.length > 0) return results;
    return pass(`${podsRun(pods.length)}, none sets the variables itself${unseen(pods)}`);
  });

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

function ownerName({ name, owner }: PodFacts): string {
  return owner === undefined ? `pod/${name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
}

/** What comes by `envFrom` is not in the pod spec. */
function unseen(pods: readonly PodFacts[]): string {
  const from = [...new Set(pods.flatMap(({ containers }) => containers.flatMap(({ envFrom }) => envFrom)))];
  return from.length === 0 ? '' : `; not inspected: ${named(from)} (envFrom)`;
}

/** Where an SDK gets credentials from. */
type CredentialSource = 'keys' | 'profile' | 'web-identity' | 'ecs' | 'pod-identity' | 'node';

interface Link {
  readonly source: CredentialSource;
  /** In the words of a finding. */
  readonly says: string;
  /** The variables of the container that bring the SDK to it. */
  readonly by: (container: ContainerFacts) => readonly string[];
}

const earlier =
  (...wanted: readonly string[]) =>
  ({ earlier: set }: ContainerFacts): readonly string[] =>
    set.filter((name) => wanted.includes(name));

/**
 * The links of the SDKs' default chain that a pod spec can show, in their order: the first that finds credentials ends the search.
 * A profile may find nothing; whatever it finds wins over the links after it.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html and the pages of each SDK
 */
const CREDENTIAL_CHAIN: readonly Link[] = [
  {
    source: 'keys',
    says: 'access keys in its environment',
    by: earlier('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'),
  },
  {
    source: 'profile',
    says: 'a profile of the shared files',
    by: earlier('AWS_PROFILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'),
  },
  {
    source: 'web-identity',
    says: 'web identity',
    by: ({ env }) =>
      env.AWS_WEB_IDENTITY_TOKEN_FILE === undefined || env.AWS_ROLE_ARN === undefined
        ? []
        : ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
  },
  {
    source: 'ecs',
    says: 'the container credentials of ECS',
    by: earlier('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'),
  },
  {
    source: 'pod-identity',
    says: 'Pod Identity',
    by: ({ env }) =>
      env.AWS_CONTAINER_CREDENTIALS_FULL_URI === undefined ? [] : ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  },
  { source: 'node', says: 'the role of its node', by: () => ['no other'] },
];

/** What an SDK finds first in a container, with the variables that lead it there, and profiles that it looks into before. */
interface Picked {
  readonly source: Exclude<CredentialSource, 'profile'>;
  readonly says: string;
  readonly by: readonly string[];
  /** Variables that name a profile, whose content a pod spec does not show. */
  readonly profile: readonly string[];
}

/** Walks the chain. `supportsPodIdentity`: the SDK is new enough for that link; an old one passes it by. */
function credentialSource(container: ContainerFacts, supportsPodIdentity: boolean): Picked {
  const found = CREDENTIAL_CHAIN.map(({ source, says, by }) => ({ source, says, by: by(container) })).filter(
    ({ source, by }) => by.length > 0 && (supportsPodIdentity || source !== 'pod-identity'),
  );
  const profile = found.find(({ source }) => source === 'profile')?.by ?? [];
  for (const { source, says, by } of found)
    if (source !== 'profile') return { source, says, by, profile: source === 'keys' ? [] : profile };
  return { source: 'node', says: 'the role of its node', by: [], profile };
}
