import type { Mode } from '../comparison/access';
import type { Remedy } from '../estate/Remedy';
import type { Cluster, Subject } from '../inventory/Inventory';
import { kubectl, remedyOf } from './remedies';

// After a change of an association, EKS gives new pods the earlier credentials for some seconds, and a pod keeps for its life what it was given.

/**
 * How long to wait after a change of an association before pods are restarted, in seconds. EKS: "may take several seconds to be effective after the
 * initial API call returns successfully", without a limit and without an API that shows it
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html, aws/containers-roadmap #2507). Measured: 5 to 10 s
 * (aws/eks-pod-identity-agent #52); a longer delay is seen in the new pods alone.
 */
export const EFFECTIVE_AFTER_SECONDS = 15;

/** `wait 15 seconds`: for a sentence. */
export const WAIT_UNTIL_EFFECTIVE = `wait ${EFFECTIVE_AFTER_SECONDS} seconds`;

/**
 * The variables that show which credentials the webhook gave a pod.
 * Source: aws/amazon-eks-pod-identity-webhook pkg/handler/handler.go (buildPodPatchConfig)
 */
const VARIABLE: Readonly<Record<Mode, string>> = {
  irsa: 'AWS_ROLE_ARN',
  'pod-identity': 'AWS_CONTAINER_CREDENTIALS_FULL_URI',
};

/** How to see, after a restart, that the new pods of a service account have the credentials of a mode, and what to do when they do not. */
export function checkNewPods({ namespace, name }: Subject, cluster: Cluster, mode: Mode): Remedy {
  const other = mode === 'irsa' ? 'pod-identity' : 'irsa';
  const valueOf = (of: Mode) => `.spec.containers[*].env[?(@.name=="${VARIABLE[of]}")].value`;
  const columns = ['POD:.metadata.name', `IRSA:${valueOf('irsa')}`, `POD-IDENTITY:${valueOf('pod-identity')}`];
  return remedyOf(
    `Check the new pods. Each needs ${VARIABLE[mode]} (column ${COLUMN[mode]}), and <none> in the column ${COLUMN[other]}:`,
    kubectl(cluster, namespace)`get pods --field-selector ${`spec.serviceAccountName=${name}`}
      -o custom-columns=${columns.join(',')}`,
    'If a new pod does not, EKS did not see the change when it admitted the pod. Restart the pod once more.',
  );
}

const COLUMN: Readonly<Record<Mode, string>> = { irsa: 'IRSA', 'pod-identity': 'POD-IDENTITY' };
