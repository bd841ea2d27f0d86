import type { PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { Permissions, PermissionStatement } from '../inventory/Inventory';
import { oneOrMany } from './oneOrMany';

/** The name of podlift's inline policy on a role. */
export const INLINE_POLICY = 'podlift';

/**
 * The inline policy of a role: the statements of the inventory, and the permission to assume the workload's target roles. Undefined if both
 * are empty. It has `sts:TagSession` at every stage: AWS sends the session tags of EKS again at each hop, and denies the hop without it.
 */
export function permissionPolicy(
  permissions: Permissions,
  targetRoleArns: readonly string[],
): PolicyDocument | undefined {
  const statements = permissions.statements.map(statementOf);
  if (targetRoleArns.length > 0) {
    statements.push({
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Resource: oneOrMany(targetRoleArns),
    });
  }
  return statements.length > 0 ? { Version: '2012-10-17', Statement: statements } : undefined;
}

function statementOf(statement: PermissionStatement): Statement {
  return {
    ...(statement.sid === undefined ? {} : { Sid: statement.sid }),
    Effect: statement.effect ?? 'Allow',
    Action: oneOrMany(statement.actions),
    Resource: oneOrMany(statement.resources),
    ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
  };
}
