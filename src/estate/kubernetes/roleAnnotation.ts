import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';

/**
 * The role (its ARN) that a service account's annotation names; nothing where there is no account, no annotation or an empty value.
 * An empty value is no role: the webhook skips it. Source: aws/amazon-eks-pod-identity-webhook, pkg/cache/cache.go.
 */
export function roleAnnotation(
  account: { readonly annotations: Readonly<Record<string, string>> } | undefined,
): string | undefined {
  const arn = account?.annotations[ROLE_ANNOTATION];
  return arn === '' ? undefined : arn;
}
