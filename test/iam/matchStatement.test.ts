import { matchAction } from '../../src/iam/matchStatement';
import { callerNames, matchPrincipal } from '../../src/iam/matchPrincipal';
import type { NamedAs } from '../../src/iam/matchPrincipal';
import { matchResource } from '../../src/iam/matchResource';
import type { PrincipalElement, Statement } from '../../src/iam/PolicyDocument';
import type { Caller } from '../../src/iam/Request';

const Effect = 'Allow';

describe('the action of a statement', () => {
  it.each<[Partial<Statement>, string, boolean]>([
    [{ Action: 's3:GetObject' }, 's3:getobject', true],
    [{ Action: 'S3:GETOBJECT' }, 's3:getobject', true],
    [{ Action: 's3:Get*' }, 's3:getobject', true],
    [{ Action: 's3:Get?bject' }, 's3:getobject', true],
    [{ Action: ['ec2:*', '*'] }, 's3:getobject', true],
    [{ Action: '*:*' }, 's3:getobject', true],
    [{ Action: 's3:Get' }, 's3:getobject', false],
    [{ Action: [] }, 's3:getobject', false],
    [{ NotAction: 's3:Put*' }, 's3:getobject', true],
    [{ NotAction: ['s3:Put*', 's3:GetObject'] }, 's3:getobject', false],
    [{}, 's3:getobject', false],
  ])('%j on %s: %s', (statement, action, expected) => {
    expect(matchAction({ Effect, ...statement }, action)).toBe(expected);
  });
});

describe('the resource of a statement', () => {
  const TABLE = 'arn:aws:dynamodb:us-west-2:111122223333:table/orders';
  const LOGS = 'arn:aws:logs:us-west-2:111122223333:log-group:a:log-stream:b';
  const context = new Map([
    ['aws:principaltag/team', ['orders']],
    ['aws:principalaccount', ['111122223333']],
    ['aws:username', ['*']],
  ]);

  it.each<[Partial<Statement>, string, boolean]>([
    [{ Resource: '*' }, TABLE, true],
    [{ Resource: '*' }, '*', true],
    [{ Resource: TABLE }, '*', false],
    [{ Resource: TABLE }, TABLE, true],
    [{ Resource: TABLE.toUpperCase() }, TABLE, false],
    [{ Resource: ['arn:aws:s3:::*', TABLE] }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:*:*:table/*' }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:us-*-2:111122223333:table/o?ders' }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:us*2:111122223333:table/orders' }, TABLE, true],
    [{ Resource: 'arn:aws:logs:*:*:log-group:*:b' }, LOGS, true],
    [{ Resource: 'arn:aws:logs:us-west-2:111122223333:log-group:*' }, LOGS, true],
    [{ Resource: 'arn:aws:s3:::b/*/x' }, 'arn:aws:s3:::b/a:c/d/x', true],
    // A wildcard within a segment stays there, one at its end reaches over colons.
    [{ Resource: 'arn:aws:dynamodb:us*3:table/orders' }, TABLE, false],
    [{ Resource: 'arn:aws:dynamodb:*:table/orders' }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:*:table/other' }, TABLE, false],
    [{ Resource: 'arn:aws:*:table/orders' }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:us-*:111122223333:table/*' }, TABLE, true],
    [{ Resource: 'arn:aws:logs:*:*:*:log-stream:b' }, LOGS, true],
    [{ Resource: 'arn:aws:logs:*:log-group:a:log-stream:b' }, LOGS, true],
    // What follows such a wildcard begins after it, and needs a segment of its own.
    [{ Resource: 'arn:aws:dynamodb*:dynamodb:us-west-2:111122223333:table/orders' }, TABLE, false],
    [{ Resource: 'arn:aws:s3*:dynamodb:us-west-2:111122223333:table/orders' }, TABLE, false],
    [{ Resource: 'arn:aws:dynamodb:us*:table/orders:*' }, TABLE, false],
    [{ Resource: 'arn:aws:dynamodb:us*:table/orders:a' }, TABLE, false],
    [{ Resource: 'arn:aws:dynamodb:*:table/orders:a:b:c' }, TABLE, false],
    // Incomplete ARNs are completed.
    [{ Resource: 'arn:aws:dynamodb' }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:us-west-2' }, TABLE, true],
    [{ Resource: 'arn:aws:dynamo' }, TABLE, false],
    [{ Resource: 'arn:aws:dynamodb:us-west-2:111122223333:' }, TABLE, false],
    // Variables.
    [{ Resource: 'arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/team}' }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:*:*:table/${aws:username}' }, TABLE, false],
    [{ Resource: 'arn:aws:dynamodb:*:*:table/${aws:none}' }, TABLE, false],
    [{ Resource: "arn:aws:dynamodb:*:*:table/${aws:none, 'orders'}" }, TABLE, true],
    [{ Resource: 'arn:aws:dynamodb:us-west-2:${aws:PrincipalAccount}:table/orders' }, TABLE, false],
    // NotResource.
    [{ NotResource: TABLE }, TABLE, false],
    [{ NotResource: ['arn:aws:s3:::*', 'arn:aws:dynamodb:*:*:table/*'] }, TABLE, false],
    [{ NotResource: 'arn:aws:s3:::*' }, TABLE, true],
    [{ NotResource: 'arn:aws:dynamodb:*:*:table/${aws:none}' }, TABLE, true],
    [{}, TABLE, false],
  ])('%j on %s: %s', (statement, resource, expected) => {
    const place = { attached: false, variables: true };
    expect(matchResource({ Effect, ...statement }, resource, context, place)).toBe(expected);
  });

  it('is the one that its policy is attached to where the statement names none', () => {
    expect(matchResource({ Effect }, TABLE, context, { attached: true, variables: true })).toBe(true);
  });

  it('is any where the pattern is a wildcard, in the policy of the resource itself too', () => {
    expect(matchResource({ Effect, Resource: '*' }, TABLE, context, { attached: true, variables: true })).toBe(true);
  });

  it('can be named by the policy of the resource itself', () => {
    const place = { attached: true, variables: true };
    expect(matchResource({ Effect, Resource: TABLE }, TABLE, context, place)).toBe(true);
    expect(matchResource({ Effect, Resource: LOGS }, TABLE, context, place)).toBe(false);
  });

  it('is not completed in the policy of the resource itself', () => {
    const statement: Statement = { Effect, Resource: 'arn:aws:dynamodb' };
    expect(matchResource(statement, TABLE, context, { attached: true, variables: true })).toBe(false);
  });

  it('is found in bounded work however many colons and wildcards there are', () => {
    const place = { attached: false, variables: true };
    const resource = `arn:aws:s3:::${':a'.repeat(2_000)}`;
    expect(matchResource({ Effect, Resource: 'arn*:*:*:*:*:b' }, resource, context, place)).toBe(false);
    expect(matchResource({ Effect, Resource: 'arn*:*:*:*:*:a' }, resource, context, place)).toBe(true);
  });
});

const SESSION: Caller = { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/path/orders', sessionName: 'pod' };
const USER: Caller = { kind: 'user', arn: 'arn:aws:iam::111122223333:user/ana' };
const SERVICE: Caller = { kind: 'service', service: 'pods.eks.amazonaws.com' };
const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/example.com';
const FEDERATED: Caller = { kind: 'federated', provider: PROVIDER };
const CHINA: Caller = { kind: 'role', roleArn: 'arn:aws-cn:iam::111122223333:role/orders' };

describe('the principal of a statement', () => {
  it.each<[PrincipalElement, Caller, NamedAs | undefined]>([
    ['*', SESSION, 'direct'],
    ['*', { kind: 'anonymous' }, 'direct'],
    ['*', SERVICE, 'direct'],
    [{ AWS: '*' }, FEDERATED, 'direct'],
    [{ AWS: ['111122223333', '*'] }, USER, 'direct'],
    [{ AWS: '111122223333' }, SESSION, 'account'],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, SESSION, 'account'],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, USER, 'account'],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, { kind: 'account', arn: 'arn:aws:iam::111122223333:root' }, 'account'],
    [{ AWS: 'arn:aws-cn:iam::111122223333:root' }, CHINA, 'account'],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, CHINA, undefined],
    [{ AWS: 'arn:aws:iam::444455556666:root' }, SESSION, undefined],
    [{ AWS: 'arn:aws:iam::111122223333:role/path/orders' }, SESSION, 'role'],
    [{ AWS: 'arn:aws:iam::111122223333:role/orders' }, SESSION, undefined],
    [{ AWS: 'arn:aws:iam::111122223333:role/path/*' }, SESSION, undefined],
    [{ AWS: 'arn:aws:sts::111122223333:assumed-role/orders/pod' }, SESSION, 'direct'],
    [{ AWS: 'arn:aws:sts::111122223333:assumed-role/orders/*' }, SESSION, undefined],
    [{ AWS: ['111122223333', 'arn:aws:sts::111122223333:assumed-role/orders/pod'] }, SESSION, 'direct'],
    [{ AWS: 'arn:aws:iam::111122223333:user/ana' }, USER, 'direct'],
    [{ AWS: 'arn:aws:iam::111122223333:user/Ana' }, USER, undefined],
    [{ Service: 'pods.eks.amazonaws.com' }, SERVICE, 'direct'],
    [{ Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] }, SERVICE, 'direct'],
    [{ Service: 'eks.amazonaws.com' }, SERVICE, undefined],
    [{ AWS: 'pods.eks.amazonaws.com' }, SERVICE, undefined],
    [{ Federated: PROVIDER }, FEDERATED, 'direct'],
    [{ Federated: `${PROVIDER}/id` }, FEDERATED, undefined],
    [{ AWS: '111122223333' }, FEDERATED, undefined],
    [{ AWS: '111122223333' }, { kind: 'anonymous' }, undefined],
    [{}, SESSION, undefined],
  ])('%j names %j as %s', (Principal, caller, expected) => {
    expect(matchPrincipal({ Effect, Principal }, callerNames(caller))).toBe(expected);
  });

  it('must be there', () => {
    expect(matchPrincipal({ Effect }, callerNames(SESSION))).toBeUndefined();
  });

  it.each<[Statement['Effect'], PrincipalElement, Caller, boolean]>([
    ['Deny', { AWS: 'arn:aws:iam::444455556666:root' }, USER, true],
    ['Deny', { AWS: 'arn:aws:iam::111122223333:user/ana' }, USER, true],
    ['Deny', { AWS: ['arn:aws:iam::111122223333:user/ana', '111122223333'] }, USER, false],
    ['Deny', { Service: 'pods.eks.amazonaws.com' }, SERVICE, false],
    ['Deny', { Service: 'pods.eks.amazonaws.com' }, { kind: 'anonymous' }, true],
    ['Deny', '*', USER, false],
    ['Allow', { AWS: '111122223333' }, USER, false],
    ['Allow', { AWS: '444455556666' }, USER, true],
  ])('%s with NotPrincipal %j reaches %j: %s', (effect, NotPrincipal, caller, expected) => {
    expect(matchPrincipal({ Effect: effect, NotPrincipal }, callerNames(caller)) !== undefined).toBe(expected);
  });
});
