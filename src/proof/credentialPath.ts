import type { Association, Role, SourceRole, TargetRole } from '../blueprint/Blueprint';
import { INLINE_POLICY } from '../blueprint/permissionPolicy';
import { externalIdOf, podOf, tokenOf } from '../blueprint/pods';
import { POD_IDENTITY_SERVICE } from '../blueprint/sourceTrust';
import {
  hopRequest,
  type Pod,
  podIdentityRequest,
  type RoleSession,
  sessionTagsOf,
  webIdentityRequest,
} from '../iam/credentialRequests';
import type { NamedPolicy } from '../iam/Decision';
import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Cluster } from '../inventory/Inventory';
import type { Judge } from './Judge';
import type { Mode } from './Proof';
import type { Situation } from './Situation';
import type { Subject } from './Subject';
import type { Verdict } from './Verdict';

/** A workload's pods on one of its clusters, and the judge of what they ask. */
export interface Case {
  readonly subject: Subject;
  readonly cluster: Cluster;
  readonly judge: Judge;
}

/** The workload's own pods on the cluster. */
export function ownPod({ subject: { environment, workload }, cluster }: Case): Pod {
  return podOf(environment, workload, cluster);
}

/** Does IAM give the source role to the workload's own pods in a mode? Whether EKS would ask for it is another question. */
export function trustedAtSource(of: Case, mode: Mode, trust: PolicyDocument, tagged: boolean): Verdict {
  const { subject, cluster, judge } = of;
  const role = { ...sourceOf(subject), trust };
  if (mode === 'pod-identity')
    return judge.verdict(['source', mode, cluster.key, String(tagged), trust], () =>
      podIdentityRequest(role, ownPod(of), { service: POD_IDENTITY_SERVICE, tagged }),
    );
  const { oidc } = cluster;
  if (oidc === undefined) return { holds: false, refusal: `cluster ${cluster.key} has no OIDC issuer` };
  return judge.verdict(['source', mode, cluster.key, trust], () =>
    webIdentityRequest(role, tokenOf(subject.environment.partition, ownPod(of), oidc.issuer)),
  );
}

/** Does a pod that is in a mode get the source role? EKS hands out the role of the association, and no other. */
export function sourceLeg(of: Case, mode: Mode, { association, 'source trust': trust }: Situation): Verdict {
  if (mode === 'irsa') return trustedAtSource(of, mode, trust, false);
  const { workload } = of.subject;
  const role = sourceOf(of.subject);
  if (association === undefined) return { holds: false, refusal: 'no association: EKS has no role to hand out' };
  if (association.roleArn !== role.arn)
    return { holds: false, refusal: `the association hands out ${association.roleArn} instead of ${role.arn}` };
  const whose = `${association.clusterName}, ${association.namespace}/${association.serviceAccount}`;
  const own = `${of.cluster.name}, ${workload.namespace}/${workload.serviceAccount.name}`;
  if (whose !== own) return { holds: false, refusal: `the association is for ${whose} instead of ${own}` };
  return trustedAtSource(of, mode, trust, !association.disableSessionTags);
}

/**
 * Does what a pod holds in a mode reach a target? On IRSA the app assumes it itself, untagged. On Pod Identity EKS assumes the
 * association's target role and hands out that role's credentials only: other targets are asked from there, no longer from the
 * source role. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html (targetRoleArn)
 */
export function targetLeg(of: Case, mode: Mode, target: TargetRole, situation: Situation): Verdict {
  const { association, 'inline policy': inline, 'target trust': trust = target.trust } = situation;
  const chained = mode === 'pod-identity' && target.via === 'association';
  if (chained && association !== undefined && association.targetRoleArn !== target.arn)
    return { holds: false, refusal: `the association does not name ${target.arn} as its target role` };
  const tagged = !(association?.disableSessionTags ?? !of.subject.workload.sessionTags);
  const handedOut = chained || mode === 'irsa' ? undefined : handedOutInstead(of.subject, association);
  const hop = {
    tagged,
    chained,
    from: handedOut ?? sourceOf(of.subject),
    inline: handedOut ? handedOut.inline : inline,
  };
  const verdict = of.judge.verdict(
    ['target', mode, of.cluster.key, target.arn, hop.from.arn, String(tagged), hop.inline, trust],
    () => hopRequest({ ...target, trust }, ownSession(of, mode, hop)),
  );
  if (handedOut === undefined || verdict.holds) return verdict;
  return {
    ...verdict,
    note: `EKS hands out role ${handedOut.name}, by the association, and no longer the source role`,
  };
}

/** The target role whose credentials EKS gives to pods instead of the source role's. */
function handedOutInstead({ stages }: Subject, association: Association | undefined): TargetRole | undefined {
  const arn = association?.targetRoleArn;
  return arn === undefined ? undefined : stages[0]?.targetRoles.find((role) => role.arn === arn);
}

interface HopParts {
  readonly tagged: boolean;
  readonly chained: boolean;
  readonly from: Role;
  readonly inline: PolicyDocument | undefined;
}

function ownSession(of: Case, mode: Mode, { tagged, chained, from, inline }: HopParts): RoleSession {
  const { environment } = of.subject;
  const identity: readonly NamedPolicy[] = [
    ...(inline === undefined ? [] : [{ name: inlinePolicyName(from.name), document: inline }]),
    ...from.inlinePolicies.map(({ name, document }) => ({ name: `inline policy ${name} of ${from.name}`, document })),
  ];
  return {
    from: from.arn,
    identity,
    roleTags: { ...environment.tags, ...from.tags },
    ...(mode === 'pod-identity' && tagged ? { carries: sessionTagsOf(ownPod(of)) } : {}),
    ...(chained && !tagged ? { externalId: externalIdOf(ownPod(of)) } : {}),
  };
}

/** What explanations call the inline policy of a role. */
export function inlinePolicyName(roleName: string): string {
  return `inline policy ${INLINE_POLICY} of ${roleName}`;
}

/** The source role; but for its documents it is the same at every stage. Throws when the subject was compiled at no stage. */
export function sourceOf({ stages, workload }: Pick<Subject, 'stages' | 'workload'>): SourceRole {
  const [first] = stages;
  if (first === undefined)
    throw new Error(`workload ${workload.key} was compiled at no stage; a subject has at least one`);
  return first.role;
}
