import { parseArn } from '../../iam/Arn';
import type { Call, Permission } from '../api/Action';
import type { Input } from '../api/Input';
import { clusterArn } from './findCluster';

/** Lengths of a role's ARN. */
export const ROLE = { min: 20, max: 2048 };

/**
 * Whoever hands EKS a role must be allowed to pass it to the service that takes it. Nothing for no role.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export function passRole(
  roleArn: string | undefined,
  input: Input,
  call: Call,
  service = 'pods.eks.amazonaws.com',
): readonly Permission[] {
  // A role of another account is refused as such, before anyone asks who may pass it.
  if (roleArn === undefined || parseArn(roleArn)?.account !== call.account) return [];
  const context = { 'iam:PassedToService': service, 'iam:AssociatedResourceArn': clusterArn(input, call) };
  return [{ action: 'iam:PassRole', resource: roleArn, context }];
}
