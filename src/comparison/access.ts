import { issuerName, oidcProviderArn } from '../blueprint/arns';
import { decide } from '../iam/decide';
import { decideAssumeRole } from '../iam/decideAssumeRole';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Context } from '../iam/Request';
import type { Cluster, Environment, Workload } from '../inventory/Inventory';
import { POD_IDENTITY_SERVICE, IRSA_AUDIENCE } from '../blueprint/sourceTrust';

/** A role as AWS has it. */
interface Trusting {
  readonly arn: string;
  readonly trust: PolicyDocument;
}

/** Whose pods are meant. */
export type PodIdentity = Pick<Workload, 'namespace' | 'serviceAccount' | 'sessionTags'>;
type Place = Pick<Environment, 'partition' | 'account'>;

/** Whether a role lets a pod of the workload on the cluster in by web identity (IRSA), by evaluating its trust policy. */
export function letsWebIdentityIn(
  role: Trusting,
  environment: Place,
  { namespace, serviceAccount }: PodIdentity,
  { oidc }: Pick<Cluster, 'oidc'>,
): boolean {
  const subject = `system:serviceaccount:${namespace}:${serviceAccount.name}`;
  return oidc !== undefined && letsTokenIn(role, environment, oidc.issuer, subject);
}

/** Whether a role lets the bearer of a token in that an issuer's OIDC provider in the environment's account vouches for. */
export function letsTokenIn(
  { arn, trust }: Trusting,
  { partition, account }: Place,
  issuer: string,
  subject: string,
  audience: string = IRSA_AUDIENCE,
): boolean {
  return decideAssumeRole({
    caller: { kind: 'federated', provider: oidcProviderArn(partition, account.id, issuer) },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: arn,
    trust: { name: `trust policy of ${arn}`, document: trust },
    context: { [`${issuerName(issuer)}:sub`]: subject, [`${issuerName(issuer)}:aud`]: audience },
  }).allowed;
}

/**
 * Which of the two actions that EKS Pod Identity needs a role refuses to a pod of the workload on the cluster; none: it gets in.
 * EKS asks for both also where session tags are disabled.
 */
export function refusedToPodIdentity(
  { arn, trust }: Trusting,
  environment: Place,
  workload: PodIdentity,
  cluster: Pick<Cluster, 'arn' | 'name'>,
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
