import type { Mode } from '../../comparison/access';
import { podCredentials as modesOf } from '../../comparison/podCredentials';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { need } from '../../estate/ask';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Remedy } from '../../estate/Remedy';
import { restartPods, say } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass, type State, type WorkloadOnCluster } from './Check';
import { admittedUnder, RESTART_ADMITTED } from './credentialChain';
import { MODE_TEXT, ownPods, podsOf, podsRun } from './modes';
import { named } from './named';

/** What a pod received when it was admitted, against what the stage gives a new one. */
type Received = 'as new pods' | 'nothing' | 'the other mode' | 'both' | 'without token' | 'another role';

/** The audience of the token that each mode needs. Source: aws/amazon-eks-pod-identity-webhook, README. */
const AUDIENCE: Readonly<Record<Mode, string>> = { irsa: IRSA_AUDIENCE, 'pod-identity': POD_IDENTITY_SERVICE };

/**
 * Every running pod has the variables and the projected token of the mode that the stage gives new pods. The webhook writes them once, when
 * a pod is admitted: whatever was changed since, only a new pod has it.
 */
export const podCredentials: CheckFunction = (subject) => [
  need([podsOf(subject)], (namespace) => {
    const pods = ownPods(subject, namespace);
    if (pods.length === 0) return subject.next === undefined ? [] : [pass('no pod runs now')];
    const groups = new Map<Received, PodFacts[]>();
    for (const pod of pods) {
      const received = receivedBy(subject, pod);
      groups.set(received, [...(groups.get(received) ?? []), pod]);
    }
    const failed = [...groups].flatMap(([received, these]) =>
      received === 'as new pods' ? [] : [judge(subject, received, these, pods.length)],
    );
    if (failed.length > 0) return failed;
    const mode = MODE_TEXT[subject.row.newPodUses];
    return [pass(`${podsRun(pods.length)}, each with the variables and the token of ${mode}`)];
  }),
];

function receivedBy({ row, parts, next }: WorkloadOnCluster, pod: PodFacts): Received {
  const mode = row.newPodUses;
  const has = modesOf(pod);
  // Every SDK uses web identity first; without a step credential-chain says so.
  if (next !== undefined && mode === 'pod-identity' && has.webIdentity && has.podIdentity) return 'both';
  const wanted = mode === 'irsa' ? has.webIdentity : has.podIdentity;
  if (wanted && !Object.values(pod.tokenVolumes).includes(AUDIENCE[mode])) return 'without token';
  if (wanted && mode === 'irsa' && admittedUnder(pod, parts.role.arn) !== undefined) return 'another role';
  if (wanted) return 'as new pods';
  return has.webIdentity || has.podIdentity ? 'the other mode' : 'nothing';
}

function judge(
  subject: WorkloadOnCluster,
  received: Exclude<Received, 'as new pods'>,
  pods: readonly PodFacts[],
  all: number,
): CheckResult {
  const names = pods.map(({ name }) => name);
  const of = `${pods.length} of ${all} pods`;
  const mode = subject.row.newPodUses;
  const other = MODE_TEXT[mode === 'irsa' ? 'pod-identity' : 'irsa'];
  const under = [...new Set(pods.flatMap((pod) => admittedUnder(pod, subject.parts.role.arn) ?? []))];
  const commands = restartPods(subject.cluster, pods);
  const restart: Remedy =
    commands.length === 0
      ? [say('The pods are ending. Run the command again when they are gone.')]
      : [say(`Restart these pods. ${UNTIL_THEN[keepsOld(subject, received) ? 'old' : 'none']}`), ...commands];
  const found: Readonly<Record<typeof received, string>> = {
    nothing: `${of} received no credentials and use the role of the node: ${named(names)}`,
    'the other mode': `${of} started before ${MODE_TEXT[mode]} was set up and still use ${other}: ${named(names)}`,
    both: `${of} set the variables of web identity themselves, and SDKs use web identity before Pod Identity: ${named(names)}`,
    'without token': `${of} have the variables of ${MODE_TEXT[mode]}, and no volume with a token for ${AUDIENCE[mode]}: ${named(names)}`,
    'another role': `${of} were admitted when the annotation named ${named(under)}: ${named(names)}`,
  };
  const template = 'from the pod template (chart, ConfigMap or Secret), and roll it out.';
  const remedy: Readonly<Record<typeof received, Remedy>> = {
    nothing: restart,
    'the other mode': restart,
    both: [say(`Remove AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE ${template}`)],
    'without token': [
      say(
        `Remove the variables ${template} The webhook adds them together with the volume, and does not overwrite variables that are set.`,
      ),
      ...restart,
    ],
    'another role': [say(RESTART_ADMITTED), ...commands],
  };
  return fail(stateOf(subject, received), found[received], remedy[received], { pods: names });
}

const UNTIL_THEN = {
  old: 'Until then they keep their old credentials.',
  none: 'Until then they do not have the credentials of the role.',
} as const;

/** Web identity still works while the role trusts it: nothing is broken yet. */
function keepsOld({ row }: WorkloadOnCluster, received: Received): boolean {
  return received === 'the other mode' && row.newPodUses === 'pod-identity' && row.trustsOidc;
}

function stateOf(subject: WorkloadOnCluster, received: Received): Exclude<State, 'ok'> {
  return keepsOld(subject, received) ? 'warning' : 'problem';
}
