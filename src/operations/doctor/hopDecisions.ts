import { externalId } from '../../blueprint/externalId';
import { type AssumeRoleDecision, decideAssumeRole } from '../../iam/decideAssumeRole';
import type { Decision, NamedPolicy } from '../../iam/Decision';
import { byHop, sessionTagsOf } from '../../proof/attempts';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Facts, LivePermissions } from './Facts';
import type { Mode, Patient } from './Patient';
import { podIdentityOf, sendsTags } from './sourceDecisions';

/** A hop from one role to another. */
export interface Way {
  readonly from: RoleFacts;
  readonly permissions: LivePermissions;
  readonly to: RoleFacts;
  readonly mode: Mode;
  /** EKS makes the hop, for the association's target role. */
  readonly chained: boolean;
}

/** What each end says of a hop: an action a decision, those that refuse. */
export interface Refused {
  /** The permissions of the role that asks. */
  readonly source: readonly Decision[];
  /** The trust policy of the role that is asked for. */
  readonly target: readonly Decision[];
}

/** Policies that leave the decision to the other end. */
const ANYTHING: NamedPolicy = {
  name: 'taken as given',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/**
 * Puts a hop to each of its ends alone, so that both are named where both refuse: `sts:AssumeRole`, and `sts:TagSession` where the
 * session carries tags, which go along whether the app wants it or not.
 */
export function refusedHop(patient: Patient, facts: Facts, { from, permissions, to, mode, chained }: Way): Refused {
  const tagged = mode === 'pod-identity' && sendsTags(patient, facts);
  const attempt = byHop(
    { name: to.name, arn: to.arn, trust: to.trust },
    {
      from: from.arn,
      identity: permissions.identity,
      roleTags: from.tags,
      ...(tagged ? { carries: sessionTagsOf(podIdentityOf(patient)) } : {}),
      ...(chained && mode === 'pod-identity' && !tagged
        ? { externalId: externalId(patient.environment, patient.cluster, patient.workload) }
        : {}),
    },
  );
  const { boundary } = permissions;
  const callerPolicies = { identity: permissions.identity, ...(boundary === undefined ? {} : { boundary }) };
  // A trust policy of the same account that names the role itself needs no permission: the whole decides, and its ends only explain.
  const whole = refusedActions(decideAssumeRole({ ...attempt, callerPolicies }));
  const source = refusedActions(decideAssumeRole({ ...attempt, callerPolicies, trust: trusting(from.arn) }));
  const target = refusedActions(decideAssumeRole({ ...attempt, callerPolicies: { identity: [ANYTHING] } }));
  const inWhole = ({ action }: Decision) => whole.some((one) => one.action === action);
  return { source: source.filter(inWhole), target: target.filter(inWhole) };
}

function refusedActions({ assume, tagSession }: AssumeRoleDecision): Decision[] {
  return [assume, ...(tagSession === undefined ? [] : [tagSession])].filter(({ allowed }) => !allowed);
}

/** A trust policy that leaves the decision to the permissions of a role. */
function trusting(roleArn: string): NamedPolicy {
  return {
    name: ANYTHING.name,
    document: { Statement: { Effect: 'Allow', Principal: { AWS: accountRoot(roleArn) }, Action: '*' } },
  };
}

/** The principal that stands for the whole account of a role: naming it leaves the decision to the role's own policies. */
export function accountRoot(roleArn: string): string {
  const [, partition = 'aws', , , account = ''] = roleArn.split(':');
  return `arn:${partition}:iam::${account}:root`;
}
