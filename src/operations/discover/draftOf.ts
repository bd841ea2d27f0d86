import { STAGE_TABLE } from '../../blueprint/stageTable';
import { IRSA_AUDIENCE } from '../../blueprint/sourceTrust';
import type { Stage } from '../../inventory/Inventory';
import { named } from '../checks/named';
import type { RoleFacts, RolePolicyFacts } from '../../estate/aws/AwsPort';
import type { SurveyedRole } from './ClusterSurvey';
import { foundStage, type Refusal } from './foundStage';
import { type FoundCompute, computeOf } from './podsOf';
import type { Scene } from './Scene';
import { type SplitTrust, splitTrust } from './splitTrust';
import { nameOf, type Subject } from './Subject';
import { type CompileScene, type TrustEntry, trustEntry } from './trustEntry';
import { valueOfRole } from './valueOfRole';
import { withCredentials } from './withCredentials';

/** A service account that can be taken over, before it has a key and a wave. */
export interface Draft {
  readonly subject: Subject;
  readonly facts: RoleFacts;
  readonly policies: RolePolicyFacts;
  readonly stage: Stage;
  readonly trust: TrustEntry;
  readonly running: FoundCompute;
  readonly sessionTags: boolean;
  readonly notes: readonly string[];
}

/** What can be taken over of a service account: its stage and what the inventory says of its role's trust; or why it cannot. */
export function draftOf(subject: Subject, scene: Scene): Draft | Refusal {
  const role = valueOfRole(subject, scene);
  if (role?.policies.ok !== true || role.policies.value === undefined)
    return { reason: 'unanswered', message: 'its role is not known', hint: 'Run discover again.' };
  const sessionTags = subject.association?.disableSessionTags !== true;
  const where: CompileScene = {
    environment: scene.environment,
    cluster: scene.cluster,
    pods: { namespace: subject.namespace, serviceAccount: { name: subject.name, manage: 'none' }, sessionTags },
    roleArn: role.facts.arn,
  };
  const split = splitTrust(where, role.facts.trust);
  const found = foundStage(subject, split);
  const running = computeOf(subject, scene.nodes);
  const refusal =
    entangled(subject, scene, role, split) ??
    ('reason' in found ? found : (unfitPlace(scene, found.stage) ?? stuckAt(found.stage, running)));
  if (refusal !== undefined) return refusal;
  if ('reason' in found) return found;
  const trust = trustEntry(where, found.stage, role.facts.trust, split);
  if ('reason' in trust) return trust;
  return {
    subject,
    facts: role.facts,
    policies: role.policies.value,
    stage: found.stage,
    trust,
    running,
    sessionTags,
    notes: [...(found.note === undefined ? [] : [found.note]), ...notesOf(subject, role)],
  };
}

/** The role's trust lets somebody in together with the service account who cannot be told apart from it. */
function entangled(subject: Subject, scene: Scene, { facts }: SurveyedRole, split: SplitTrust): Refusal | undefined {
  if (split.anySubject)
    return {
      reason: 'wildcard-subject',
      message: `the trust policy of ${facts.name} lets in more service accounts than ${nameOf(subject)}, by a pattern or by naming none`,
      hint: `Write the subject out: "StringEquals": { "<issuer>:sub": "system:serviceaccount:${subject.namespace}:${subject.name}" }, after giving each of the others a role of its own. Then run discover again.`,
    };
  const others = split.otherSubjects.filter((one) => scene.serviceAccounts.has(one));
  if (others.length > 0)
    return {
      reason: 'shared-role',
      message: `the trust policy of ${facts.name} lets in ${named(others)} besides ${nameOf(subject)}`,
      hint: 'Give each of them a role of its own if it uses this one (AWS_ROLE_ARN in its pods), take it out of the trust policy, then run discover again.',
    };
  if (split.half.length > 0)
    return {
      reason: 'half-trust',
      message: `the trust policy of ${facts.name} allows pods.eks.amazonaws.com one of sts:AssumeRole and sts:TagSession, and EKS asks for both`,
      hint: 'Allow both in that statement, or take it out: podlift writes its own. Then run discover again.',
    };
  if (split.mixed.length === 0) return undefined;
  return {
    reason: 'trust-mixed',
    message: `one statement in the trust policy of ${facts.name} lets in ${nameOf(subject)} and others: neither can come or go alone`,
    hint: 'Write it as several statements, one for each principal, then run discover again.',
  };
}

/** The cluster lacks what a workload at the stage needs. */
function unfitPlace({ cluster, hasOidc, provider, environment }: Scene, stage: Stage): Refusal | undefined {
  const at = `environments.${environment.key}.clusters.${cluster.key}`;
  if (stage !== 'pod-identity' && !hasOidc)
    return {
      reason: 'cluster-entry',
      message: `cluster ${cluster.key} has no oidc in the inventory, and workloads at ${stage} trust its provider`,
      hint: `Write ${at}.oidc: { issuer: "${cluster.oidc?.issuer ?? ''}" }, then run discover again.`,
    };
  if (STAGE_TABLE[stage].newPodUses === 'irsa' && provider?.audiences.includes(IRSA_AUDIENCE) !== true)
    return {
      reason: 'no-oidc-provider',
      message: `IAM has no OIDC provider of cluster ${cluster.name} for ${IRSA_AUDIENCE}: IRSA works for nobody there`,
      hint: [
        ...withCredentials(environment.account, [
          `eksctl utils associate-iam-oidc-provider --cluster ${cluster.name} --region ${cluster.region} --approve`,
        ]),
        'Then run discover again.',
      ].join('\n'),
    };
  if (stage === 'irsa' || cluster.autoMode || cluster.agent !== undefined) return undefined;
  return {
    reason: 'cluster-entry',
    message: `cluster ${cluster.key} has no agent in the inventory, and workloads at ${stage} need it`,
    hint: `Write ${at}.agent with the version that runs there and adopt: true (or install it: without the agent Pod Identity works for nobody). Then run discover again.`,
  };
}

function stuckAt(stage: Stage, { compute, stuck }: FoundCompute): Refusal | undefined {
  if (stuck.length === 0 || stage === 'irsa') return undefined;
  return {
    reason: 'compute',
    message: `${named(stuck)} run on ${compute ?? 'Fargate'}, where there is no agent, and it is at ${stage}`,
    hint: 'Move its pods to Linux nodes, or bring it back to IRSA (no association, no trust in pods.eks.amazonaws.com). Then run discover again.',
  };
}

function notesOf({ exists, pods, namespace, name }: Subject, { facts }: SurveyedRole): readonly string[] {
  return [
    ...(exists ? [] : [`There is no service account ${namespace}/${name} yet: only its association.`]),
    ...(exists && pods.length === 0 ? ['No pod uses it now: what its pods run on is not known.'] : []),
    ...(facts.lastUsed === undefined ? ['Its role was not used in the last 400 days.'] : []),
  ];
}
