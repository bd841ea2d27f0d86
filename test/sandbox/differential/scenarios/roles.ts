import { AWS_POLICY, create, iam, MISSING, NAMES, PATHS, READ, role, type Scenario, tags, TRUST } from './call';

const DURATIONS = [3599, 3600, 43_200, 43_201];
const DESCRIPTIONS = ['', 'plain', 'x'.repeat(1000), 'x'.repeat(1001), 'Ä', '中'];

/** Roles and their pages. */
export const ROLES: readonly Scenario[] = [
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
    name: 'settings at creation',
    calls: [
      ...DURATIONS.map((MaxSessionDuration, index) =>
        iam('CreateRole', { RoleName: `d${index}`, AssumeRolePolicyDocument: TRUST, MaxSessionDuration }),
      ),
      ...DESCRIPTIONS.map((Description, index) =>
        iam('CreateRole', { RoleName: `t${index}`, AssumeRolePolicyDocument: TRUST, Description }),
      ),
      ...[AWS_POLICY, MISSING, 'no arn, but long enough', 'short'].map((PermissionsBoundary, index) =>
        iam('CreateRole', { RoleName: `b${index}`, AssumeRolePolicyDocument: TRUST, PermissionsBoundary }),
      ),
      iam('GetRole', { RoleName: 'b0' }),
    ],
  },
];
