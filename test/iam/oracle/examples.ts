import type { NamedPolicy, Policies } from '../../../src/iam/Decision';
import type { ConditionBlock, PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import type { Caller, Context } from '../../../src/iam/Request';
import type { Case } from './Case';

const HOME = '111122223333';
const ROLE = `arn:aws:iam::${HOME}:role/ledger`;
const TABLE = `arn:aws:dynamodb:us-west-2:${HOME}:table/orders`;
const USER: Caller = { kind: 'user', arn: `arn:aws:iam::${HOME}:user/ana` };

function caseOf(caller: Caller, action: string, resource: string, policies: Policies, context: Context = {}): Case {
  return { request: { caller, action, resource, resourceAccount: HOME, context }, policies };
}

function policyOf(...Statement: readonly Statement[]): NamedPolicy {
  return { name: 'policy', document: { Version: '2012-10-17', Statement } };
}

/** A user's read of a table, allowed on one condition. */
function onCondition(
  Condition: ConditionBlock,
  context: Context,
  Version: PolicyDocument['Version'] = '2012-10-17',
): Case {
  const Statement: Statement = { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*', Condition };
  return caseOf(
    USER,
    'dynamodb:GetItem',
    TABLE,
    { identity: [{ name: 'policy', document: { Version, Statement: [Statement] } }] },
    context,
  );
}

/** A user's read of a table, allowed on what the statement says of resources. */
function onResource(resources: Pick<Statement, 'Resource' | 'NotResource'>): Case {
  const statement: Statement = { Effect: 'Allow', Action: 'dynamodb:GetItem', ...resources };
  return caseOf(USER, 'dynamodb:GetItem', TABLE, { identity: [policyOf(statement)] });
}

const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/example.com`;
const SESSION: Caller = { kind: 'session', roleArn: `arn:aws:iam::${HOME}:role/orders`, sessionName: 'pod' };

/** One case for each known difference, by its name, and what is decided here; the oracle says the opposite. */
export const EXAMPLES: readonly { readonly name: string; readonly allowed: boolean; readonly example: Case }[] = [
  {
    name: 'negated operator, value of the wrong form',
    allowed: true,
    example: onCondition({ ArnNotLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } }, { 'aws:SourceArn': 'no-arn' }),
  },
  {
    name: 'root user',
    allowed: true,
    example: caseOf({ kind: 'account', arn: `arn:aws:iam::${HOME}:root` }, 'dynamodb:GetItem', TABLE, {}),
  },
  {
    name: 'role or key without a policy of its own',
    allowed: false,
    example: caseOf(USER, 'sts:AssumeRole', ROLE, {
      identity: [policyOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' })],
    }),
  },
  {
    name: 'policy variables before 2012-10-17',
    allowed: false,
    example: onCondition({ StringEquals: { 'aws:a': '${aws:b}' } }, { 'aws:a': 'x', 'aws:b': 'x' }, '2008-10-17'),
  },
  {
    name: 'negated operator, variable without a value',
    allowed: true,
    example: onCondition({ StringNotEquals: { 'aws:a': '${aws:b}' } }, { 'aws:a': 'x' }),
  },
  {
    name: 'special characters as variables in StringEquals',
    allowed: true,
    example: onCondition({ StringEquals: { 'aws:a': '${*}' } }, { 'aws:a': '*' }),
  },
  {
    name: 'variable in the head of an ARN under Arn operators',
    allowed: true,
    example: onCondition(
      { ArnLike: { 'aws:SourceArn': 'arn:aws:eks:us-west-2:${aws:SourceAccount}:cluster/*' } },
      { 'aws:SourceArn': `arn:aws:eks:us-west-2:${HOME}:cluster/main`, 'aws:SourceAccount': HOME },
    ),
  },
  {
    name: 'forms of time',
    allowed: true,
    example: onCondition({ DateLessThan: { 'aws:a': '2027' } }, { 'aws:a': '2026-11-21T10:00:00Z' }),
  },
  {
    name: 'several values without a set operator',
    allowed: true,
    example: onCondition({ StringEquals: { 'aws:TagKeys': 'a' } }, { 'aws:TagKeys': ['a', 'b'] }),
  },
  {
    name: 'empty values under a set operator',
    allowed: true,
    example: onCondition({ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }, { 'aws:TagKeys': [''] }),
  },
  {
    name: 'empty list under Null',
    allowed: true,
    example: onCondition({ Null: { 'aws:TagKeys': 'true' } }, { 'aws:TagKeys': [] }),
  },
  {
    name: 'wildcard at the end of an ARN segment',
    allowed: true,
    example: onResource({ Resource: 'arn:aws:dynamodb:*:table/orders' }),
  },
  {
    name: 'wildcard in the type of a resource',
    allowed: true,
    example: onResource({ Resource: `arn:aws:dynamodb:us-west-2:${HOME}:t?ble/orders` }),
  },
  {
    name: 'NotResource, variable without a value',
    allowed: true,
    example: onResource({ NotResource: `arn:aws:dynamodb:us-west-2:${HOME}:table/\${aws:PrincipalTag/nowhere}` }),
  },
  {
    name: 'IPv4 range of prefix 0',
    allowed: true,
    example: onCondition({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, { 'aws:SourceIp': '192.0.2.7' }),
  },
  {
    name: 'IPv6 caller against a single IPv4 address',
    allowed: true,
    example: onCondition({ NotIpAddress: { 'aws:SourceIp': '10.1.2.4' } }, { 'aws:SourceIp': '2001:db8::7' }),
  },
  {
    name: 'numbers with an exponent',
    allowed: false,
    example: onCondition({ NumericGreaterThan: { 'aws:a': '1e3' } }, { 'aws:a': '10' }),
  },
  {
    name: 'federated caller against a Deny for an account',
    allowed: true,
    example: caseOf({ kind: 'federated', provider: PROVIDER }, 'sts:AssumeRoleWithWebIdentity', ROLE, {
      resource: policyOf(
        { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithWebIdentity' },
        { Effect: 'Deny', Principal: { AWS: HOME }, Action: 'sts:*' },
      ),
    }),
  },
  {
    name: 'NotPrincipal that leaves out the account or the role',
    allowed: false,
    example: caseOf(SESSION, 'dynamodb:GetItem', TABLE, {
      identity: [policyOf({ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' })],
      resource: policyOf({ Effect: 'Deny', NotPrincipal: { AWS: HOME }, Action: '*', Resource: '*' }),
    }),
  },
];
