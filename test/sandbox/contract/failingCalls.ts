import type { Service } from '../../../src/sandbox/api/Service';
import { allow, APPS, MAIN_ARN, podTrust, policy, roleArn } from '../testSandbox';
import type { Input } from './rawCall';

/** A call that AWS refuses for its content, and the code of the error. They change nothing. */
export interface FailingCall {
  readonly service: Service;
  readonly operation: string;
  readonly input: Input;
  readonly code: string;
}

function call(service: Service, operation: string, input: Input, code: string): FailingCall {
  return { service, operation, input, code };
}

const TRUST = JSON.stringify(policy(podTrust()));
const BOUNDARY = `arn:aws:iam::${APPS}:policy/boundary`;
const pod = { RoleName: 'pod' };
const cluster = { clusterName: 'main' };
const addon = { ...cluster, addonName: 'aws-ebs-csi-driver' };
const tags = (count: number): readonly Input[] =>
  Array.from({ length: count }, (_item, index) => ({ Key: `k${index}`, Value: '' }));
const tagKeys = (count: number): readonly unknown[] => tags(count).map(({ Key }) => Key);
const TWICE = [
  { Key: 'team', Value: '1' },
  { Key: 'TEAM', Value: '2' },
];
const session = { RoleArn: roleArn('target'), RoleSessionName: 'failing' };
const association = { ...cluster, namespace: 'shop', serviceAccount: 'failing', roleArn: roleArn('pod') };

const simulated = { PolicySourceArn: roleArn('pod'), ActionNames: ['s3:GetObject'] };
/** 40,000 members, which the YAML parser would need most of a minute for. */
const LONG_YAML = Array.from({ length: 40_000 }, (_item, index) => `k${index}: 1`).join('\n');

/** Source of the codes: the Errors of each operation in the API references, and of tags docs/SANDBOX.md. */
export const FAILING_CALLS: readonly FailingCall[] = [
  call('iam', 'CreateRole', { ...pod, AssumeRolePolicyDocument: TRUST }, 'EntityAlreadyExists'),
  call('iam', 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocument'),
  call('iam', 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: TRUST, Tags: TWICE }, 'InvalidInput'),
  call('iam', 'CreateRole', { RoleName: 'new', AssumeRolePolicyDocument: TRUST, Tags: tags(51) }, 'ValidationError'),
  call(
    'iam',
    'CreateRole',
    { RoleName: 'new', AssumeRolePolicyDocument: TRUST, MaxSessionDuration: 60 },
    'ValidationError',
  ),
  call('iam', 'UpdateRole', { ...pod, MaxSessionDuration: 50_000 }, 'ValidationError'),
  call('iam', 'DeleteRole', pod, 'DeleteConflict'),
  call('iam', 'UpdateAssumeRolePolicy', { ...pod, PolicyDocument: '{}' }, 'MalformedPolicyDocument'),
  call('iam', 'TagRole', { ...pod, Tags: TWICE }, 'InvalidInput'),
  call('iam', 'TagRole', { ...pod, Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidInput'),
  call('iam', 'TagRole', { ...pod, Tags: tags(50) }, 'LimitExceeded'),
  call('iam', 'TagRole', { ...pod, Tags: tags(51) }, 'ValidationError'),
  call('iam', 'UntagRole', { ...pod, TagKeys: tagKeys(51) }, 'ValidationError'),
  call('iam', 'ListRoles', { MaxItems: 0 }, 'ValidationError'),
  call('iam', 'ListRoles', { MaxItems: 1001 }, 'ValidationError'),
  call('iam', 'PutRolePolicy', { ...pod, PolicyName: 'new', PolicyDocument: '[]' }, 'MalformedPolicyDocument'),
  call(
    'iam',
    'PutRolePolicy',
    {
      ...pod,
      PolicyName: 'new',
      PolicyDocument: JSON.stringify(allow('s3:GetObject', `arn:aws:s3:::${'x'.repeat(11_000)}`)),
    },
    'LimitExceeded',
  ),
  call(
    'iam',
    'CreatePolicy',
    { PolicyName: 'boundary', PolicyDocument: JSON.stringify(allow('s3:*')) },
    'EntityAlreadyExists',
  ),
  call('iam', 'CreatePolicy', { PolicyName: 'new', PolicyDocument: '{}' }, 'MalformedPolicyDocument'),
  call(
    'iam',
    'CreatePolicy',
    { PolicyName: 'new', Path: '/a:b/', PolicyDocument: JSON.stringify(allow('s3:*')) },
    'ValidationError',
  ),
  call('iam', 'ListPolicies', { PathPrefix: '/no-end' }, 'ValidationError'),
  call('iam', 'ListAttachedRolePolicies', { ...pod, PathPrefix: '/no-end' }, 'ValidationError'),
  call('iam', 'DeletePolicy', { PolicyArn: BOUNDARY }, 'DeleteConflict'),
  call('iam', 'DeletePolicyVersion', { PolicyArn: BOUNDARY, VersionId: 'v1' }, 'DeleteConflict'),
  call('iam', 'CreateOpenIDConnectProvider', { Url: 'http://example.com' }, 'InvalidInput'),
  call('iam', 'CreateOpenIDConnectProvider', { Url: 'https://example.com/\u0000' }, 'InvalidInput'),
  call('iam', 'CreateOpenIDConnectProvider', { Url: 'https://example.com/%zz' }, 'InvalidInput'),
  call('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: roleArn('pod') }, 'InvalidInput'),
  call(
    'iam',
    'DeleteOpenIDConnectProvider',
    { OpenIDConnectProviderArn: `arn:aws-cn:iam::${APPS}:oidc-provider/example.com` },
    'InvalidInput',
  ),
  call('iam', 'SimulatePrincipalPolicy', { ...simulated, PolicyInputList: ['{'] }, 'InvalidInput'),
  call(
    'iam',
    'SimulatePrincipalPolicy',
    { ...simulated, PermissionsBoundaryPolicyInputList: ['{"Statement":[]}'] },
    'InvalidInput',
  ),
  call('iam', 'GetAccountAuthorizationDetails', { Filter: ['Role'], MaxItems: 0 }, 'ValidationError'),
  call('sts', 'AssumeRole', { ...session, DurationSeconds: 60 }, 'ValidationError'),
  call('sts', 'AssumeRole', { ...session, DurationSeconds: 43_200 }, 'ValidationError'),
  call('sts', 'AssumeRole', { ...session, Policy: '{}' }, 'MalformedPolicyDocument'),
  call('sts', 'AssumeRole', { ...session, Tags: TWICE }, 'InvalidParameterValue'),
  call('sts', 'AssumeRole', { ...session, Tags: tags(51) }, 'ValidationError'),
  call('sts', 'AssumeRole', { ...session, Tags: [{ Key: 'k', Value: 'x'.repeat(257) }] }, 'ValidationError'),
  call('sts', 'AssumeRole', { ...session, RoleArn: roleArn('pod') }, 'AccessDenied'),
  call(
    'sts',
    'AssumeRoleWithWebIdentity',
    { ...session, RoleArn: roleArn('pod'), WebIdentityToken: 'no token' },
    'InvalidIdentityToken',
  ),
  call('eks', 'ListClusters', { maxResults: 0 }, 'InvalidParameterException'),
  call('eks', 'ListClusters', { nextToken: 'foreign' }, 'InvalidParameterException'),
  call('eks', 'CreatePodIdentityAssociation', { ...association, serviceAccount: 'one' }, 'ResourceInUseException'),
  call('eks', 'CreatePodIdentityAssociation', { ...association, namespace: 'A B' }, 'InvalidParameterException'),
  call('eks', 'CreatePodIdentityAssociation', { ...association, tags: { 'aws:x': '' } }, 'InvalidParameterException'),
  call('eks', 'CreateAddon', { ...cluster, addonName: 'vpc-cni' }, 'ResourceInUseException'),
  call(
    'eks',
    'CreateAddon',
    { ...addon, serviceAccountRoleArn: `arn:aws-cn:iam::${APPS}:role/pod` },
    'InvalidParameterException',
  ),
  call('eks', 'CreateAddon', { ...addon, namespaceConfig: 'custom' }, 'InvalidParameterException'),
  call('eks', 'CreateAddon', { ...addon, namespaceConfig: ['custom'] }, 'InvalidParameterException'),
  call('eks', 'CreateAddon', { ...addon, configurationValues: LONG_YAML }, 'InvalidParameterException'),
  call('eks', 'CreateAddon', { ...addon, configurationValues: '['.repeat(5000) }, 'InvalidParameterException'),
  call(
    'eks',
    'CreatePodIdentityAssociation',
    { ...association, targetRoleArn: `arn:aws-cn:iam::${APPS}:role/target` },
    'InvalidParameterException',
  ),
  call('eks', 'DescribeAddon', { ...cluster, addonName: 'none' }, 'ResourceNotFoundException'),
  call('eks', 'DescribeAddonVersions', { maxResults: 101 }, 'InvalidParameterException'),
  call('eks', 'TagResource', { resourceArn: MAIN_ARN, tags: {} }, 'BadRequestException'),
  call('eks', 'TagResource', { resourceArn: MAIN_ARN, tags: { 'aws:x': '' } }, 'BadRequestException'),
  call('eks', 'TagResource', { resourceArn: MAIN_ARN, tags: { x: 'x'.repeat(257) } }, 'BadRequestException'),
  call('eks', 'TagResource', { resourceArn: MAIN_ARN, tags: { x: 1 } }, 'BadRequestException'),
  call('eks', 'UntagResource', { resourceArn: MAIN_ARN, tagKeys: tagKeys(51) }, 'BadRequestException'),
  call('eks', 'UntagResource', { resourceArn: MAIN_ARN, tagKeys: ['x'.repeat(129)] }, 'BadRequestException'),
  call('eks-auth', 'AssumeRoleForPodIdentity', { clusterName: 'main', token: 'a.b.c' }, 'InvalidTokenException'),
  call('organizations', 'ListAccounts', { MaxResults: 21 }, 'InvalidInputException'),
  call('organizations', 'ListAccounts', { NextToken: 'foreign' }, 'InvalidInputException'),
  call('account', 'ListRegions', { MaxResults: 51 }, 'ValidationException'),
  call('account', 'ListRegions', { NextToken: 'foreign' }, 'ValidationException'),
  call('account', 'ListRegions', { RegionOptStatusContains: ['NONE'] }, 'ValidationException'),
  call('cloudtrail', 'LookupEvents', { MaxResults: 51 }, 'InvalidMaxResultsException'),
  call('cloudtrail', 'LookupEvents', { NextToken: 'foreign' }, 'InvalidNextTokenException'),
  call(
    'cloudtrail',
    'LookupEvents',
    { StartTime: new Date('2026-01-02T00:00:00Z'), EndTime: new Date('2026-01-01T00:00:00Z') },
    'InvalidTimeRangeException',
  ),
];
