import type { Role, SourceRole } from '../../src/blueprint/Blueprint';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';

export const documentOf = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
export const allow = (Action: string, Resource = '*'): Statement => ({ Effect: 'Allow', Action, Resource });

export const ROLE_ARN = 'arn:aws:iam::333333333333:role/prod-orders-api';
export const TRUST = documentOf({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
});

/** A role that podlift compiled, with nothing that it does not need. */
export function roleOf(parts: Partial<Role> = {}): Role {
  return {
    workload: 'orders-api',
    stage: 'pod-identity',
    name: 'prod-orders-api',
    path: '/',
    arn: ROLE_ARN,
    trust: TRUST,
    inlinePolicies: [],
    managedPolicies: [],
    tags: {},
    ...parts,
  };
}

/** An adopted role. */
export function sourceRoleOf(parts: Partial<SourceRole> = {}): SourceRole {
  return { ...roleOf(), adopt: true, imports: { managedPolicies: [], inlinePolicies: [] }, ...parts };
}
