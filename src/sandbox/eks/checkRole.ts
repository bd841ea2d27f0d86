import { matchAction } from '../../iam/matchStatement';
import type { Statement } from '../../iam/PolicyDocument';
import type { Call } from '../api/Action';
import { trustPolicy } from '../iam/trustedRoles';
import { parseArn } from '../../iam/Arn';
import { seenRole } from '../world/seenState';
import { listOf } from '../world/listOf';
import type { ClusterState } from '../world/World';
import { invalidParameter } from './faults';

const POD_IDENTITY = 'pods.eks.amazonaws.com';

function trustsPodIdentity(statement: Statement): boolean {
  const { Principal } = statement;
  return (
    statement.Effect === 'Allow' && typeof Principal === 'object' && listOf(Principal.Service).includes(POD_IDENTITY)
  );
}

/**
 * Checks the role of an association as EKS does: it exists, in the cluster's account, and its trust policy names
 * `pods.eks.amazonaws.com` with `sts:AssumeRole` and `sts:TagSession`; conditions are not looked at until a pod asks.
 * Throws `InvalidParameterException`.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html; the messages as hashicorp/terraform-provider-aws
 * waits for them (internal/service/eks/pod_identity_association.go) and #41483 reports them.
 */
export function checkRole(roleArn: string, cluster: ClusterState, call: Call): void {
  const parts = parseArn(roleArn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role/')) {
    throw invalidParameter(`Role ARN provided in the request is not valid: ${roleArn}`);
  }
  if (parts.account !== cluster.account) throw invalidParameter('Cross-account pass role is not allowed.');
  const role = seenRole(call.state, roleArn);
  if (role === undefined) throw invalidParameter('Role provided in the request does not exist.');
  const statements = listOf(trustPolicy(call.state.world, role).document.Statement).filter(trustsPodIdentity);
  const trusted = ['sts:assumerole', 'sts:tagsession'].every((action) =>
    statements.some((statement) => matchAction(statement, action)),
  );
  if (!trusted) throw invalidParameter('Trust policy of the role provided in the request is invalid');
}
