import { subjectName } from '../../inventory/Inventory';
import { podCredentials } from '../../comparison/podCredentials';
import { need } from '../../estate/ask';
import type { AdmissionFacts } from '../../estate/kubernetes/KubernetesPort';
import { inSentence } from '../../inventory/printable';
import { WAIT_UNTIL_EFFECTIVE } from '../associationEffect';
import { named } from '../remedies';
import { type CheckFunction, type CheckResult, pass, problem, type WorkloadOnCluster } from './Check';
import { MODE_TEXT } from './pods';

/**
 * What the EKS webhook gives a new pod of the workload now, by a server-side dry run: the webhook decides, so the propagation of an association, a stale webhook
 * and a wrong annotation show in one answer. Nothing is created. A rejection by a policy of the cluster says nothing about the webhook.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run; the webhook has `sideEffects: None`
 * (aws/amazon-eks-pod-identity-webhook deploy/mutatingwebhook.yaml)
 */
export const admission: CheckFunction = (subject) => {
  const { cluster, serviceAccount } = subject;
  const { namespace, name } = serviceAccount;
  return need([{ ask: 'admission', cluster: cluster.arn, namespace, serviceAccount: name }], (facts) =>
    judge(subject, facts),
  );
};

function judge(
  { row, parts, workload, serviceAccount, cluster }: WorkloadOnCluster,
  { of, pod }: AdmissionFacts,
): CheckResult {
  const { webIdentity, podIdentity } = podCredentials(pod);
  const tried = `dry run of ${of ?? `a pod with service account ${serviceAccount.name}`}`;
  const roles = new Set(pod.containers.flatMap(({ env }) => env.AWS_ROLE_ARN ?? []));
  const others = [...roles].filter((role) => role !== parts.role.arn).map(inSentence);
  const wanted = MODE_TEXT[row.newPodUses];
  const compare = (what: string) =>
    `Compare the ${what} of ${subjectName(serviceAccount)} on ${cluster.key} with the inventory: podlift doctor has the check ${what}.`;
  const association = compare('association');
  // At a stage of IRSA a pod without credentials lacks the annotation; one of Pod Identity has an association too many.
  const cause = row.newPodUses === 'irsa' && !podIdentity ? compare('annotation') : association;
  if (webIdentity && podIdentity)
    return problem(
      `a new pod has the variables of both modes, and SDKs use web identity first (${tried})`,
      'Remove AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE from the pod template: the webhook does not overwrite variables that are set.',
    );
  if (webIdentity && others.length > 0)
    return problem(
      `a new pod assumes ${named(others)}, not ${parts.role.arn} (${tried})`,
      'Correct the annotation of the service account, or the variables of the pod template: podlift doctor shows both.',
    );
  if (row.newPodUses === 'irsa' ? webIdentity : podIdentity)
    return pass(`the webhook gives a new pod the credentials of ${wanted} (${tried})`);
  const received = webIdentity ? MODE_TEXT.irsa : podIdentity ? MODE_TEXT['pod-identity'] : 'no credentials';
  return problem(
    `the webhook gives a new pod ${received}, and at ${workload.stage} new pods use ${wanted} (${tried})`,
    [
      `If the association or the annotation was changed just now, ${WAIT_UNTIL_EFFECTIVE}, then run the command again. Do not restart pods before.`,
      cause,
    ],
  );
}
