import { decide } from '../../src/iam/decide';
import type { Policies, Reason } from '../../src/iam/Decision';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type { Caller } from '../../src/iam/Request';
import {
  HOME,
  AWAY,
  TABLE,
  ROLE,
  roleArn,
  SESSION,
  SESSION_ARN,
  STRANGER,
  ROOT,
  policy,
  allowing,
  silent,
  denying,
  own,
} from './decideFixtures';

describe('assuming a role', () => {
  it.each<[string, Caller, Policies, Reason]>([
    ['identity alone', SESSION, { identity: [allowing] }, 'no resource policy allows it'],
    ['trust names the role', SESSION, { resource: own({ AWS: roleArn }) }, 'allowed'],
    ['trust names the session', SESSION, { resource: own({ AWS: SESSION_ARN }) }, 'allowed'],
    ['trust names the account', SESSION, { resource: own({ AWS: HOME }) }, 'no identity policy allows it'],
    [
      'trust names the account, identity allows',
      SESSION,
      { identity: [allowing], resource: own({ AWS: HOME }) },
      'allowed',
    ],
    [
      'trust names another account',
      SESSION,
      { identity: [allowing], resource: own({ AWS: AWAY }) },
      'no resource policy allows it',
    ],
    [
      'trust names the role, boundary is silent',
      SESSION,
      { boundary: silent, resource: own({ AWS: roleArn }) },
      'permissions boundary does not allow it',
    ],
    [
      'stranger, trust names the role',
      STRANGER,
      { resource: own({ AWS: `arn:aws:iam::${AWAY}:role/orders` }) },
      'no identity policy allows it',
    ],
    ['stranger, both allow', STRANGER, { identity: [allowing], resource: own({ AWS: AWAY }) }, 'allowed'],
    ['root user, trust names the account', ROOT, { resource: own({ AWS: HOME }) }, 'no identity policy allows it'],
  ])('%s, %#: decided', (_, caller, policies, reason) => {
    expect(decide({ caller, action: 'sts:AssumeRole', resource: ROLE }, policies).reason).toBe(reason);
  });
});

describe('the version of a document', () => {
  it.each<[PolicyDocument['Version'], boolean]>([
    ['2012-10-17', true],
    ['2008-10-17', false],
    [undefined, false],
  ])('%s has policy variables: %s', (Version, expected) => {
    const Statement: Statement = { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::${aws:PrincipalAccount}' };
    const document = Version === undefined ? { Statement } : { Version, Statement };
    const request = { caller: SESSION, action: 's3:ListBucket', resource: `arn:aws:s3:::${HOME}` };
    expect(decide(request, { identity: [{ name: 'home', document }] }).allowed).toBe(expected);
  });
});

describe('a decision', () => {
  const request = { caller: SESSION, action: 'dynamodb:GetItem', resource: TABLE };

  it('names the statement that allowed', () => {
    const statement: Statement = { Sid: 'Read', Effect: 'Allow', Action: 'dynamodb:Get*', Resource: TABLE };
    const identity = [silent, policy('inline policy', { Action: 'ec2:*', Resource: '*' }, statement)];
    expect(decide(request, { identity }).decidedBy).toStrictEqual({
      policy: 'inline policy',
      index: 1,
      sid: 'Read',
      statement,
    });
  });

  it('names the trust statement where identity and trust both had to allow', () => {
    const decision = decide(
      { ...request, action: 'sts:AssumeRole', resource: ROLE },
      { identity: [allowing], resource: own({ AWS: HOME }) },
    );
    expect(decision.decidedBy).toMatchObject({ policy: 'own', index: 0 });
  });

  it('names the statement that denied', () => {
    expect(decide(request, { identity: [allowing, denying] }).decidedBy).toMatchObject({ policy: 'denying', index: 1 });
  });

  it('says how each statement took the request, with the first part that did not fit', () => {
    const resource = policy(
      'own',
      { Principal: { AWS: AWAY } },
      { Principal: '*', Action: 's3:*' },
      { Principal: '*', Resource: 'arn:aws:s3:::*' },
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': AWAY } } },
      { Principal: '*' },
    );
    const { statements } = decide(request, { resource });
    expect(statements.map(({ mismatch }) => mismatch)).toEqual([
      'principal',
      'action',
      'resource',
      'condition',
      undefined,
    ]);
    expect(statements.map(({ applies }) => applies)).toEqual([false, false, false, false, true]);
    expect(statements[3]!.failedConditions).toEqual([
      { operator: 'StringEquals', key: 'aws:PrincipalAccount', wanted: [AWAY], found: [HOME] },
    ]);
  });

  it('has no more than there is to say', () => {
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const;
    const ref = { policy: 'single', index: 0, statement: document.Statement };
    expect(decide(request, { identity: [{ name: 'single', document }] })).toStrictEqual({
      allowed: true,
      action: 'dynamodb:GetItem',
      reason: 'allowed',
      decidedBy: ref,
      statements: [{ ...ref, applies: true, failedConditions: [] }],
    });
    expect(decide(request, {})).toStrictEqual({
      allowed: false,
      action: 'dynamodb:GetItem',
      reason: 'no identity policy allows it',
      statements: [],
    });
  });

  it('takes a document whose statement stands alone', () => {
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const;
    expect(decide(request, { identity: [{ name: 'single', document }] }).allowed).toBe(true);
  });

  it('leaves what it is given as it was', () => {
    const policies = { identity: [allowing, denying], resource: own('*') };
    const before = structuredClone({ request, policies });
    decide(request, policies);
    expect({ request, policies }).toEqual(before);
  });
});
