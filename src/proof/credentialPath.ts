import type { Association, Role, SourceRole, TargetRole } from '../blueprint/Blueprint';
import { INLINE_POLICY } from '../blueprint/permissionPolicy';
import { externalIdOf, podOf, tokenOf } from '../blueprint/pods';
import { POD_IDENTITY_SERVICE } from '../blueprint/sourceTrust';
import { accessOf } from '../iam/credentialAccess';
import * as requests from '../iam/credentialRequests';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Cluster, Stage, Subject } from '../inventory/Inventory';
import type { Evaluator, PathResult } from './evaluator';
import type { CredentialMode } from './Proof';
import type { StagedWorkload } from './stagedWorkload';
import { type TrustEdit, trustEdits } from './trustEdits';
import type { WorkloadState } from './workloadState';

/** The pods of a service account of a workload on one of its clusters, with the evaluator of their requests. */
export interface PodsOnCluster {
  readonly staged: StagedWorkload;
  readonly cluster: Cluster;
  readonly subject: Subject;
  readonly evaluator: Evaluator;
  /** The source role. Except for its documents it is the same at every stage. */
  readonly source: SourceRole;
  readonly pod: requests.Pod;
  /** `namespace/serviceAccount` */
  readonly serviceAccount: string;
}

export function podsOnCluster(
  staged: StagedWorkload,
  cluster: Cluster,
  subject: Subject,
  evaluator: Evaluator,
): PodsOnCluster {
  const pod = podOf(staged.environment, subject, cluster);
  return {
    staged,
    cluster,
    subject,
    evaluator,
    source: sourceOf(staged),
    pod,
    serviceAccount: `${pod.namespace}/${pod.serviceAccount}`,
  };
}

/** The source role at the first stage. Throws when the workload was compiled at no stage. */
export function sourceOf({ stages, workload }: Pick<StagedWorkload, 'stages' | 'workload'>): SourceRole {
  const [first] = stages;
  if (first === undefined) throw new Error(`workload ${workload.key} was compiled at no stage`);
  return first.role;
}

/** Whether a trust policy gives the source role to the workload's pods in a mode, if EKS makes the request. */
export function trustedAtSource(
  { staged, cluster, evaluator, source, pod, serviceAccount }: PodsOnCluster,
  mode: CredentialMode,
  trust: PolicyDocument,
  tagged: boolean,
): PathResult {
  const role = { ...source, trust, resourceTags: resourceTagsOf(staged, source) };
  if (mode === 'pod-identity')
    return evaluator.evaluate([mode, cluster.key, serviceAccount, String(tagged), trust], () =>
      requests.podIdentityRequest(role, pod, { service: POD_IDENTITY_SERVICE, tagged }),
    );
  const { oidc } = cluster;
  if (oidc === undefined) return { isOpen: false, note: `cluster ${cluster.key} has no OIDC issuer` };
  return evaluator.evaluate([mode, cluster.key, serviceAccount, trust], () =>
    requests.webIdentityRequest(role, tokenOf(staged.environment.partition, pod, oidc.issuer)),
  );
}

/** How the entry has to change so that the trust policy of its stage gives the source role to the pods; nothing where it does not refuse them. */
export function editsForSource(
  { staged, cluster, subject, source, pod }: PodsOnCluster,
  mode: CredentialMode,
  stage: Stage,
): readonly TrustEdit[] {
  const { environment, workload } = staged;
  const tagged = workload.sessionTags;
  return trustEdits({
    ...{ environment, cluster, mode, serviceAccount: subject, workload: { ...workload, stage } },
    access: (trust) => {
      const role = { ...source, trust, resourceTags: resourceTagsOf(staged, source) };
      if (mode === 'pod-identity')
        return accessOf(requests.podIdentityRequest(role, pod, { service: POD_IDENTITY_SERVICE, tagged }));
      if (cluster.oidc === undefined) return { result: 'denied', denied: [] };
      return accessOf(requests.webIdentityRequest(role, tokenOf(environment.partition, pod, cluster.oidc.issuer)));
    },
  });
}

/** Whether a pod in a mode gets the source role. On Pod Identity EKS gives the role of the association, and no other. */
export function pathToSource(pods: PodsOnCluster, mode: CredentialMode, state: WorkloadState): PathResult {
  const { association, 'source trust': trust } = state;
  if (mode === 'irsa') return trustedAtSource(pods, mode, trust, false);
  const denied = (note: string): PathResult => ({ isOpen: false, note });
  if (association === undefined) return denied('without an association EKS gives no role');
  if (association.roleArn !== pods.source.arn)
    return denied(`the association gives ${association.roleArn} instead of ${pods.source.arn}`);
  const found = `${association.clusterName}, ${association.namespace}/${association.serviceAccount}`;
  const own = `${pods.cluster.name}, ${pods.serviceAccount}`;
  if (found !== own) return denied(`the association is for ${found} instead of ${own}`);
  return trustedAtSource(pods, mode, trust, !association.disableSessionTags);
}

/**
 * Whether a pod in a mode can assume a target role. On IRSA the app assumes the target itself, without session tags. On Pod Identity
 * EKS assumes the association's target role and gives only its credentials: the app assumes other targets from there, not from the
 * source role. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html (targetRoleArn)
 */
export function pathToTarget(
  pods: PodsOnCluster,
  mode: CredentialMode,
  target: TargetRole,
  state: WorkloadState,
): PathResult {
  const { association, 'inline policy': inline, 'target trust': trust = target.trust } = state;
  const chained = mode === 'pod-identity' && target.via === 'association';
  if (chained && association !== undefined && association.targetRoleArn !== target.arn)
    return { isOpen: false, note: `the association does not name ${target.arn} as its target role` };
  const tagged = mode === 'pod-identity' && !(association?.disableSessionTags ?? !pods.staged.workload.sessionTags);
  const instead = chained || mode === 'irsa' ? undefined : roleInstead(pods.staged, association);
  const from = instead ?? pods.source;
  const permissions = instead === undefined ? inline : instead.inline;
  const result = pods.evaluator.evaluate(
    [mode, pods.cluster.key, pods.serviceAccount, target.arn, from.arn, String(tagged), permissions, trust],
    () =>
      requests.hopRequest(
        { ...target, trust, resourceTags: resourceTagsOf(pods.staged, target) },
        {
          ...sessionOf(pods, from),
          ...originOf(pods, mode),
          identity: [
            ...(permissions === undefined ? [] : [{ name: inlinePolicyName(from.name), document: permissions }]),
            ...from.inlinePolicies.map(({ name, document }) => ({
              name: `inline policy ${name} of ${from.name}`,
              document,
            })),
          ],
          ...(tagged ? { carries: requests.sessionTagsOf(pods.pod) } : {}),
          ...(chained && !tagged ? { externalId: externalIdOf(pods.pod) } : {}),
        },
      ),
  );
  return instead === undefined || result.isOpen
    ? result
    : { ...result, note: `by its association EKS gives role ${instead.name} instead of the source role` };
}

/** The target role that EKS gives to pods instead of the source role. */
function roleInstead({ stages }: StagedWorkload, association: Association | undefined): TargetRole | undefined {
  return stages.flatMap(({ targetRoles }) => targetRoles).find(({ arn }) => arn === association?.targetRoleArn);
}

/**
 * How the pods of a mode got their session: conditions on `aws:MultiFactorAuthPresent` and `aws:FederatedProvider` tell the modes apart.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function originOf(
  { staged, cluster, pod }: PodsOnCluster,
  mode: CredentialMode,
): Pick<requests.RoleSession, 'madeBy' | 'provider'> {
  if (mode === 'pod-identity') return { madeBy: 'AssumeRole' };
  const issuer = cluster.oidc?.issuer;
  const provider =
    issuer === undefined ? {} : { provider: tokenOf(staged.environment.partition, pod, issuer).provider };
  return { madeBy: 'AssumeRoleWithWebIdentity', ...provider };
}

/** All tags of one of the workload's roles: its own, and those of the environment. */
export function resourceTagsOf({ environment }: StagedWorkload, { tags }: Role): Readonly<Record<string, string>> {
  return { ...environment.tags, ...tags };
}

/** A session of one of the workload's roles; the environment's tags are on each of them. */
export function sessionOf({ staged }: PodsOnCluster, role: Role): Pick<requests.RoleSession, 'from' | 'roleTags'> {
  return { from: role.arn, roleTags: resourceTagsOf(staged, role) };
}

/** The name of a role's inline policy in explanations. */
export function inlinePolicyName(roleName: string): string {
  return `inline policy ${INLINE_POLICY} of ${roleName}`;
}
