import type { Statement } from '../../../../src/iam/PolicyDocument';
import { allow, policy } from '../../testSandbox';
import {
  AWS_POLICY,
  create,
  createPolicy,
  iam,
  MISSING,
  NAMES,
  PATHS,
  POLICY,
  READ,
  role,
  type Scenario,
} from './call';

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

const allowing = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

const MORE_DOCUMENTS: readonly object[] = [
  { ...allowing, Sid: 'Read1' },
  { ...allowing, Sid: 'not good' },
  { ...allowing, Effect: 'Permit' },
  { ...allowing, Action: [] },
  { ...allowing, Action: ['s3:GetObject', 's3:PutObject'] },
  { ...allowing, Action: 's3:Get*' },
  { ...allowing, Action: 'nonsense:Get' },
  { ...allowing, Action: 's*:Get' },
  { ...allowing, Action: 's3 :Get' },
  { ...allowing, Action: undefined },
  { ...allowing, NotAction: 's3:PutObject' },
  { ...allowing, Resource: [] },
  { ...allowing, Resource: '' },
  { ...allowing, Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::a/*'] },
  { ...allowing, Resource: 'arn:aws:s3' },
  { ...allowing, Resource: 'arn:nonsense:s3:::a' },
  { ...allowing, Resource: 'arn:aws:sqs:us-west-2:111111111111:queue' },
  { ...allowing, NotResource: 'arn:aws:s3:::a' },
  { ...allowing, NotPrincipal: { AWS: '111111111111' } },
  { ...allowing, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } } },
  { ...allowing, Condition: { StringNonsense: { 'aws:PrincipalTag/team': 'shop' } } },
  { ...allowing, Condition: { DateLessThan: { 'aws:CurrentTime': 'tomorrow' } } },
  { ...allowing, Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } } },
  { ...allowing, Condition: { StringEquals: 'x' } },
  { ...allowing, Nonsense: 1 },
];

const WRITE = JSON.stringify(allow('s3:PutObject'));
const TEAM_POLICY = POLICY.replace(/p$/, 'team/q');

function longDocument(length: number): string {
  return JSON.stringify(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(length)}`));
}

/** Policies, their versions and attachments. */
export const POLICIES: readonly Scenario[] = [
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
    name: 'more documents of inline policies',
    calls: [
      create,
      ...MORE_DOCUMENTS.map((statement, index) =>
        iam('PutRolePolicy', {
          ...role,
          PolicyName: `p${index}`,
          PolicyDocument: JSON.stringify(policy(statement as Statement)),
        }),
      ),
    ],
  },
  {
    name: 'names and paths of policies',
    calls: [
      create,
      ...NAMES.map((PolicyName) => iam('CreatePolicy', { PolicyName, PolicyDocument: READ })),
      ...NAMES.map((PolicyName) => iam('PutRolePolicy', { ...role, PolicyName, PolicyDocument: READ })),
      ...['x'.repeat(128), 'x'.repeat(129)].flatMap((PolicyName) => [
        iam('CreatePolicy', { PolicyName, PolicyDocument: READ }),
        iam('PutRolePolicy', { ...role, PolicyName, PolicyDocument: READ }),
      ]),
      ...PATHS.map((Path, index) => iam('CreatePolicy', { PolicyName: `q${index}`, PolicyDocument: READ, Path })),
    ],
  },
  {
    name: 'versions and their default',
    calls: [
      createPolicy,
      ...[true, false, undefined].map((SetAsDefault) =>
        iam('CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument: WRITE, SetAsDefault }),
      ),
      iam('GetPolicy', { PolicyArn: POLICY }),
      iam('DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v4' }),
      iam('CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument: READ }),
      ...['v0', '1', 'v1', 'v5'].map((VersionId) => iam('GetPolicyVersion', { PolicyArn: POLICY, VersionId })),
      ...['{', '{}'].map((PolicyDocument) => iam('CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument })),
      iam('CreatePolicyVersion', { PolicyArn: AWS_POLICY, PolicyDocument: READ }),
      iam('DeletePolicy', { PolicyArn: AWS_POLICY }),
    ],
  },
  {
    name: 'quotas of policies',
    calls: [
      create,
      ...Array.from({ length: 11 }, (_item, index) =>
        iam('CreatePolicy', { PolicyName: `p${index}`, PolicyDocument: READ }),
      ),
      ...Array.from({ length: 11 }, (_item, index) =>
        iam('AttachRolePolicy', { ...role, PolicyArn: POLICY + String(index) }),
      ),
      ...[5000, 7000].map((length) =>
        iam('CreatePolicy', { PolicyName: `l${length}`, PolicyDocument: longDocument(length) }),
      ),
      ...[9000, 11_000].map((length) =>
        iam('PutRolePolicy', { ...role, PolicyName: `l${length}`, PolicyDocument: longDocument(length) }),
      ),
    ],
  },
  {
    name: 'lists of policies',
    calls: [
      create,
      createPolicy,
      iam('CreatePolicy', { PolicyName: 'q', PolicyDocument: READ, Path: '/team/' }),
      iam('CreatePolicy', { PolicyName: 's', PolicyDocument: READ, Path: '/team/' }),
      iam('AttachRolePolicy', { ...role, PolicyArn: TEAM_POLICY }),
      iam('AttachRolePolicy', { ...role, PolicyArn: AWS_POLICY }),
      iam('PutRolePermissionsBoundary', { ...role, PermissionsBoundary: POLICY }),
      iam('GetPolicy', { PolicyArn: POLICY }),
      iam('GetPolicy', { PolicyArn: TEAM_POLICY }),
      iam('DeletePolicy', { PolicyArn: POLICY }),
      ...['PermissionsPolicy', 'PermissionsBoundary', 'Nonsense'].map((PolicyUsageFilter) =>
        iam('ListPolicies', { Scope: 'Local', PolicyUsageFilter }),
      ),
      ...[true, false].map((OnlyAttached) => iam('ListPolicies', { Scope: 'Local', OnlyAttached })),
      ...['/team/', '/', '/none/', 'team'].map((PathPrefix) => iam('ListPolicies', { Scope: 'Local', PathPrefix })),
      iam('ListPolicies', { Scope: 'Nonsense' }),
      ...['/team/', '/', '/none/'].map((PathPrefix) => iam('ListAttachedRolePolicies', { ...role, PathPrefix })),
      ...[0, 2, 1001].flatMap((MaxItems) => [
        iam('ListAttachedRolePolicies', { ...role, MaxItems }),
        iam('ListPolicies', { Scope: 'Local', MaxItems }),
      ]),
      iam('PutRolePolicy', { ...role, PolicyName: 'a', PolicyDocument: READ }),
      iam('PutRolePolicy', { ...role, PolicyName: 'a', PolicyDocument: WRITE }),
      iam('GetRolePolicy', { ...role, PolicyName: 'a' }),
    ],
  },
];
