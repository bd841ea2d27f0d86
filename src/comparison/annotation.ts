import type { ServiceAccount } from '../blueprint/Blueprint';
import { ROLE_ANNOTATION } from '../blueprint/serviceAccounts';
import type { FieldOwner, ServiceAccountFacts } from '../estate/kubernetes/KubernetesPort';
import { type Mismatch, property } from './Mismatch';

export { ROLE_ANNOTATION };

/** `missing`: the service account is not there, and must be. `role`: the annotation names another role, or none. */
export type AnnotationMismatch = Mismatch<'role'>;

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

/** The annotation by which a service account names another audience for the web identity tokens of its pods. Source: aws/amazon-eks-pod-identity-webhook, README. */
export const AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';

/** Whether podlift's stack of service accounts writes this one; an add-on writes its own. */
export function isWritten({ context, manage, addon }: ServiceAccount): boolean {
  return addon === undefined && context !== undefined && manage !== 'none';
}

/**
 * The service account that a stage asks for against the one that stands. An account must be there where its stage has the annotation, or podlift's
 * stack writes it. An add-on may keep the annotation that its stage has not: Terraform cannot remove it, and EKS goes by the association.
 */
export function compareAnnotation(
  wanted: ServiceAccount,
  found: ServiceAccountFacts | undefined,
): readonly AnnotationMismatch[] {
  const role = roleAnnotation(wanted);
  if (found === undefined) return role !== undefined || isWritten(wanted) ? [{ what: 'missing' }] : [];
  return isKeptByAddon(wanted, found) ? [] : property('role', role, roleAnnotation(found));
}

/** Whether an add-on keeps an annotation that its stage has not. */
export function isKeptByAddon(wanted: ServiceAccount, found: ServiceAccountFacts | undefined): boolean {
  return wanted.addon !== undefined && roleAnnotation(wanted) === undefined && roleAnnotation(found) !== undefined;
}

/** podlift's field manager, and the one of its earlier applies: the provider's default. Source: modules/WorkloadServiceAccount.ts. */
const OWN: ReadonlySet<string> = new Set(['podlift', 'Terraform']);

/** Whether podlift's stack owns the annotation. A service account that the stack creates is written by `HashiCorp` as well. */
function isOwn({ manage }: Pick<ServiceAccount, 'manage'>, { manager }: FieldOwner): boolean {
  return OWN.has(manager) || (manager === 'HashiCorp' && manage === 'create');
}

/** Whether the stack of the last stage gives the annotation up: podlift's field manager alone, since that is the one which it applies as. */
export function isGivenUp({ manager, operation }: FieldOwner): boolean {
  return manager === 'podlift' && operation === 'Apply';
}

/** The field managers that write the annotation again: all but podlift's own, and kubectl's, by which people write once. */
export function repeatingOwners(
  account: Pick<ServiceAccount, 'manage'>,
  owners: readonly FieldOwner[],
): readonly string[] {
  const repeating = owners.filter((owner) => !isOwn(account, owner) && !/^kubectl(-|$)/.test(owner.manager));
  return [...new Set(repeating.map(({ manager }) => manager))];
}
