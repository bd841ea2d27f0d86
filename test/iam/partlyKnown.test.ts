import { decide } from '../../src/iam/decide';
import type { Statement } from '../../src/iam/PolicyDocument';
import type { Caller, Request } from '../../src/iam/Request';

const ROLE = 'arn:aws:iam::111122223333:role/orders';
const POD = {
  kind: 'federated',
  provider: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/A',
} as const satisfies Caller;

/** Conditions on the trust policy's statement for a pod's token, and the result for a pod of which nothing but the token is known. */
const ALLOWS: readonly (readonly [string, string, string | string[], 'allowed' | 'denied' | 'depends'])[] = [
  ['StringEquals', 'oidc.example.com/id/A:sub', 'me', 'allowed'],
  ['StringEquals', 'oidc.example.com/id/A:sub', 'you', 'denied'],
  ['StringEquals', 'oidc.example.com/id/B:sub', 'me', 'denied'],
  ['StringEquals', 'oidc.example.com/id/A:aud', 'custom', 'depends'],
  ['StringLike', 'oidc.example.com/id/A:aud', '*', 'allowed'],
  ['IpAddress', 'aws:SourceIp', '203.0.113.0/24', 'depends'],
  ['IpAddressIfExists', 'aws:SourceIp', ['0.0.0.0/0', '::/0'], 'depends'],
  ['NotIpAddress', 'aws:SourceIp', '203.0.113.0/24', 'depends'],
  ['NotIpAddress', 'aws:SourceIp', ['0.0.0.0/0', '::/0'], 'depends'],
  ['StringEquals', 'sts:RoleSessionName', 'app', 'depends'],
  ['StringLike', 'sts:RoleSessionName', '*', 'allowed'],
  ['ForAllValues:StringLike', 'sts:RoleSessionName', '*', 'allowed'],
  ['ForAnyValue:StringLike', 'sts:RoleSessionName', '*', 'depends'],
  ['StringNotLike', 'sts:RoleSessionName', '*', 'denied'],
  ['Null', 'sts:RoleSessionName', 'true', 'denied'],
  ['Null', 'sts:RoleSessionName', 'false', 'allowed'],
  ['StringEquals', 'aws:RequestedRegion', 'eu-west-1', 'depends'],
  ['DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z', 'depends'],
  ['NumericGreaterThan', 'aws:EpochTime', '1', 'depends'],
  ['Bool', 'aws:SecureTransport', 'true', 'depends'],
  ['Bool', 'aws:SecureTransport', ['true', 'false'], 'depends'],
  ['Bool', 'aws:ViaAWSService', 'false', 'allowed'],
  ['Bool', 'aws:MultiFactorAuthPresent', 'false', 'denied'],
  ['BoolIfExists', 'aws:MultiFactorAuthPresent', 'true', 'allowed'],
  ['Null', 'aws:MultiFactorAuthAge', 'false', 'denied'],
  ['Bool', 'aws:PrincipalIsAWSService', 'false', 'denied'],
  ['BoolIfExists', 'aws:PrincipalIsAWSService', 'false', 'allowed'],
  ['StringEquals', 'aws:PrincipalAccount', '111122223333', 'denied'],
  ['StringEquals', 'aws:PrincipalAccount', 'anonymous', 'allowed'],
  ['Null', 'aws:userid', 'false', 'depends'],
  ['Null', 'aws:PrincipalType', 'false', 'allowed'],
  ['Null', 'aws:TokenIssueTime', 'false', 'denied'],
  ['StringLike', 'aws:SourceVpcArn', '*', 'depends'],
  ['StringLike', 'ec2:SourceInstanceArn', '*', 'denied'],
  ['StringEquals', 'aws:SourceVpc', 'vpc-1', 'depends'],
  ['StringLike', 'aws:SourceVpc', '*', 'depends'],
  ['StringLikeIfExists', 'aws:SourceVpc', '*', 'allowed'],
  ['NumericLessThanEquals', 'sts:DurationSeconds', '3600', 'depends'],
  ['StringEquals', 'aws:SourceAccount', '111122223333', 'denied'],
  ['StringNotEquals', 'aws:SourceAccount', '111122223333', 'allowed'],
  ['StringEquals', 'aws:PrincipalTag/team', 'shop', 'denied'],
  ['StringEquals', 'aws:SourceOrgId', '${aws:ResourceOrgId}', 'denied'],
  ['StringEquals', 'aws:ResourceAccount', '111122223333', 'allowed'],
  ['StringEquals', 'aws:ResourceTag/owner', 'me', 'depends'],
  ['ForAnyValue:StringLike', 'oidc.example.com/id/A:amr', '*', 'depends'],
  ['ForAllValues:StringLike', 'oidc.example.com/id/A:amr', '*', 'allowed'],
  ['ForAnyValue:StringNotLike', 'oidc.example.com/id/A:amr', '*', 'denied'],
];

function decided(...Statement: readonly Statement[]) {
  const decision = decide(
    {
      caller: POD,
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: ROLE,
      context: { 'oidc.example.com/id/A:sub': 'me' },
      completeKeys: [],
    },
    { resource: { name: 'trust', document: { Version: '2012-10-17', Statement } } },
  );
  return decision.allowed ? 'allowed' : decision.dependsOn === undefined ? 'denied' : 'depends';
}

const ALLOW: Statement = {
  Effect: 'Allow',
  Principal: { Federated: POD.provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
};

describe('a pod of which only the token’s subject is known', () => {
  it.each(ALLOWS)('is under %s %s %j: %4$s', (operator, key, wanted, expected) => {
    expect(decided({ ...ALLOW, Condition: { [operator]: { [key]: wanted } } })).toBe(expected);
  });

  it.each(ALLOWS)('is under a Deny with %s %s %j the opposite', (operator, key, wanted, expected) => {
    const opposite = { allowed: 'denied', denied: 'allowed', depends: 'depends' }[expected];
    expect(decided(ALLOW, { ...ALLOW, Effect: 'Deny', Condition: { [operator]: { [key]: wanted } } })).toBe(opposite);
  });

  it('is not protected by a Deny whose variable has no value', () => {
    const Condition = { StringNotEquals: { 'oidc.example.com/id/A:sub': '${aws:PrincipalTag/owner}' } };
    expect(decided(ALLOW, { ...ALLOW, Effect: 'Deny', Condition })).toBe('depends');
  });

  it('is allowed whatever else one statement asks where another does not', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
    expect(decided({ ...ALLOW, Condition }, ALLOW)).toBe('allowed');
  });

  it('is denied where a condition fails, however many more are open', () => {
    const Condition = {
      IpAddress: { 'aws:SourceIp': '203.0.113.0/24' },
      StringEquals: { 'oidc.example.com/id/A:sub': 'you' },
    };
    expect(decided({ ...ALLOW, Condition })).toBe('denied');
  });
});

describe('the conditions on which a decision depends', () => {
  it('are those that decide, and no others', () => {
    const request: Request = {
      caller: POD,
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: ROLE,
      context: {},
      completeKeys: [],
    };
    const ip = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
    const time = { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } };
    const trust = (...Statement: Statement[]) => ({
      resource: { name: 'trust', document: { Version: '2012-10-17' as const, Statement } },
    });
    const keys = (...statements: Statement[]) => decide(request, trust(...statements)).dependsOn?.map(({ key }) => key);
    const deny: Statement = { ...ALLOW, Effect: 'Deny' };
    expect(keys(ALLOW, { ...ALLOW, Condition: ip }, { ...deny, Condition: time })).toEqual(['aws:CurrentTime']);
    expect(keys({ ...ALLOW, Condition: ip })).toEqual(['aws:SourceIp']);
    expect(keys({ ...ALLOW, Condition: ip }, { ...deny, Condition: time })).toEqual([
      'aws:SourceIp',
      'aws:CurrentTime',
    ]);
  });
});
