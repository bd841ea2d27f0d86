import { issuerName, oidcProviderArn } from '../../blueprint/arns';
import { decide } from '../../iam/decide';
import { decideAssumeRole } from '../../iam/decideAssumeRole';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Context } from '../../iam/Request';
import type { Cluster, Environment, Workload } from '../../inventory/Inventory';
import { POD_IDENTITY_SERVICE, IRSA_AUDIENCE } from '../../blueprint/sourceTrust';

/** A role as AWS has it. */
interface Trusting {
  readonly arn: string;
  readonly trust: PolicyDocument;
}

/** Whether a role lets a pod of the workload on the cluster in by web identity (IRSA), by evaluating its trust policy. */
export function letsWebIdentityIn(
  { arn, trust }: Trusting,
  environment: Environment,
  workload: Workload,
  cluster: Cluster,
): boolean {
  if (cluster.oidc === undefined) return false;
  const issuer = issuerName(cluster.oidc.issuer);
  return decideAssumeRole({
    caller: {
      kind: 'federated',
      provider: oidcProviderArn(environment.partition, environment.account.id, cluster.oidc.issuer),
    },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: arn,
    trust: { name: `trust policy of ${arn}`, document: trust },
    context: {
      [`${issuer}:sub`]: `system:serviceaccount:${workload.namespace}:${workload.serviceAccount.name}`,
      [`${issuer}:aud`]: IRSA_AUDIENCE,
    },
  }).allowed;
}

/**
 * Which of the two actions that EKS Pod Identity needs a role refuses to a pod of the workload on the cluster; none: it gets in.
 * EKS asks for both also where session tags are disabled.
 */
export function refusedToPodIdentity(
  { arn, trust }: Trusting,
  environment: Environment,
  workload: Workload,
  cluster: Cluster,
): string[] {
  const tags = {
    'eks-cluster-arn': cluster.arn,
    'eks-cluster-name': cluster.name,
    'kubernetes-namespace': workload.namespace,
    'kubernetes-service-account': workload.serviceAccount.name,
    'kubernetes-pod-name': 'pod',
    'kubernetes-pod-uid': '00000000-0000-0000-0000-000000000000',
  };
  const sent: Context = workload.sessionTags
    ? {
        ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
        'aws:TagKeys': Object.keys(tags),
        'sts:TransitiveTagKeys': Object.keys(tags),
      }
    : {};
  const context = { ...sent, 'aws:SourceAccount': environment.account.id, 'aws:SourceArn': cluster.arn };
  return ['sts:AssumeRole', 'sts:TagSession'].filter(
    (action) =>
      !decide(
        { caller: { kind: 'service', service: POD_IDENTITY_SERVICE }, action, resource: arn, context },
        { resource: { name: `trust policy of ${arn}`, document: trust } },
      ).allowed,
  );
}
