import type { Blueprint, Role } from '../../blueprint/Blueprint';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { SeedPolicy } from '../../sandbox/Seed';

/** What an attached policy grants whose document nobody knows: nothing that a role would need. */
const OF_NO_USE: Statement = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };

const EVERYTHING: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

/**
 * The customer-managed policies that roles of the blueprints name. Their documents are not in the inventory: one that is attached
 * grants nothing of use, so that it cannot stand in for a permission that is missing, and a boundary lets everything through.
 * One that is both lets through what the roles that it bounds are granted by their own statements, and no more.
 */
export function customerPolicies(blueprints: readonly Blueprint[]): SeedPolicy[] {
  const roles = blueprints.flatMap((blueprint): Role[] => [...blueprint.roles, ...blueprint.targetRoles]);
  const attached = new Set(roles.flatMap(({ managedPolicies }) => managedPolicies));
  const bounded = new Map<string, Role[]>();
  for (const role of roles) {
    const { permissionsBoundary: boundary } = role;
    if (boundary !== undefined) bounded.set(boundary, [...(bounded.get(boundary) ?? []), role]);
  }
  const statementsOf = (arn: string): readonly Statement[] => {
    const below = bounded.get(arn);
    if (below === undefined) return [OF_NO_USE];
    return attached.has(arn) ? [OF_NO_USE, ...below.flatMap(allowedBy)] : [EVERYTHING];
  };
  return [...new Set([...attached, ...bounded.keys()])].filter(isCustomerManaged).map((arn) => ({
    arn,
    document: { Version: '2012-10-17', Statement: [...statementsOf(arn)] },
  }));
}

function allowedBy({ inline }: Role): Statement[] {
  return statementsIn(inline).filter(({ Effect }) => Effect === 'Allow');
}

function statementsIn(document: PolicyDocument | undefined): readonly Statement[] {
  const statements = document?.Statement ?? [];
  return Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];
}

function isCustomerManaged(arn: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:policy\/./.test(arn);
}
