import type { Service } from '../../../src/sandbox/api/Service';
import type { SandboxSeed } from '../../../src/sandbox/Seed';
import {
  accountTrust,
  allow,
  APPS,
  irsaTrust,
  MAIN_ARN,
  podTrust,
  policy,
  PROVIDER,
  roleArn,
  seedWith,
} from '../testSandbox';
import type { Input } from './rawCall';

/** The tokens of a pod, and what earlier calls answered. */
export interface Known {
  /** The token of a pod for EKS Auth. */
  readonly podToken: string;
  /** The token of a pod for STS. */
  readonly webIdentityToken: string;
  /** The first value of a member by its name in all answers before, the newest answer first. `none` without one. */
  readonly answered: (member: string) => string;
}

/** A valid call. Calls run in their order: each finds what those before it made. */
export interface ValidCall {
  readonly service: Service;
  readonly operation: string;
  readonly input: (known: Known) => Input;
}

export const NAMESPACE = 'shop';
export const SERVICE_ACCOUNT = 'orders';
export const POWERLESS = 'powerless';

const TRUST = JSON.stringify(policy(podTrust()));
const DOCUMENT = JSON.stringify(allow('s3:GetObject'));
const BOUNDARY = `arn:aws:iam::${APPS}:policy/boundary`;
const CREATED_POLICY = `arn:aws:iam::${APPS}:policy/team/reader`;
const CREATED_PROVIDER = `arn:aws:iam::${APPS}:oidc-provider/token.example.com`;
const TAGS = [{ Key: 'team', Value: 'shop' }];
const ROLE = 'contract';
const ADDON = 'aws-ebs-csi-driver';

/** Roles, policies, clusters and node groups, of each kind at least three for pages. */
export const SEED: SandboxSeed = seedWith(
  [
    { account: APPS, name: POWERLESS, trust: policy(accountTrust(APPS, 'sts:AssumeRole')) },
    {
      account: APPS,
      name: 'pod',
      trust: policy(podTrust(), irsaTrust(NAMESPACE, SERVICE_ACCOUNT)),
      inline: { one: allow('s3:GetObject'), two: allow('s3:GetObject'), three: allow('s3:GetObject') },
      attached: [BOUNDARY, `arn:aws:iam::${APPS}:policy/second`, 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
      permissionsBoundary: BOUNDARY,
      tags: { team: 'shop', stage: 'test', cost: '1' },
      lastUsed: '2026-11-01T00:00:00.000Z',
    },
    { account: APPS, name: 'target', trust: policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession'])) },
  ],
  {
    // Without waiting: AWS takes two lookups a second.
    quotas: { [APPS]: { lookupsPerSecond: 1000 } },
    organisations: [
      { id: 'o-abcdefghij', accounts: [APPS, '222222222222', '333333333333'], suspended: ['333333333333'] },
    ],
    policies: [
      { arn: BOUNDARY, document: allow('s3:*') },
      { arn: `arn:aws:iam::${APPS}:policy/second`, document: allow('s3:*') },
      { arn: `arn:aws:iam::${APPS}:policy/third`, document: allow('s3:*') },
    ],
    clusters: [
      {
        ...seedWith().clusters[0]!,
        nodeGroups: ['one', 'two', 'three'].map((name) => ({ name, nodeRole: roleArn('node') })),
        addons: [{ name: 'vpc-cni' }, { name: 'coredns' }, { name: 'kube-proxy' }],
        associations: ['one', 'two', SERVICE_ACCOUNT].map((serviceAccount) => ({
          namespace: NAMESPACE,
          serviceAccount,
          roleArn: roleArn('pod'),
        })),
      },
      seedWith().clusters[1]!,
      { ...seedWith().clusters[1]!, name: 'third', issuer: 'https://oidc.eks.us-west-2.amazonaws.com/id/CCCC3333' },
    ],
  },
);

function call(service: Service, operation: string, input: Input | ((known: Known) => Input) = {}): ValidCall {
  return { service, operation, input: typeof input === 'function' ? input : () => input };
}

const role = { RoleName: ROLE };
const created = { PolicyArn: CREATED_POLICY };
const provider = { OpenIDConnectProviderArn: CREATED_PROVIDER };
const cluster = { clusterName: 'main' };
const addon = { ...cluster, addonName: ADDON };
const association = (known: Known): Input => ({ ...cluster, associationId: known.answered('associationId') });

/** At least one valid call of each operation. */
export const VALID_CALLS: readonly ValidCall[] = [
  call('iam', 'SimulatePrincipalPolicy', {
    PolicySourceArn: roleArn('pod'),
    ActionNames: ['s3:GetObject'],
    ResourceArns: ['arn:aws:s3:::bucket/key'],
    ContextEntries: [
      { ContextKeyName: 'aws:CurrentTime', ContextKeyValues: ['2026-01-01T00:00:00Z'], ContextKeyType: 'date' },
    ],
  }),
  call('sts', 'GetCallerIdentity'),
  call('sts', 'GetSessionToken', { DurationSeconds: 900 }),
  call('iam', 'CreatePolicy', {
    PolicyName: 'reader',
    Path: '/team/',
    PolicyDocument: DOCUMENT,
    Description: 'reads',
    Tags: TAGS,
  }),
  call('iam', 'GetPolicy', created),
  call('iam', 'TagPolicy', { ...created, Tags: [{ Key: 'stage', Value: '' }] }),
  call('iam', 'UntagPolicy', { ...created, TagKeys: ['stage'] }),
  call('iam', 'CreatePolicyVersion', { ...created, PolicyDocument: DOCUMENT, SetAsDefault: false }),
  call('iam', 'GetPolicyVersion', { ...created, VersionId: 'v2' }),
  call('iam', 'ListPolicyVersions', created),
  call('iam', 'SetDefaultPolicyVersion', { ...created, VersionId: 'v2' }),
  call('iam', 'DeletePolicyVersion', { ...created, VersionId: 'v1' }),
  call('iam', 'ListPolicies', { Scope: 'Local', PathPrefix: '/', OnlyAttached: false }),
  call('iam', 'CreateRole', {
    ...role,
    AssumeRolePolicyDocument: TRUST,
    Path: '/team/',
    Description: 'for a contract',
    MaxSessionDuration: 7200,
    PermissionsBoundary: BOUNDARY,
    Tags: TAGS,
  }),
  call('iam', 'GetRole', role),
  call('iam', 'GetRole', { RoleName: 'pod' }),
  call('iam', 'UpdateRole', { ...role, Description: 'changed', MaxSessionDuration: 3600 }),
  call('iam', 'UpdateRoleDescription', { ...role, Description: 'changed again' }),
  call('iam', 'UpdateAssumeRolePolicy', { ...role, PolicyDocument: TRUST }),
  call('iam', 'ListRoles', { PathPrefix: '/' }),
  call('iam', 'ListInstanceProfilesForRole', role),
  call('iam', 'TagRole', { ...role, Tags: [{ Key: 'stage', Value: 'test' }] }),
  call('iam', 'ListRoleTags', role),
  call('iam', 'UntagRole', { ...role, TagKeys: ['stage', 'team'] }),
  call('iam', 'ListRoleTags', role),
  call('iam', 'PutRolePolicy', { ...role, PolicyName: 'inline', PolicyDocument: DOCUMENT }),
  call('iam', 'GetRolePolicy', { ...role, PolicyName: 'inline' }),
  call('iam', 'ListRolePolicies', role),
  call('iam', 'AttachRolePolicy', { ...role, ...created }),
  call('iam', 'ListAttachedRolePolicies', { ...role, PathPrefix: '/' }),
  call('iam', 'GetAccountAuthorizationDetails', { Filter: ['Role', 'LocalManagedPolicy'] }),
  call('iam', 'DetachRolePolicy', { ...role, ...created }),
  call('iam', 'DeleteRolePolicy', { ...role, PolicyName: 'inline' }),
  call('iam', 'ListRolePolicies', role),
  call('iam', 'ListAttachedRolePolicies', role),
  call('iam', 'PutRolePermissionsBoundary', { ...role, PermissionsBoundary: BOUNDARY }),
  call('iam', 'DeleteRolePermissionsBoundary', role),
  call('iam', 'GetRole', role),
  call('iam', 'DeleteRole', role),
  call('iam', 'DeletePolicy', created),
  call('iam', 'CreateOpenIDConnectProvider', {
    Url: 'https://token.example.com',
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: ['0123456789abcdef0123456789abcdef01234567'],
    Tags: TAGS,
  }),
  call('iam', 'GetOpenIDConnectProvider', provider),
  call('iam', 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn: PROVIDER }),
  call('iam', 'ListOpenIDConnectProviders'),
  call('iam', 'AddClientIDToOpenIDConnectProvider', { ...provider, ClientID: 'second' }),
  call('iam', 'RemoveClientIDFromOpenIDConnectProvider', { ...provider, ClientID: 'second' }),
  call('iam', 'UpdateOpenIDConnectProviderThumbprint', {
    ...provider,
    ThumbprintList: ['89abcdef0123456789abcdef0123456789abcdef'],
  }),
  call('iam', 'TagOpenIDConnectProvider', { ...provider, Tags: [{ Key: 'stage', Value: 'test' }] }),
  call('iam', 'UntagOpenIDConnectProvider', { ...provider, TagKeys: ['stage'] }),
  call('iam', 'DeleteOpenIDConnectProvider', provider),
  call('sts', 'AssumeRole', { RoleArn: roleArn('target'), RoleSessionName: 'plain' }),
  call('sts', 'AssumeRole', {
    RoleArn: roleArn('target'),
    RoleSessionName: 'full',
    DurationSeconds: 900,
    ExternalId: 'external',
    Policy: DOCUMENT,
    PolicyArns: [{ arn: BOUNDARY }],
    Tags: TAGS,
    TransitiveTagKeys: ['team'],
  }),
  call('sts', 'AssumeRoleWithWebIdentity', ({ webIdentityToken }) => ({
    RoleArn: roleArn('pod'),
    RoleSessionName: 'pod',
    WebIdentityToken: webIdentityToken,
    DurationSeconds: 900,
  })),
  call('eks', 'ListClusters'),
  call('eks', 'DescribeCluster', { name: 'main' }),
  call('eks', 'DescribeCluster', { name: 'other' }),
  call('eks', 'ListNodegroups', cluster),
  call('eks', 'DescribeNodegroup', { ...cluster, nodegroupName: 'one' }),
  call('eks', 'DescribeClusterVersions'),
  call('eks', 'DescribeClusterVersions', {
    clusterType: 'eks',
    clusterVersions: ['1.33'],
    defaultOnly: false,
    includeAll: true,
    versionStatus: 'EXTENDED_SUPPORT',
  }),
  call('eks', 'DescribeAddonVersions'),
  call('eks', 'DescribeAddonVersions', { addonName: ADDON, kubernetesVersion: '1.33' }),
  call('eks', 'DescribeAddonConfiguration', (known) => ({
    addonName: ADDON,
    addonVersion: known.answered('addonVersion'),
  })),
  call('eks', 'CreateAddon', {
    ...addon,
    resolveConflicts: 'OVERWRITE',
    clientRequestToken: 'contract-create-addon',
    tags: { team: 'shop' },
    podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: roleArn('pod') }],
  }),
  call('eks', 'DescribeAddon', addon),
  call('eks', 'DescribeAddon', { ...cluster, addonName: 'vpc-cni' }),
  call('eks', 'ListAddons', cluster),
  call('eks', 'ListPodIdentityAssociations', { ...cluster, namespace: 'kube-system' }),
  call('eks', 'DescribePodIdentityAssociation', association),
  call('eks', 'UpdateAddon', {
    ...addon,
    resolveConflicts: 'PRESERVE',
    clientRequestToken: 'contract-update-addon',
    podIdentityAssociations: [],
  }),
  call('eks', 'DescribeUpdate', (known) => ({ name: 'main', updateId: known.answered('id'), addonName: ADDON })),
  call('eks', 'TagResource', { resourceArn: MAIN_ARN, tags: { team: 'shop', stage: 'test' } }),
  call('eks', 'ListTagsForResource', { resourceArn: MAIN_ARN }),
  call('eks', 'UntagResource', { resourceArn: MAIN_ARN, tagKeys: ['stage', 'team'] }),
  call('eks', 'ListTagsForResource', { resourceArn: MAIN_ARN }),
  call('eks', 'DeleteAddon', { ...addon, preserve: false }),
  call('eks', 'ListPodIdentityAssociations', cluster),
  call('eks', 'CreatePodIdentityAssociation', {
    ...cluster,
    namespace: NAMESPACE,
    serviceAccount: 'created',
    roleArn: roleArn('pod'),
    targetRoleArn: roleArn('target'),
    disableSessionTags: true,
    clientRequestToken: 'contract-create-association',
    tags: { team: 'shop' },
  }),
  call('eks', 'DescribePodIdentityAssociation', association),
  call('eks', 'UpdatePodIdentityAssociation', (known) => ({ ...association(known), policy: DOCUMENT })),
  call('eks', 'DescribePodIdentityAssociation', association),
  call('eks', 'UpdatePodIdentityAssociation', (known) => ({
    ...association(known),
    disableSessionTags: false,
    policy: '',
  })),
  call('eks', 'DeletePodIdentityAssociation', association),
  call('eks-auth', 'AssumeRoleForPodIdentity', ({ podToken }) => ({ clusterName: 'main', token: podToken })),
  call('organizations', 'ListAccounts'),
  call('organizations', 'ListAccounts', { MaxResults: 20 }),
  call('account', 'ListRegions'),
  call('account', 'ListRegions', { MaxResults: 50, RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] }),
  call('cloudtrail', 'LookupEvents'),
  call('cloudtrail', 'LookupEvents', {
    LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'AssumeRole' }],
    StartTime: new Date('2026-01-01T00:00:00Z'),
    EndTime: new Date('2100-01-01T00:00:00Z'),
    MaxResults: 50,
  }),
  call('cloudtrail', 'LookupEvents', { EventCategory: 'insight' }),
];
