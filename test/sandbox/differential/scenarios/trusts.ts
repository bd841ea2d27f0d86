import { APPS } from '../../testSandbox';
import { create, iam, role, type Scenario } from './call';

function trust(statement: object): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', ...statement }],
  });
}

const TRUSTS: readonly string[] = [
  '',
  '{',
  '{}',
  '[]',
  'null',
  '{"Version":"2012-10-17"}',
  '{"Version":"2012-10-17","Statement":[]}',
  '{"Version":"2011-01-01","Statement":[]}',
  trust({ Principal: { Service: 'pods.eks.amazonaws.com' } }),
  trust({ Principal: { Service: 'ec2.amazonaws.com' }, Sid: 'Sid1' }),
  trust({ Principal: { Service: 'ec2.amazonaws.com' }, Sid: 'no good' }),
  trust({ Principal: '*' }),
  trust({ Principal: { AWS: '*' } }),
  trust({ Principal: { AWS: APPS } }),
  trust({ Principal: { AWS: `arn:aws:iam::${APPS}:root` } }),
  trust({ Principal: { AWS: 'nobody' } }),
  trust({ Principal: {} }),
  trust({}),
  trust({ Principal: { AWS: APPS }, Resource: '*' }),
  trust({ Principal: { AWS: APPS }, Action: 's3:GetObject' }),
  trust({ Principal: { AWS: APPS }, Action: 'AssumeRole' }),
  trust({ Principal: { AWS: APPS }, Action: [] }),
  trust({ Principal: { AWS: APPS }, Effect: 'allow' }),
  trust({ Principal: { AWS: APPS }, Foo: 1 }),
  trust({ Principal: { Federated: 'accounts.google.com' }, Action: 'sts:AssumeRoleWithWebIdentity' }),
  trust({ Principal: { AWS: APPS }, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
  trust({ Principal: { AWS: APPS }, Condition: { StringNonsense: { 'sts:ExternalId': 'x' } } }),
  trust({ Principal: { AWS: APPS }, Condition: {} }),
];

const PRINCIPAL = { Principal: { AWS: APPS } };

const STATEMENTS: readonly object[] = [
  { Principal: { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] } },
  { Principal: { Service: 'pod.eks.amazonaws.com' } },
  { Principal: { Service: '*' } },
  { Principal: { Service: [] } },
  { Principal: { AWS: [APPS, '222222222222'] } },
  { Principal: { AWS: '11111111111' } },
  { Principal: { AWS: 'arn:aws:iam::111111111111:role/*' } },
  { Principal: { AWS: 'arn:aws:iam::111111111111:role/none' } },
  { Principal: { AWS: 'arn:aws:s3:::bucket' } },
  { Principal: { AWS: APPS, Service: 'ec2.amazonaws.com' } },
  { Principal: { Nonsense: 'x' } },
  { Principal: 'ec2.amazonaws.com' },
  {
    Principal: { Federated: 'arn:aws:iam::111111111111:oidc-provider/token.example.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
  },
  { Principal: { CanonicalUser: 'x'.repeat(64) } },
  { NotPrincipal: { AWS: APPS } },
  { ...PRINCIPAL, Action: ['sts:AssumeRole', 'sts:TagSession'] },
  { ...PRINCIPAL, Action: 'sts:*' },
  { ...PRINCIPAL, Action: '*' },
  { ...PRINCIPAL, Action: ['sts:AssumeRole', 's3:GetObject'] },
  { ...PRINCIPAL, Action: undefined, NotAction: 'sts:TagSession' },
  { ...PRINCIPAL, Effect: 'Deny' },
  { ...PRINCIPAL, Effect: undefined },
  { ...PRINCIPAL, Sid: '' },
  { ...PRINCIPAL, Condition: { StringLike: { 'aws:PrincipalArn': ['a*', 'b*'] } } },
  { ...PRINCIPAL, Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } } },
  { ...PRINCIPAL, Condition: { 'ForNoValues:StringEquals': { 'aws:TagKeys': 'a' } } },
  { ...PRINCIPAL, Condition: { StringEqualsIfExists: { 'aws:PrincipalTag/a': 'b' } } },
  { ...PRINCIPAL, Condition: { Bool: { 'aws:SecureTransport': true } } },
  { ...PRINCIPAL, Condition: { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } } },
  { ...PRINCIPAL, Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': 'many' } } },
  { ...PRINCIPAL, Condition: { IpAddress: { 'aws:SourceIp': 'here' } } },
  { ...PRINCIPAL, Condition: { StringEquals: 'x' } },
  { ...PRINCIPAL, Condition: [] },
];

/** Trust policies, good and bad. */
export const TRUST_POLICIES: readonly Scenario[] = [
  {
    name: 'trust policies',
    calls: TRUSTS.map((document, index) =>
      iam('CreateRole', { RoleName: `r${index}`, AssumeRolePolicyDocument: document }),
    ),
  },
  {
    name: 'changed trust policies',
    calls: [create, ...TRUSTS.map((PolicyDocument) => iam('UpdateAssumeRolePolicy', { ...role, PolicyDocument }))],
  },
  {
    name: 'principals and conditions of trust policies',
    calls: STATEMENTS.map((statement, index) =>
      iam('CreateRole', { RoleName: `r${index}`, AssumeRolePolicyDocument: trust(statement) }),
    ),
  },
  {
    name: 'the length of trust policies',
    calls: [1000, 1900, 2100, 5000].map((length, index) =>
      iam('CreateRole', {
        RoleName: `r${index}`,
        AssumeRolePolicyDocument: trust({
          Principal: { AWS: APPS },
          Condition: { StringEquals: { 'sts:ExternalId': 'x'.repeat(length) } },
        }),
      }),
    ),
  },
];
