import type { PolicyDocument, Statement } from '../iam/PolicyDocument';
import type { Permissions, PermissionStatement } from '../inventory/Inventory';
import { oneOrMany } from './oneOrMany';

/** The name of the one inline policy that podlift writes on a role. */
export const INLINE_POLICY = 'podlift';

/**
 * The inline policy of a role: the inventory's statements, and the right to assume the workload's target roles.
 * Takes the permissions as the inventory has them and the ARNs of the target roles; gives nothing where both are empty.
 * `sts:TagSession` stands there at every stage: at the tagged hop the session tags of EKS are sent again, and without it
 * the hop is denied.
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
