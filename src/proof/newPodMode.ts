import { ROLE_ANNOTATION } from '../blueprint/serviceAccounts';
import type { Mode } from './Proof';
import type { Situation } from './Situation';

/**
 * What the EKS webhook gives a pod that is admitted now: Pod Identity where there is an association, else IRSA where the service
 * account is annotated with the role, else nothing (the SDK falls through to the node's role).
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go, buildPodPatchConfig.
 */
export function newPodMode({ association, annotation }: Situation, roleArn: string): Mode | undefined {
  if (association !== undefined) return 'pod-identity';
  return annotation?.annotations[ROLE_ANNOTATION] === roleArn ? 'irsa' : undefined;
}
