import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE } from '../../../blueprint/sourceTrust';
import { named } from '../../checks/named';
import { admittedUnder, RESTART } from '../../evidence/noHardCodedEnv';
import { podCredentials as waysOf } from '../../../comparison/podCredentials';
import { restartCommands } from '../../evidence/restartCommands';
import { podsRun } from '../../evidence/runningPods';
import type { PodFacts } from '../../../estate/kubernetes/KubernetesPort';
import type { Judgement, State } from '../DoctorFinding';
import type { Judge } from '../Judge';
import { ill, kubectlLook, type Look, well } from '../judgement';
import type { Mode, Patient } from '../Patient';

/** What a pod was given at its admission, against what the stage gives a new one. */
type Given = 'as new pods' | 'nothing' | 'the other way' | 'without token' | 'another role';

/** The audience of the token that each way needs. Source: aws/amazon-eks-pod-identity-webhook, README. */
const AUDIENCE: Readonly<Record<Mode, string>> = { irsa: IRSA_AUDIENCE, 'pod-identity': POD_IDENTITY_SERVICE };

const WAY: Readonly<Record<Mode, string>> = { irsa: 'web identity', 'pod-identity': 'Pod Identity' };

/**
 * Every running pod has the variables and the projected token of the way that the stage gives new pods. The webhook gives them once, when
 * a pod is admitted: whatever was changed since, only a new pod has it.
 */
export const podCredentials: Judge = (patient, { pods }) => {
  if (!pods.ok || pods.value.length === 0) return [];
  const mode = patient.row.newPodUses;
  const look = kubectlLook(patient, `get pods -o yaml`, patient.workload.namespace);
  const groups = new Map<Given, PodFacts[]>();
  for (const pod of pods.value) {
    const given = givenTo(patient, pod);
    groups.set(given, [...(groups.get(given) ?? []), pod]);
  }
  const judged = [...groups].flatMap(([given, these]) =>
    given === 'as new pods' ? [] : [judge(patient, look, given, these, pods.value.length)],
  );
  if (judged.length > 0) return judged;
  return [well(look, `${podsRun(pods.value.length)}, each with the variables and the token of ${WAY[mode]}`)];
};

function givenTo({ row, parts }: Patient, pod: PodFacts): Given {
  const mode = row.newPodUses;
  const ways = waysOf(pod);
  const wanted = mode === 'irsa' ? ways.webIdentity : ways.podIdentity;
  if (wanted && !Object.values(pod.tokenVolumes).includes(AUDIENCE[mode])) return 'without token';
  if (wanted && mode === 'irsa' && admittedUnder(pod, parts.role.arn) !== undefined) return 'another role';
  if (wanted) return 'as new pods';
  return ways.webIdentity || ways.podIdentity ? 'the other way' : 'nothing';
}

function judge(
  patient: Patient,
  look: Look,
  given: Exclude<Given, 'as new pods'>,
  pods: readonly PodFacts[],
  all: number,
): Judgement {
  const names = pods.map(({ name }) => name);
  const of = `${pods.length} of ${all} pods`;
  const mode = patient.row.newPodUses;
  const other: Mode = mode === 'irsa' ? 'pod-identity' : 'irsa';
  const under = [...new Set(pods.flatMap((pod) => admittedUnder(pod, patient.parts.role.arn) ?? []))];
  const commands = restartCommands(patient.cluster, pods).join('\n');
  const restart = `Restart them:\n${commands}`;
  const found: Readonly<Record<typeof given, string>> = {
    nothing: `${of} were given nothing, so that their SDK takes the node’s role: ${named(names)}`,
    'the other way': `${of} were admitted before ${WAY[mode]} was there, and hold ${WAY[other]}: ${named(names)}`,
    'without token': `${of} have the variables of ${WAY[mode]}, and no volume with a token for ${AUDIENCE[mode]}: ${named(names)}`,
    'another role': `${of} were admitted under another annotation: ${named(under)}: ${named(names)}`,
  };
  const mends: Readonly<Record<typeof given, string>> = {
    nothing: restart,
    'the other way': restart,
    'without token': `Remove the variables from the pod template: the webhook adds them together with the volume, and keeps what is there. Then roll it out.\n${restart}`,
    'another role': `${RESTART}\n${commands}`,
  };
  return ill(look, stateOf(patient, given), found[given], mends[given], names);
}

/** Web identity still works while the role trusts it: nothing is broken yet. */
function stateOf({ row }: Patient, given: Given): Exclude<State, 'ok'> {
  return given === 'the other way' && row.newPodUses === 'pod-identity' && row.trustsOidc ? 'warning' : 'problem';
}
