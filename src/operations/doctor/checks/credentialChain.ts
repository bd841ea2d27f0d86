import { named } from '../../checks/named';
import { admittedUnder } from '../../evidence/noHardCodedEnv';
import { hardCoded, podCredentials } from '../../../comparison/podCredentials';
import { podsRun } from '../../evidence/runningPods';
import type { ContainerFacts, PodFacts } from '../../../estate/kubernetes/KubernetesPort';
import { credentialSource, type Picked } from '../../checks/credentialSource';
import type { Judgement } from '../DoctorFinding';
import type { Judge } from '../Judge';
import { ill, kubectlLook, podLook, well } from '../judgement';
import type { Patient } from '../Patient';
import { ageOf } from './sdk';

/** A container whose SDK does not take what the pod was given. */
interface Strayed {
  readonly pod: PodFacts;
  readonly text: string;
}

const TAKE_OUT =
  'Remove the variables from the pod template (chart, ConfigMap or Secret), and roll it out: the webhook keeps what is set.';

/**
 * Which credentials the SDK of each container picks, by the order of its chain and what the pod spec sets: keys, profiles and web identity
 * come before Pod Identity, and whatever is missing ends at the node's role.
 */
export const credentialChain: Judge = (patient, { pods }) => {
  if (!pods.ok) return [];
  const given = pods.value.filter((pod) => {
    const { webIdentity, podIdentity } = podCredentials(pod);
    return webIdentity || podIdentity;
  });
  if (given.length === 0) return [];
  const judged = [...strays(patient, given), ...profiles(patient, given)];
  if (judged.length > 0) return judged;
  const look = kubectlLook(patient, 'get pods -o yaml', patient.workload.namespace);
  return [well(look, `${podsRun(given.length)}: the SDK takes what its pod was given${unseen(given)}`)];
};

function strays(patient: Patient, pods: readonly PodFacts[]): Judgement[] {
  const strayed = pods.flatMap((pod) => straysOf(patient, pod));
  const [first] = strayed;
  if (first === undefined) return [];
  const names = [...new Set(strayed.map(({ pod }) => pod.name))];
  const texts = [...new Set(strayed.map(({ text }) => text))];
  return [ill(podLook(patient, first.pod), 'problem', `${named(texts, 3)} (${named(names)})`, TAKE_OUT, names)];
}

function straysOf(patient: Patient, pod: PodFacts): Strayed[] {
  const { podIdentity } = podCredentials(pod);
  const wanted = podIdentity ? 'pod-identity' : 'web-identity';
  const knows = ageOf(patient.workload)?.kind !== 'too old';
  const strayed = pod.containers
    .filter((container) => container.earlier.length > 0 || Object.keys(container.env).length > 0)
    .map((container) => ({ container, picked: credentialSource(container, knows) }))
    .filter(({ picked }) => picked.source !== wanted)
    .map(({ container, picked }) => ({ pod, text: sentence(container, picked, wanted, knows) }));
  const { arn } = patient.parts.role;
  // A pod that was admitted under another annotation takes what it was given: pod-credentials says so.
  if (strayed.length > 0 || podIdentity || admittedUnder(pod, arn) !== undefined) return strayed;
  return hardCoded(pod, arn).map((variable) => ({
    pod,
    text: `hard-coded, not from the webhook: ${variable}`,
  }));
}

function sentence({ name }: ContainerFacts, { source, says, by }: Picked, wanted: string, knows: boolean): string {
  if (source === 'node')
    return `${name}: the SDK takes ${says}${knows ? '' : ', since it is too old for Pod Identity'}`;
  return `${name}: the SDK takes ${says} (${by.join(', ')}) before ${wanted === 'pod-identity' ? 'Pod Identity' : 'web identity'}`;
}

function profiles(patient: Patient, pods: readonly PodFacts[]): Judgement[] {
  const knows = ageOf(patient.workload)?.kind !== 'too old';
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
    ill(
      podLook(patient, first.pod),
      'warning',
      `the SDK reads a profile first: ${named([...new Set(set.map(({ text }) => text))], 3)} (${named(names)}); credentials or a role there win`,
      'See that the file has none (a region alone is harmless), or remove the variables from the pod template.',
      names,
    ),
  ];
}

/** What comes by `envFrom` is not in the pod spec. */
function unseen(pods: readonly PodFacts[]): string {
  const from = [...new Set(pods.flatMap(({ containers }) => containers.flatMap(({ envFrom }) => envFrom)))];
  return from.length === 0 ? '' : `; not looked into: ${named(from)} (envFrom)`;
}
