import type { Mode } from '../../comparison/access';
import { podCredentials as modesOf } from '../../comparison/podCredentials';
import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import { inSentence } from '../../inventory/printable';
import { type Advice, named, restartPods } from '../remedies';
import { need } from '../../estate/ask';
import { aheadOf } from './association';
import { type Checked, type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';
import { admittedUnder, RESTART_ADMITTED } from './credentialChain';
import { MODE_TEXT, needPods, podsRun } from './pods';

/** What a pod received when it was admitted, against what the stage gives a new one. */
type Received = 'as new pods' | 'nothing' | 'the other mode' | 'both' | 'without token' | 'another role';

/** The audience of the token that each mode needs. Source: aws/amazon-eks-pod-identity-webhook, README. */
const AUDIENCE: Readonly<Record<Mode, string>> = { irsa: IRSA_AUDIENCE, 'pod-identity': POD_IDENTITY_SERVICE };

/**
 * Every running pod has the variables and the projected token of the mode that the stage gives new pods. The webhook writes them once, when
 * a pod is admitted: whatever was changed since, only a new pod has it.
 */
export const podCredentials: CheckFunction = (subject) => {
  if (aheadOf(subject) === undefined) return needPods(subject, (pods) => judgePods(subject, pods, false));
  return need([subject.questions.association], (found) =>
    needPods(subject, (pods) => judgePods(subject, pods, found !== undefined)),
  );
};

/** `ahead`: an association of another tool stands before the step that needs it, so that pods may have Pod Identity already. */
function judgePods(subject: WorkloadOnCluster, pods: readonly PodFacts[], ahead: boolean): Checked {
  if (pods.length === 0) return subject.next === undefined ? [] : pass('no pod runs now');
  const received = new Map(pods.map((pod) => [pod, receivedBy(subject, pod, ahead)]));
  const failed = [...new Set(received.values())].flatMap((what) =>
    what === 'as new pods'
      ? []
      : judge(
          subject,
          what,
          pods.filter((pod) => received.get(pod) === what),
          pods.length,
        ),
  );
  if (failed.length > 0) return failed;
  const mode = MODE_TEXT[subject.row.newPodUses];
  return pass(
    `${podsRun(pods.length)}, each with the variables and the token of ${ahead ? `${mode} or ${MODE_TEXT['pod-identity']}` : mode}`,
  );
}

function receivedBy({ row, parts, next }: WorkloadOnCluster, pod: PodFacts, ahead: boolean): Received {
  const has = modesOf(pod);
  const mode = ahead && has.podIdentity && !has.webIdentity ? 'pod-identity' : row.newPodUses;
  // Every SDK uses web identity first; without a step credential-chain says so.
  if (next !== undefined && mode === 'pod-identity' && has.webIdentity && has.podIdentity) return 'both';
  const wanted = mode === 'irsa' ? has.webIdentity : has.podIdentity;
  if (wanted && !Object.values(pod.tokenVolumes).includes(AUDIENCE[mode])) return 'without token';
  if (wanted && mode === 'irsa' && admittedUnder(pod, parts.role.arn) !== undefined) return 'another role';
  if (wanted) return 'as new pods';
  return has.webIdentity || has.podIdentity ? 'the other mode' : 'nothing';
}

function judge(
  { row, parts, cluster, next }: WorkloadOnCluster,
  received: Exclude<Received, 'as new pods'>,
  pods: readonly PodFacts[],
  all: number,
): CheckResult {
  const names = pods.map(({ name }) => name);
  const of = `${pods.length} of ${all} pods`;
  const mode = row.newPodUses;
  const other = MODE_TEXT[mode === 'irsa' ? 'pod-identity' : 'irsa'];
  // Web identity still works while the role trusts it: nothing is broken yet.
  const works = received === 'the other mode' && mode === 'pod-identity' && row.trustsOidc;
  const untilThen = works ? 'keep their old credentials' : 'do not have the credentials of the role';
  const commands = restartPods(cluster, pods);
  const restart: Advice =
    commands.length === 0
      ? 'The pods are ending. Run the command again when they are gone.'
      : [`Restart these pods. Until then they ${untilThen}.`, commands];
  const template = 'from the pod template (chart, ConfigMap or Secret), and roll it out.';
  // The webhook and EKS Auth see the change of an association late. A pod that was restarted before keeps the earlier credentials for its life.
  const early =
    mode === 'irsa'
      ? 'Pods that started after the association was deleted were restarted too early: EKS did not see the change, and their credentials end within six hours.'
      : 'Pods that started after the association was created were restarted too early: EKS did not see the association.';
  const texts: Readonly<Record<typeof received, readonly [found: string, advice: Advice]>> = {
    nothing: [
      `${of} received no credentials and use the role of the node`,
      mode === 'irsa' ? restart : [early, restart],
    ],
    'the other mode': [`${of} started before ${MODE_TEXT[mode]} was set up and still use ${other}`, [early, restart]],
    both: [
      `${of} set the variables of web identity themselves, and SDKs use web identity before Pod Identity`,
      `Remove AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE ${template}`,
    ],
    'without token': [
      `${of} have the variables of ${MODE_TEXT[mode]}, and no volume with a token for ${AUDIENCE[mode]}`,
      [
        `Remove the variables ${template} The webhook adds them together with the volume, and does not overwrite variables that are set.`,
        restart,
      ],
    ],
    'another role': [
      `${of} were admitted when the annotation named ${named(new Set(pods.flatMap((pod) => admittedUnder(pod, parts.role.arn) ?? []).map(inSentence)))}`,
      [RESTART_ADMITTED, commands],
    ],
  };
  const [found, advice] = texts[received];
  return fail(works && next === undefined ? 'warning' : 'problem', `${found}: ${named(names)}`, advice, {
    pods: names,
  });
}
