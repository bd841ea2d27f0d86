import { POD_IDENTITY_SERVICE } from '../../blueprint/sourceTrust';
import { type Pod, podIdentityRequest, type RequestedRole } from '../../iam/credentialRequests';
import type { AssumeRoleAttempt } from '../../iam/decideAssumeRole';
import type { NamedPolicy } from '../../iam/Decision';

/** Attackers are taken to have every permission in their own account: only the role's trust policy keeps them out. */
export const ALLOW_ALL: NamedPolicy = {
  name: 'identity policy of the attacker',
  document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
};

/** Services that assume roles too, and lookalikes of the right one. */
export const OTHER_SERVICES = [
  'ec2.amazonaws.com',
  'lambda.amazonaws.com',
  'eks.amazonaws.com',
  'pods.eks.amazonaws.com.cn',
  'xpods.eks.amazonaws.com',
];

/** A service (default: EKS Pod Identity) requests a role for a pod. Without tags STS evaluates `sts:AssumeRole` alone. */
export function serviceAttack(
  role: RequestedRole,
  pod: Pod,
  tagged: boolean,
  service: string = POD_IDENTITY_SERVICE,
): AssumeRoleAttempt {
  return { ...podIdentityRequest(role, pod, { service, tagged }), requiresTagSession: tagged };
}
