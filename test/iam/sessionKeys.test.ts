import { decide } from '../../src/iam/decide';
import type { Statement } from '../../src/iam/PolicyDocument';
import type { Caller, Context } from '../../src/iam/Request';

const ROLE = 'arn:aws:iam::111122223333:role/orders';
const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/A';
const POD_IDENTITY: Caller = { kind: 'session', roleArn: ROLE, sessionName: 'pod', madeBy: 'AssumeRole' };
const IRSA: Caller = { ...POD_IDENTITY, madeBy: 'AssumeRoleWithWebIdentity', provider: PROVIDER };
/** A session of which nobody says how it was made. */
const UNKNOWN: Caller = { kind: 'session', roleArn: ROLE, sessionName: 'x' };
const USER: Caller = { kind: 'user', arn: 'arn:aws:iam::111122223333:user/ana' };

type Keys = Readonly<Record<string, Readonly<Record<string, string>>>>;
const ALLOW: Statement = { Effect: 'Allow', Action: 's3:*', Resource: '*' };

function decided(
  caller: Caller,
  statements: readonly Statement[],
  parts: { completeKeys?: string[]; context?: Context },
) {
  const request = { caller, action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/key', ...parts };
  const decision = decide(request, {
    identity: [{ name: 'own', document: { Version: '2012-10-17', Statement: statements } }],
  });
  return decision.allowed ? 'allowed' : decision.dependsOn === undefined ? 'denied' : 'depends';
}

type Parts = Parameters<typeof decided>[2];
const allowIf = (caller: Caller, Condition: Keys, parts: Parts = {}) =>
  decided(caller, [{ ...ALLOW, Condition }], parts);
const denyIf = (caller: Caller, Condition: Keys, parts: Parts = {}) =>
  decided(caller, [ALLOW, { ...ALLOW, Effect: 'Deny', Condition }], parts);

const MFA = 'aws:MultiFactorAuthPresent';
/** Nothing but the caller is known. */
const OPEN: Parts = { completeKeys: [] };

describe('aws:MultiFactorAuthPresent', () => {
  const cases: readonly (readonly [
    string,
    Caller,
    'allowed' | 'denied',
    'allowed' | 'denied',
    'allowed' | 'denied',
  ])[] = [
    ['is false in a session of EKS Pod Identity', POD_IDENTITY, 'denied', 'denied', 'denied'],
    ['is false in a session of which nothing else is said', UNKNOWN, 'denied', 'denied', 'denied'],
    ['is absent in a session by web identity', IRSA, 'allowed', 'allowed', 'denied'],
    ['is absent in a request with the access key of a user', USER, 'allowed', 'allowed', 'denied'],
  ];

  it.each(cases)('%s', (_, caller, denyFalse, allowIfExists, allowTrue) => {
    expect(denyIf(caller, { Bool: { [MFA]: 'false' } })).toBe(denyFalse);
    expect(allowIf(caller, { BoolIfExists: { [MFA]: 'true' } })).toBe(allowIfExists);
    expect(allowIf(caller, { Bool: { [MFA]: 'true' } })).toBe(allowTrue);
    expect(denyIf(caller, { BoolIfExists: { [MFA]: 'false' } })).toBe('denied');
  });

  it.each([
    [POD_IDENTITY, 'denied'],
    [IRSA, 'allowed'],
    [UNKNOWN, 'depends'],
    [USER, 'depends'],
  ] as const)('of %j is known as far as the caller is, where nothing else is known', (caller, expected) => {
    expect(denyIf(caller, { Bool: { [MFA]: 'false' } }, OPEN)).toBe(expected);
  });

  it('is what the request says, if it says it', () => {
    expect(allowIf(UNKNOWN, { Bool: { [MFA]: 'true' } }, { context: { [MFA]: 'true' } })).toBe('allowed');
    expect(denyIf(UNKNOWN, { Bool: { [MFA]: 'false' } }, { context: { [MFA]: [] } })).toBe('allowed');
  });
});

describe('the keys that every request has', () => {
  it.each([POD_IDENTITY, IRSA, UNKNOWN, USER])('have their values for %j', (caller) => {
    expect(denyIf(caller, { Bool: { 'aws:SecureTransport': 'false' } })).toBe('allowed');
    expect(denyIf(caller, { Bool: { 'aws:SecureTransport': 'true' } })).toBe('denied');
    expect(denyIf(caller, { Bool: { 'aws:ViaAWSService': 'false' } })).toBe('denied');
    expect(denyIf(caller, { Bool: { 'aws:ViaAWSService': 'true' } })).toBe('allowed');
  });

  it.each([
    [POD_IDENTITY, 'allowed'],
    [IRSA, 'allowed'],
    [UNKNOWN, 'depends'],
    [USER, 'depends'],
  ] as const)(
    'tell of %j whether a service of AWS makes the request, as far as the caller is known',
    (caller, expected) => {
      expect(allowIf(caller, { Bool: { 'aws:ViaAWSService': 'false' } }, OPEN)).toBe(expected);
      expect(allowIf(caller, { Null: { 'aws:CalledVia': 'true' } }, OPEN)).toBe(expected);
    },
  );
});

describe('aws:FederatedProvider', () => {
  it.each([
    [IRSA, 'allowed', 'allowed'],
    [POD_IDENTITY, 'denied', 'denied'],
    [USER, 'denied', 'denied'],
    [UNKNOWN, 'denied', 'depends'],
  ] as const)('of %j', (caller, known, open) => {
    const condition = { StringEquals: { 'aws:FederatedProvider': PROVIDER } };
    expect(allowIf(caller, condition)).toBe(known);
    expect(allowIf(caller, condition, OPEN)).toBe(open);
  });
});

describe('the keys of sessions that AWS makes for its compute', () => {
  it.each([
    [POD_IDENTITY, 'denied'],
    [IRSA, 'denied'],
    [UNKNOWN, 'depends'],
  ] as const)('of %j', (caller, expected) => {
    expect(allowIf(caller, { StringLike: { 'ec2:SourceInstanceArn': '*' } }, OPEN)).toBe(expected);
  });
});
