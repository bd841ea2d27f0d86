import type { NamedPolicy } from '../../src/iam/Decision';
import type { PrincipalElement, Statement } from '../../src/iam/PolicyDocument';
import type { Caller } from '../../src/iam/Request';

export const HOME = '111122223333';
export const AWAY = '444455556666';
export const TABLE = `arn:aws:dynamodb:us-west-2:${HOME}:table/orders`;
export const ROLE = `arn:aws:iam::${HOME}:role/ledger`;
export const KEY = `arn:aws:kms:us-west-2:${HOME}:key/1234`;

export const roleArn = `arn:aws:iam::${HOME}:role/orders`;
export const SESSION: Caller = { kind: 'session', roleArn, sessionName: 'pod' };
export const SESSION_ARN = `arn:aws:sts::${HOME}:assumed-role/orders/pod`;
export const STRANGER: Caller = { kind: 'session', roleArn: `arn:aws:iam::${AWAY}:role/orders`, sessionName: 'pod' };
export const USER = { kind: 'user', arn: `arn:aws:iam::${HOME}:user/ana` } as const satisfies Caller;
export const ROOT: Caller = { kind: 'account', arn: `arn:aws:iam::${HOME}:root` };
export const SERVICE: Caller = { kind: 'service', service: 'ec2.amazonaws.com' };
export const ANYONE: Caller = { kind: 'anonymous' };

export function policy(name: string, ...statements: readonly Partial<Statement>[]): NamedPolicy {
  const Statement = statements.map((statement): Statement => ({ Effect: 'Allow', Action: '*', ...statement }));
  return { name, document: { Version: '2012-10-17', Statement } };
}

export const allowing = policy('allowing', { Resource: '*' });
export const silent = policy('silent', { Action: 'ec2:*', Resource: '*' });
export const denying = policy('denying', { Resource: '*' }, { Effect: 'Deny', Resource: '*' });

export function own(Principal: PrincipalElement): NamedPolicy {
  return policy('own', { Principal });
}
