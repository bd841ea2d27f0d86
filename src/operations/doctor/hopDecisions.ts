import { externalIdOf } from '../../blueprint/pods';
import { type DeniedHop, deniedHop, hopRequest, sessionTagsOf } from '../../iam/credentialRequests';
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

/**
 * Puts a hop to each of its ends alone, so that both are named where both refuse: `sts:AssumeRole`, and `sts:TagSession` where the
 * session carries tags, which go along whether the app wants it or not.
 */
export function refusedHop(patient: Patient, facts: Facts, { from, permissions, to, mode, chained }: Way): DeniedHop {
  const tagged = mode === 'pod-identity' && sendsTags(patient, facts);
  const pod = podIdentityOf(patient);
  return deniedHop(
    hopRequest(
      { name: to.name, arn: to.arn, trust: to.trust },
      {
        from: from.arn,
        identity: permissions.identity,
        ...(permissions.boundary === undefined ? {} : { boundary: permissions.boundary }),
        roleTags: from.tags,
        ...(tagged ? { carries: sessionTagsOf(pod) } : {}),
        ...(chained && mode === 'pod-identity' && !tagged ? { externalId: externalIdOf(pod) } : {}),
      },
    ),
  );
}
