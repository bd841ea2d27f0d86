import type { PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { Cluster, Environment, Target, Workload } from '../inventory/Inventory';
import { accountRootArn } from './arns';
import { externalIdOf, podOf } from './pods';
import { oneOrMany } from './oneOrMany';
import { sessionTagConditions } from './sessionTags';
import { trustStatement } from './sourceTrust';
import { STAGE_TABLE } from './stageTable';
import { type SubjectBox, subjectBoxes } from './subjectBoxes';

/**
 * The trust policy of a target role. Only the workload's source role can assume it, in the modes of the stage.
 *
 * The principal is the source account with a condition on `aws:PrincipalArn`. This trust can be written before the source role exists, and
 * it stays valid when the role is recreated. The tagged hop requires `aws:PrincipalTag`, not `aws:RequestTag`: the session tags of EKS are
 * transitive and cannot be changed, but a caller without them could put any tag into its request.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-assign-target-role.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
export function targetTrust(
  environment: Environment,
  workload: Workload,
  target: Target,
  clusters: readonly Cluster[],
  sourceRoleArn: string,
): PolicyDocument {
  const row = STAGE_TABLE[workload.stage];
  // Statements that an adopted or external role keeps, after podlift's own.
  const kept = (target.role.keepTrust ?? []).map(trustStatement);
  const hop = {
    Effect: 'Allow',
    Principal: { AWS: accountRootArn(environment.partition, environment.account.id) },
  } as const;
  const fromSource = { ArnEquals: { 'aws:PrincipalArn': sourceRoleArn } };

  const untagged: Statement = { Sid: 'UntaggedHop', ...hop, Action: 'sts:AssumeRole', Condition: fromSource };
  const tagged = (box: SubjectBox, index: number): Statement => ({
    Sid: index === 0 ? 'TaggedHop' : `TaggedHop${index + 1}`,
    ...hop,
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: { ...fromSource, ...sessionTagConditions('aws:PrincipalTag', box) },
  });
  if (workload.sessionTags)
    return document([
      row.servesUntaggedHop && untagged,
      ...(row.servesTaggedHop ? subjectBoxes(workload, clusters).map(tagged) : []),
      ...kept,
    ]);

  // Without session tags both modes of `via: workload` are equal. Only the hop of EKS has an external id.
  if (target.via === 'workload') return document([untagged, ...kept]);
  const boxes = subjectBoxes(workload, clusters);
  const byExternalId = [false, true].flatMap((isPattern): Statement[] => {
    const ids = boxes.filter((box) => box.isPattern === isPattern).flatMap((box) => externalIds(environment, box));
    if (ids.length === 0) return [];
    const condition = { [isPattern ? 'StringLike' : 'StringEquals']: { 'sts:ExternalId': oneOrMany(ids) } };
    return [
      {
        Sid: isPattern ? 'ExternalIdHopByPattern' : 'ExternalIdHop',
        ...hop,
        Action: 'sts:AssumeRole',
        Condition: { ...fromSource, ...condition },
      },
    ];
  });
  // `sts:TagSession` has no external id, so that condition would always deny it.
  const tagSession: Statement = { Sid: 'TagSession', ...hop, Action: 'sts:TagSession', Condition: fromSource };
  return document([
    row.servesUntaggedHop && untagged,
    ...(row.servesTaggedHop ? byExternalId : []),
    row.servesTaggedHop && tagSession,
    ...kept,
  ]);
}

function externalIds(
  environment: Environment,
  { clusters, namespaces, serviceAccounts }: SubjectBox,
): readonly string[] {
  return clusters.flatMap((cluster) =>
    namespaces.flatMap((namespace) =>
      serviceAccounts.map((name) => externalIdOf(podOf(environment, { namespace, name }, cluster))),
    ),
  );
}

function document(statements: readonly (Statement | false)[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements.filter((statement) => statement !== false) };
}
