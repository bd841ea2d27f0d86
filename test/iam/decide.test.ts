import { decide } from '../../iam/decide';
import type { NamedPolicy, Policies, Reason } from '../../iam/Decision';
import type { PolicyDocument, PrincipalElement, Statement } from '../../iam/PolicyDocument';
import type { Caller } from '../../iam/Request';

const HOME = '111122223333';
const AWAY = '444455556666';
const TABLE = `arn:aws:dynamodb:us-west-2:${HOME}:table/orders`;
const ROLE = `arn:aws:iam::${HOME}:role/ledger`;
const KEY = `arn:aws:kms:us-west-2:${HOME}:key/1234`;

const roleArn = `arn:aws:iam::${HOME}:role/orders`;
const SESSION: Caller = { kind: 'session', roleArn, sessionName: 'pod' };
const SESSION_ARN = `arn:aws:sts::${HOME}:assumed-role/orders/pod`;
const STRANGER: Caller = { kind: 'session', roleArn: `arn:aws:iam::${AWAY}:role/orders`, sessionName: 'pod' };
const USER: Caller = { kind: 'user', arn: `arn:aws:iam::${HOME}:user/ana` };
const ROOT: Caller = { kind: 'account', arn: `arn:aws:iam::${HOME}:root` };
const SERVICE: Caller = { kind: 'service', service: 'ec2.amazonaws.com' };
const ANYONE: Caller = { kind: 'anonymous' };

function policy(name: string, ...statements: readonly Partial<Statement>[]): NamedPolicy {
  const Statement = statements.map((statement): Statement => ({ Effect: 'Allow', Action: '*', ...statement }));
  return { name, document: { Version: '2012-10-17', Statement } };
}

const allowing = policy('allowing', { Resource: '*' });
const silent = policy('silent', { Action: 'ec2:*', Resource: '*' });
const denying = policy('denying', { Resource: '*' }, { Effect: 'Deny', Resource: '*' });

function own(Principal: PrincipalElement): NamedPolicy {
  return policy('own', { Principal });
}

interface Row {
  readonly says: string;
  readonly caller: Caller;
  readonly resource?: string;
  readonly policies: Policies;
  readonly reason: Reason;
}

const ROWS: readonly Row[] = [
  // One account, ordinary resource.
  { says: 'nothing speaks', caller: SESSION, policies: {}, reason: 'no identity policy allows it' },
  { says: 'identity allows', caller: SESSION, policies: { identity: [silent, allowing] }, reason: 'allowed' },
  {
    says: 'identity is silent',
    caller: SESSION,
    policies: { identity: [silent] },
    reason: 'no identity policy allows it',
  },
  {
    says: 'resource names the session',
    caller: SESSION,
    policies: { resource: own({ AWS: SESSION_ARN }) },
    reason: 'allowed',
  },
  {
    says: 'resource names the role',
    caller: SESSION,
    policies: { resource: own({ AWS: roleArn }) },
    reason: 'allowed',
  },
  { says: 'resource names everyone', caller: SESSION, policies: { resource: own('*') }, reason: 'allowed' },
  {
    says: 'resource names the account only',
    caller: SESSION,
    policies: { resource: own({ AWS: HOME }) },
    reason: 'no identity policy allows it',
  },
  {
    says: 'resource names the account, identity allows',
    caller: SESSION,
    policies: { identity: [allowing], resource: own({ AWS: HOME }) },
    reason: 'allowed',
  },
  { says: 'resource names the user', caller: USER, policies: { resource: own({ AWS: USER.arn }) }, reason: 'allowed' },
  { says: 'root user, nothing speaks', caller: ROOT, policies: {}, reason: 'allowed' },
  {
    says: 'root user, denied',
    caller: ROOT,
    policies: { resource: policy('own', { Effect: 'Deny', Principal: '*' }) },
    reason: 'explicit deny',
  },
  // Boundary and session policies.
  {
    says: 'boundary allows',
    caller: SESSION,
    policies: { identity: [allowing], boundary: allowing },
    reason: 'allowed',
  },
  {
    says: 'boundary is silent',
    caller: SESSION,
    policies: { identity: [allowing], boundary: silent },
    reason: 'permissions boundary does not allow it',
  },
  {
    says: 'boundary alone allows',
    caller: SESSION,
    policies: { boundary: allowing },
    reason: 'no identity policy allows it',
  },
  {
    says: 'one session policy allows',
    caller: SESSION,
    policies: { identity: [allowing], session: [silent, allowing] },
    reason: 'allowed',
  },
  {
    says: 'session policy is silent',
    caller: SESSION,
    policies: { identity: [allowing], session: [silent] },
    reason: 'session policy does not allow it',
  },
  { says: 'no session policies', caller: SESSION, policies: { identity: [allowing], session: [] }, reason: 'allowed' },
  {
    says: 'boundary is silent, resource names the role',
    caller: SESSION,
    policies: { boundary: silent, resource: own({ AWS: roleArn }) },
    reason: 'permissions boundary does not allow it',
  },
  {
    says: 'session policy is silent, resource names the role',
    caller: SESSION,
    policies: { session: [silent], resource: own({ AWS: roleArn }) },
    reason: 'session policy does not allow it',
  },
  {
    says: 'boundary is silent, resource names the session',
    caller: SESSION,
    policies: { boundary: silent, session: [silent], resource: own({ AWS: SESSION_ARN }) },
    reason: 'allowed',
  },
  {
    says: 'boundary is silent, resource names everyone',
    caller: SESSION,
    policies: { boundary: silent, resource: own({ AWS: '*' }) },
    reason: 'allowed',
  },
  {
    says: 'boundary is silent, resource names the user',
    caller: USER,
    policies: { boundary: silent, resource: own({ AWS: USER.arn }) },
    reason: 'allowed',
  },
  // Explicit denies.
  {
    says: 'identity denies',
    caller: SESSION,
    policies: { identity: [allowing, denying], resource: own('*') },
    reason: 'explicit deny',
  },
  {
    says: 'boundary denies',
    caller: SESSION,
    policies: { identity: [allowing], boundary: denying, resource: own('*') },
    reason: 'explicit deny',
  },
  {
    says: 'session policy denies',
    caller: SESSION,
    policies: { identity: [allowing], session: [denying], resource: own('*') },
    reason: 'explicit deny',
  },
  {
    says: 'resource denies',
    caller: SESSION,
    policies: { identity: [allowing], resource: policy('own', { Effect: 'Deny', Principal: '*' }) },
    reason: 'explicit deny',
  },
  // Another account.
  {
    says: 'stranger, both allow',
    caller: STRANGER,
    policies: { identity: [allowing], resource: own({ AWS: AWAY }) },
    reason: 'allowed',
  },
  {
    says: 'stranger, resource allows',
    caller: STRANGER,
    policies: { resource: own({ AWS: AWAY }) },
    reason: 'no identity policy allows it',
  },
  {
    says: 'stranger, resource names everyone',
    caller: STRANGER,
    policies: { resource: own('*') },
    reason: 'no identity policy allows it',
  },
  {
    says: 'stranger, identity allows',
    caller: STRANGER,
    policies: { identity: [allowing] },
    reason: 'no resource policy allows it',
  },
  {
    says: 'stranger, boundary is silent',
    caller: STRANGER,
    policies: { identity: [allowing], boundary: silent, resource: own('*') },
    reason: 'permissions boundary does not allow it',
  },
  {
    says: 'stranger, session policy is silent',
    caller: STRANGER,
    policies: { identity: [allowing], session: [silent], resource: own('*') },
    reason: 'session policy does not allow it',
  },
  // Callers without identity policies.
  {
    says: 'service, resource allows',
    caller: SERVICE,
    policies: { resource: own({ Service: 'ec2.amazonaws.com' }) },
    reason: 'allowed',
  },
  {
    says: 'service, identity allows',
    caller: SERVICE,
    policies: { identity: [allowing] },
    reason: 'no resource policy allows it',
  },
  {
    says: 'service, denied',
    caller: SERVICE,
    policies: { resource: policy('own', { Principal: '*' }, { Effect: 'Deny', Principal: '*' }) },
    reason: 'explicit deny',
  },
  { says: 'anonymous, resource names everyone', caller: ANYONE, policies: { resource: own('*') }, reason: 'allowed' },
  {
    says: 'anonymous, resource names the account',
    caller: ANYONE,
    policies: { resource: own({ AWS: HOME }) },
    reason: 'no resource policy allows it',
  },
  // Keys want their own policy.
  {
    says: 'key, identity allows',
    caller: SESSION,
    resource: KEY,
    policies: { identity: [allowing] },
    reason: 'no resource policy allows it',
  },
  {
    says: 'key, names the account, identity allows',
    caller: SESSION,
    resource: KEY,
    policies: { identity: [allowing], resource: own({ AWS: HOME }) },
    reason: 'allowed',
  },
];

const ACTIONS: Readonly<Record<string, string>> = {
  [TABLE]: 'dynamodb:GetItem',
  [KEY]: 'kms:Decrypt',
  [ROLE]: 'sts:AssumeRole',
};

describe('a request', () => {
  it.each(ROWS)('$says: $reason', ({ caller, resource = TABLE, policies, reason }) => {
    const decision = decide({ caller, action: ACTIONS[resource]!, resource }, policies);
    expect(decision).toMatchObject({ reason, allowed: reason === 'allowed' });
  });

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
    expect(decide(request, { identity }).decidedBy).toEqual({
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
