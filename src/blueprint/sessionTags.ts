import type { OneOrMany } from '../iam/PolicyDocument';
import { oneOrMany } from './oneOrMany';
import type { SubjectBox } from './subjectBoxes';

/**
 * Conditions on the session tags of EKS Pod Identity: clusters, namespace and service account. `aws:RequestTag` reads the tags of the
 * request, `aws:PrincipalTag` the tags of the caller's session.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function sessionTagConditions(
  key: 'aws:RequestTag' | 'aws:PrincipalTag',
  { clusters, namespaces, serviceAccounts, isPattern }: SubjectBox,
): {
  readonly StringEquals: Readonly<Record<string, OneOrMany<string>>>;
  readonly StringLike?: Readonly<Record<string, OneOrMany<string>>>;
} {
  const names = {
    [`${key}/kubernetes-namespace`]: oneOrMany(namespaces),
    [`${key}/kubernetes-service-account`]: oneOrMany(serviceAccounts),
  };
  const cluster = { [`${key}/eks-cluster-arn`]: oneOrMany(clusters.map(({ arn }) => arn)) };
  return isPattern ? { StringEquals: cluster, StringLike: names } : { StringEquals: { ...cluster, ...names } };
}
