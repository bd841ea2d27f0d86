import { decide } from '../../src/iam/decide';
import type { Policies, Reason } from '../../src/iam/Decision';
import type { Caller } from '../../src/iam/Request';
import {
  HOME,
  AWAY,
  TABLE,
  ROLE,
  KEY,
  roleArn,
  SESSION,
  SESSION_ARN,
  STRANGER,
  USER,
  ROOT,
  SERVICE,
  ANYONE,
  policy,
  allowing,
  silent,
  denying,
  own,
} from './decideFixtures';

const ALIAS = `arn:aws:kms:us-west-2:${HOME}:alias/orders`;

type Row = readonly [says: string, caller: Caller, policies: Policies, reason: Reason];

function reasonFor(caller: Caller, policies: Policies, action = 'dynamodb:GetItem', resource = TABLE): Reason {
  const { allowed, reason } = decide({ caller, action, resource }, policies);
  expect(allowed).toBe(reason === 'allowed');
  return reason;
}

describe('a request within one account', () => {
  it.each<Row>([
    ['nothing speaks', SESSION, {}, 'no identity policy allows it'],
    ['identity allows', SESSION, { identity: [silent, allowing] }, 'allowed'],
    ['identity is silent', SESSION, { identity: [silent] }, 'no identity policy allows it'],
    ['resource names the session', SESSION, { resource: own({ AWS: SESSION_ARN }) }, 'allowed'],
    ['resource names the role', SESSION, { resource: own({ AWS: roleArn }) }, 'allowed'],
    ['resource names everyone', SESSION, { resource: own('*') }, 'allowed'],
    ['resource names the account only', SESSION, { resource: own({ AWS: HOME }) }, 'no identity policy allows it'],
    [
      'resource names the account, identity allows',
      SESSION,
      { identity: [allowing], resource: own({ AWS: HOME }) },
      'allowed',
    ],
    ['identity of a user allows', USER, { identity: [allowing] }, 'allowed'],
    ['identity of a role allows', { kind: 'role', roleArn }, { identity: [allowing] }, 'allowed'],
    ['resource names the user', USER, { resource: own({ AWS: USER.arn }) }, 'allowed'],
    ['root user, nothing speaks', ROOT, {}, 'allowed'],
    ['root user, denied', ROOT, { resource: policy('own', { Effect: 'Deny', Principal: '*' }) }, 'explicit deny'],
  ])('%s', (_, caller, policies, reason) => {
    expect(reasonFor(caller, policies)).toBe(reason);
  });
});

describe('a request of a caller with a boundary or session policies', () => {
  it.each<Row>([
    ['boundary allows', SESSION, { identity: [allowing], boundary: allowing }, 'allowed'],
    [
      'boundary is silent',
      SESSION,
      { identity: [allowing], boundary: silent },
      'permissions boundary does not allow it',
    ],
    ['boundary alone allows', SESSION, { boundary: allowing }, 'no identity policy allows it'],
    ['one session policy allows', SESSION, { identity: [allowing], session: [silent, allowing] }, 'allowed'],
    [
      'session policy is silent',
      SESSION,
      { identity: [allowing], session: [silent] },
      'session policy does not allow it',
    ],
    ['no session policies', SESSION, { identity: [allowing], session: [] }, 'allowed'],
    [
      'boundary is silent, resource names the role',
      SESSION,
      { boundary: silent, resource: own({ AWS: roleArn }) },
      'permissions boundary does not allow it',
    ],
    [
      'session policy is silent, resource names the role',
      SESSION,
      { session: [silent], resource: own({ AWS: roleArn }) },
      'session policy does not allow it',
    ],
    [
      'boundary is silent, resource names the session',
      SESSION,
      { boundary: silent, session: [silent], resource: own({ AWS: SESSION_ARN }) },
      'allowed',
    ],
    [
      'boundary is silent, resource names everyone',
      SESSION,
      { boundary: silent, resource: own({ AWS: '*' }) },
      'allowed',
    ],
    [
      'boundary is silent, resource names the user',
      USER,
      { boundary: silent, resource: own({ AWS: USER.arn }) },
      'allowed',
    ],
  ])('%s', (_, caller, policies, reason) => {
    expect(reasonFor(caller, policies)).toBe(reason);
  });
});

describe('a request that some policy denies', () => {
  it.each<Row>([
    ['identity denies', SESSION, { identity: [allowing, denying], resource: own('*') }, 'explicit deny'],
    ['boundary denies', SESSION, { identity: [allowing], boundary: denying, resource: own('*') }, 'explicit deny'],
    [
      'session policy denies',
      SESSION,
      { identity: [allowing], session: [denying], resource: own('*') },
      'explicit deny',
    ],
    [
      'resource denies',
      SESSION,
      { identity: [allowing], resource: policy('own', { Effect: 'Deny', Principal: '*' }) },
      'explicit deny',
    ],
  ])('%s', (_, caller, policies, reason) => {
    expect(reasonFor(caller, policies)).toBe(reason);
  });
});

describe('a request from another account', () => {
  it.each<Row>([
    ['stranger, both allow', STRANGER, { identity: [allowing], resource: own({ AWS: AWAY }) }, 'allowed'],
    ['stranger, resource allows', STRANGER, { resource: own({ AWS: AWAY }) }, 'no identity policy allows it'],
    ['stranger, resource names everyone', STRANGER, { resource: own('*') }, 'no identity policy allows it'],
    ['stranger, identity allows', STRANGER, { identity: [allowing] }, 'no resource policy allows it'],
    [
      'stranger, boundary is silent',
      STRANGER,
      { identity: [allowing], boundary: silent, resource: own('*') },
      'permissions boundary does not allow it',
    ],
    [
      'stranger, session policy is silent',
      STRANGER,
      { identity: [allowing], session: [silent], resource: own('*') },
      'session policy does not allow it',
    ],
  ])('%s', (_, caller, policies, reason) => {
    expect(reasonFor(caller, policies)).toBe(reason);
  });
});

describe('a request of a caller without identity policies', () => {
  it.each<Row>([
    ['service, resource allows', SERVICE, { resource: own({ Service: 'ec2.amazonaws.com' }) }, 'allowed'],
    ['service, identity allows', SERVICE, { identity: [allowing] }, 'no resource policy allows it'],
    [
      'service, denied',
      SERVICE,
      { resource: policy('own', { Principal: '*' }, { Effect: 'Deny', Principal: '*' }) },
      'explicit deny',
    ],
    ['anonymous, resource names everyone', ANYONE, { resource: own('*') }, 'allowed'],
    ['anonymous, resource names the account', ANYONE, { resource: own({ AWS: HOME }) }, 'no resource policy allows it'],
  ])('%s', (_, caller, policies, reason) => {
    expect(reasonFor(caller, policies)).toBe(reason);
  });
});

describe('a request for a key, which wants its own policy', () => {
  it.each<Row>([
    ['key, identity allows', SESSION, { identity: [allowing] }, 'no resource policy allows it'],
    [
      'key, names the account, identity allows',
      SESSION,
      { identity: [allowing], resource: own({ AWS: HOME }) },
      'allowed',
    ],
  ])('%s', (_, caller, policies, reason) => {
    expect(reasonFor(caller, policies, 'kms:Decrypt', KEY)).toBe(reason);
  });
});

describe('a request about a role that is none to STS', () => {
  it('is decided by the identity, as for any resource', () => {
    expect(reasonFor(SESSION, { identity: [allowing] }, 'iam:GetRole', ROLE)).toBe('allowed');
    expect(reasonFor(SESSION, { identity: [allowing] }, 'sts:GetCallerIdentity', '*')).toBe('allowed');
    expect(reasonFor(SESSION, { identity: [allowing] }, 'kms:CreateAlias', ALIAS)).toBe('allowed');
  });
});

describe('a request of a caller without an ARN', () => {
  it.each<Caller>([
    { kind: 'user', arn: 'ana' },
    { kind: 'role', roleArn: 'orders' },
  ])('is of no account: %j', (caller) => {
    expect(reasonFor(caller, { identity: [allowing] })).toBe('no resource policy allows it');
    expect(reasonFor(caller, { resource: own('*') })).toBe('allowed');
  });
});

describe('a request for a resource without an account', () => {
  it('for a bucket without a named owner counts as one within the account', () => {
    const request = { caller: SESSION, action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/key' };
    expect(decide(request, { identity: [allowing] }).allowed).toBe(true);
    expect(decide({ ...request, resourceAccount: AWAY }, { identity: [allowing] }).reason).toBe(
      'no resource policy allows it',
    );
  });

  it('for no resource in particular is decided by the identity', () => {
    const request = { caller: SESSION, action: 'ec2:DescribeInstances', resource: '*' };
    expect(decide(request, { identity: [allowing] }).allowed).toBe(true);
  });
});
