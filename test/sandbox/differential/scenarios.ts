import type { Service } from '../../../src/sandbox/api/Action';
import { accountTrust, allow, APPS, podTrust, policy, roleArn } from '../testSandbox';
import type { Input } from '../contract/rawCall';

export type ScenarioCall = readonly [service: Service, operation: string, input: Input];

/** Calls in their order, against a sandbox and a moto without anything. */
export interface Scenario {
  readonly name: string;
  readonly calls: readonly ScenarioCall[];
}

const iam = (operation: string, input: Input = {}): ScenarioCall => ['iam', operation, input];
const sts = (operation: string, input: Input = {}): ScenarioCall => ['sts', operation, input];

const TRUST = JSON.stringify(policy(podTrust()));
const READ = JSON.stringify(allow('s3:GetObject'));
const POLICY = `arn:aws:iam::${APPS}:policy/p`;
const MISSING = `arn:aws:iam::${APPS}:policy/missing`;
const AWS_POLICY = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
const role = { RoleName: 'r' };
const create = iam('CreateRole', { ...role, AssumeRolePolicyDocument: TRUST });
const createPolicy = iam('CreatePolicy', { PolicyName: 'p', PolicyDocument: READ });
const tags = (count: number, prefix = 'k'): readonly Input[] =>
  Array.from({ length: count }, (_item, index) => ({ Key: `${prefix}${index}`, Value: 'v' }));
const provider = (url: string): ScenarioCall =>
  iam('CreateOpenIDConnectProvider', {
    Url: url,
    ThumbprintList: ['a'.repeat(40)],
    ClientIDList: ['sts.amazonaws.com'],
  });
const PROVIDER = { OpenIDConnectProviderArn: `arn:aws:iam::${APPS}:oidc-provider/token.example.com/a` };

const NAMES = ['a', 'A.b-c_d=e,f@g+h', 'x'.repeat(64), 'x'.repeat(65), 'a b', 'ä', 'a/b', ''];
const PATHS = ['/', '/a/', '/a/b/', '/a', 'a/', '//', `/${'x'.repeat(510)}/`, `/${'x'.repeat(511)}/`];
const DURATIONS = [3599, 3600, 43_200, 43_201];
const DESCRIPTIONS = ['', 'plain', 'x'.repeat(1000), 'x'.repeat(1001), 'Ä', '中'];

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

const DOCUMENTS: readonly string[] = [
  READ,
  '{}',
  'x',
  JSON.stringify({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }),
  JSON.stringify(policy({ Effect: 'Allow', Action: 's3', Resource: '*' })),
  JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*', Resource: 'bucket' })),
  JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*' })),
  JSON.stringify(policy({ Effect: 'Allow', NotAction: 's3:*', NotResource: '*' })),
  JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*', Principal: '*' })),
  JSON.stringify(policy({ Effect: 'Allow', Action: 'iam:*', Resource: 'arn:aws:iam:us-east-1:111111111111:role/x' })),
  JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:us-east-1::bucket' })),
  JSON.stringify(
    policy({ Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  ),
];

const URLS = [
  'token.example.com',
  'http://token.example.com',
  'https://',
  'https://token.example.com',
  'https://token.example.com/',
  'https://token.example.com/a',
  'https://token.example.com/a',
  'https://token.example.com:8443',
  'https://token.example.com?x=1',
  'https://token.example.com#x',
  'https://user@token.example.com',
  'https://to_ken.example.com',
  `https://token.example.com/${'x'.repeat(300)}`,
];

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'the life of a role',
    calls: [
      iam('CreateRole', { ...role, AssumeRolePolicyDocument: TRUST, Path: '/a/', Description: 'd', Tags: tags(2) }),
      iam('GetRole', role),
      iam('CreateRole', { RoleName: 'R', AssumeRolePolicyDocument: TRUST }),
      iam('UpdateRole', { ...role, MaxSessionDuration: 7200 }),
      iam('GetRole', role),
      iam('UpdateRole', { ...role, Description: 'e' }),
      iam('GetRole', role),
      iam('UpdateRoleDescription', { ...role, Description: 'f' }),
      iam('UpdateAssumeRolePolicy', { ...role, PolicyDocument: TRUST }),
      iam('ListInstanceProfilesForRole', role),
      iam('ListRoles', { PathPrefix: '/a/' }),
      iam('ListRoles', { PathPrefix: '/b/' }),
      iam('DeleteRole', role),
      iam('GetRole', role),
      iam('DeleteRole', role),
    ],
  },
  {
    name: 'names of roles',
    calls: NAMES.map((RoleName) => iam('CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST })),
  },
  {
    name: 'paths of roles',
    calls: PATHS.map((Path, index) =>
      iam('CreateRole', { RoleName: `r${index}`, AssumeRolePolicyDocument: TRUST, Path }),
    ),
  },
  {
    name: 'durations and descriptions',
    calls: [
      create,
      ...DURATIONS.map((MaxSessionDuration) => iam('UpdateRole', { ...role, MaxSessionDuration })),
      ...DESCRIPTIONS.map((Description) => iam('UpdateRoleDescription', { ...role, Description })),
    ],
  },
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
    name: 'inline policies',
    calls: [
      create,
      ...DOCUMENTS.map((PolicyDocument, index) =>
        iam('PutRolePolicy', { ...role, PolicyName: `p${index}`, PolicyDocument }),
      ),
      iam('ListRolePolicies', role),
      iam('GetRolePolicy', { ...role, PolicyName: 'p0' }),
      iam('GetRolePolicy', { ...role, PolicyName: 'P0' }),
      iam('GetRolePolicy', { ...role, PolicyName: 'none' }),
      iam('DeleteRole', role),
      iam('DeleteRolePolicy', { ...role, PolicyName: 'p0' }),
      iam('DeleteRolePolicy', { ...role, PolicyName: 'p0' }),
    ],
  },
  {
    name: 'managed policies',
    calls: [
      ...DOCUMENTS.map((PolicyDocument, index) => iam('CreatePolicy', { PolicyName: `p${index}`, PolicyDocument })),
      createPolicy,
      iam('CreatePolicy', { PolicyName: 'P', PolicyDocument: READ }),
      ...Array.from({ length: 5 }, () => iam('CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument: READ })),
      iam('ListPolicyVersions', { PolicyArn: POLICY }),
      iam('GetPolicyVersion', { PolicyArn: POLICY, VersionId: 'v1' }),
      iam('GetPolicyVersion', { PolicyArn: POLICY, VersionId: 'v9' }),
      iam('SetDefaultPolicyVersion', { PolicyArn: POLICY, VersionId: 'v2' }),
      iam('SetDefaultPolicyVersion', { PolicyArn: POLICY, VersionId: 'v9' }),
      iam('DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v2' }),
      iam('DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v1' }),
      iam('GetPolicy', { PolicyArn: POLICY }),
      iam('GetPolicy', { PolicyArn: MISSING }),
      iam('GetPolicy', { PolicyArn: AWS_POLICY }),
      iam('ListPolicies', { Scope: 'Local' }),
      iam('DeletePolicy', { PolicyArn: POLICY }),
      iam('DeletePolicy', { PolicyArn: MISSING }),
    ],
  },
  {
    name: 'attachments and boundaries',
    calls: [
      create,
      createPolicy,
      ...[
        POLICY,
        POLICY,
        AWS_POLICY,
        MISSING,
        'arn:aws:iam::aws:policy/Missing',
        POLICY.toUpperCase(),
        'no arn, but long enough',
      ].map((PolicyArn) => iam('AttachRolePolicy', { ...role, PolicyArn })),
      iam('ListAttachedRolePolicies', role),
      iam('DeletePolicy', { PolicyArn: POLICY }),
      iam('DeleteRole', role),
      iam('GetPolicy', { PolicyArn: POLICY }),
      ...[POLICY, POLICY, MISSING].map((PolicyArn) => iam('DetachRolePolicy', { ...role, PolicyArn })),
      ...[POLICY, AWS_POLICY, MISSING].map((PermissionsBoundary) =>
        iam('PutRolePermissionsBoundary', { ...role, PermissionsBoundary }),
      ),
      iam('GetRole', role),
      iam('DeleteRolePermissionsBoundary', role),
      iam('DeleteRolePermissionsBoundary', role),
    ],
  },
  {
    name: 'tags',
    calls: [
      create,
      ...[tags(1), tags(1), tags(50), tags(51), tags(1, 'more'), tags(1, 'aws:'), tags(1, 'K')].map((Tags) =>
        iam('TagRole', { ...role, Tags }),
      ),
      iam('TagRole', { ...role, Tags: [...tags(1), ...tags(1)] }),
      iam('TagRole', { ...role, Tags: [{ Key: 'x'.repeat(129), Value: '' }] }),
      iam('TagRole', { ...role, Tags: [{ Key: 'x', Value: 'x'.repeat(257) }] }),
      iam('TagRole', { ...role, Tags: [{ Key: '<', Value: '' }] }),
      iam('TagRole', { ...role, Tags: [{ Key: 'x', Value: '' }] }),
      iam('ListRoleTags', role),
      iam('UntagRole', { ...role, TagKeys: ['k0', 'none'] }),
      iam('UntagRole', { ...role, TagKeys: tags(51).map(({ Key }) => Key) }),
      iam('TagRole', { RoleName: 'none', Tags: tags(1) }),
      iam('ListRoleTags', { RoleName: 'none' }),
    ],
  },
  {
    name: 'OIDC providers',
    calls: [
      ...URLS.map(provider),
      iam('GetOpenIDConnectProvider', PROVIDER),
      iam('ListOpenIDConnectProviders'),
      iam('UpdateOpenIDConnectProviderThumbprint', { ...PROVIDER, ThumbprintList: ['b'.repeat(40)] }),
      iam('UpdateOpenIDConnectProviderThumbprint', { ...PROVIDER, ThumbprintList: ['b'.repeat(39)] }),
      iam('TagOpenIDConnectProvider', { ...PROVIDER, Tags: tags(1) }),
      iam('UntagOpenIDConnectProvider', { ...PROVIDER, TagKeys: ['k0'] }),
      iam('GetOpenIDConnectProvider', PROVIDER),
      iam('DeleteOpenIDConnectProvider', PROVIDER),
      iam('DeleteOpenIDConnectProvider', PROVIDER),
      iam('GetOpenIDConnectProvider', PROVIDER),
    ],
  },
  {
    name: 'entities that do not exist',
    calls: [
      iam('UpdateRole', role),
      iam('UpdateRoleDescription', { ...role, Description: '' }),
      iam('UpdateAssumeRolePolicy', { ...role, PolicyDocument: TRUST }),
      iam('PutRolePolicy', { ...role, PolicyName: 'p', PolicyDocument: READ }),
      iam('ListRolePolicies', role),
      iam('ListAttachedRolePolicies', role),
      iam('ListInstanceProfilesForRole', role),
      iam('AttachRolePolicy', { ...role, PolicyArn: AWS_POLICY }),
      iam('DetachRolePolicy', { ...role, PolicyArn: AWS_POLICY }),
      iam('UntagRole', { ...role, TagKeys: ['k'] }),
      iam('CreatePolicyVersion', { PolicyArn: MISSING, PolicyDocument: READ }),
      iam('ListPolicyVersions', { PolicyArn: MISSING }),
      iam('TagPolicy', { PolicyArn: MISSING, Tags: tags(1) }),
      iam('UntagPolicy', { PolicyArn: MISSING, TagKeys: ['k'] }),
      iam('PutRolePermissionsBoundary', { ...role, PermissionsBoundary: AWS_POLICY }),
    ],
  },
  {
    name: 'pages',
    calls: [
      ...['a', 'b', 'c'].map((RoleName) => iam('CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST })),
      ...[0, 1, 2, 3, 1000, 1001].map((MaxItems) => iam('ListRoles', { MaxItems })),
      iam('ListRoles', { Marker: 'foreign' }),
      iam('GetAccountAuthorizationDetails', { Filter: ['Role'] }),
      iam('GetAccountAuthorizationDetails', { Filter: ['Nonsense'] }),
    ],
  },
  {
    name: 'sessions',
    calls: [
      iam('CreateRole', {
        ...role,
        AssumeRolePolicyDocument: JSON.stringify(policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession']))),
      }),
      sts('GetCallerIdentity'),
      ...[undefined, 899, 900, 3600, 3601, 43_200, 43_201].map((DurationSeconds) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName: 'session', DurationSeconds }),
      ),
      ...['', 'a', 'ab', 'a b', 'x'.repeat(64), 'x'.repeat(65)].map((RoleSessionName) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName }),
      ),
      ...['', 'x', 'arn:aws:iam::111111111111:role/none', 'arn:aws:iam::111111111111:user/r'].map((RoleArn) =>
        sts('AssumeRole', { RoleArn, RoleSessionName: 'session' }),
      ),
      ...[tags(1), tags(50), tags(51), [...tags(1), ...tags(1)]].map((Tags) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName: 'session', Tags }),
      ),
      ...['x', '{}', READ].map((Policy) =>
        sts('AssumeRole', { RoleArn: roleArn('r'), RoleSessionName: 'session', Policy }),
      ),
    ],
  },
];
