import type { ServiceAccountFacts } from '../kubernetes/KubernetesPort';

/** Source: aws/amazon-eks-pod-identity-webhook, README (an empty value counts as none: pkg/handler/handler.go) */
const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** The role that a service account's annotation names, if it has one. */
export function roleAnnotation({ annotations }: ServiceAccountFacts): string | undefined {
  const arn = annotations[ROLE_ANNOTATION];
  return arn === undefined || arn === '' ? undefined : arn;
}
