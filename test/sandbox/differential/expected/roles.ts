import { API, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of roles and their pages. */
export const ROLES: readonly ExpectedDifferences[] = [
  {
    reason: 'moto takes names that differ only in case as different names.',
    source: `${API}API_CreateRole.html (RoleName: "cannot create resources named both …")`,
    differ: [
      {
        lines: ['409 EntityAlreadyExists / 200'],
        at: { 'the life of a role: CreateRole': [2], 'managed policies: CreatePolicy': [13] },
      },
      {
        lines: [
          'Policies[arn:aws:iam::111111111111:policy/P]: absent / {"PolicyName":"P","PolicyId":"varies","Arn":"arn:aws:iam::111111111111:policy/P","Path":"/","Default… 76ee72db',
        ],
        at: { 'managed policies: ListPolicies': [29] },
      },
    ],
  },
  {
    reason: 'moto takes every name and path.',
    source: `${API}API_CreateRole.html, API_CreatePolicy.html and API_PutRolePolicy.html (length and pattern of the name and the path)`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: {
          'names of roles: CreateRole': [3, 4, 5, 6, 7],
          'paths of roles: CreateRole': [3, 4, 5, 7],
          'names and paths of policies: CreatePolicy': [5, 6, 7, 8, 19, 24, 25, 26, 28],
          'names and paths of policies: PutRolePolicy': [13, 14, 15, 16, 20],
        },
      },
    ],
  },
  {
    reason:
      'UpdateRole without a description removes it in moto. AWS does not say; the sandbox keeps what a request does not name.',
    source: `${API}API_UpdateRole.html (unknown)`,
    differ: [
      {
        lines: ['Role.Description: "d" / absent'],
        at: { 'the life of a role: GetRole': [4] },
      },
    ],
  },
  {
    reason: 'moto leaves IsTruncated out.',
    source: `${API}API_ListInstanceProfilesForRole.html and API_ListPolicyVersions.html (IsTruncated)`,
    differ: [
      {
        lines: ['IsTruncated: "false" / absent'],
        at: { 'the life of a role: ListInstanceProfilesForRole': [9], 'managed policies: ListPolicyVersions': [19] },
      },
    ],
  },
  {
    reason: 'moto takes every session duration, and the role keeps it.',
    source: `${API}API_UpdateRole.html (MaxSessionDuration)`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: { 'durations and descriptions: UpdateRole': [1, 4], 'settings at creation: CreateRole': [0, 3] },
      },
      {
        lines: ['Role.MaxSessionDuration: "43200" / "43201"'],
        at: { 'durations and descriptions: UpdateRoleDescription': [5, 6, 7, 9] },
      },
    ],
  },
  {
    reason: 'moto takes every description.',
    source: `${API}API_CreateRole.html (Description: length and pattern)`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: {
          'durations and descriptions: UpdateRoleDescription': [8, 10],
          'settings at creation: CreateRole': [7, 9],
        },
      },
    ],
  },
  {
    reason: 'moto answers with an empty list of tags. IAM leaves it out.',
    source: `${API}API_GetRole.html, API_GetPolicy.html and API_GetOpenIDConnectProvider.html (sample responses)`,
    differ: [
      {
        lines: ['Role.Tags: absent / ""'],
        at: { 'durations and descriptions: UpdateRoleDescription': [5, 6, 7, 9] },
      },
      {
        lines: [
          'RoleDetailList[arn:aws:iam::111111111111:role/a].Tags: absent / ""',
          'RoleDetailList[arn:aws:iam::111111111111:role/b].Tags: absent / ""',
          'RoleDetailList[arn:aws:iam::111111111111:role/c].Tags: absent / ""',
        ],
        at: { 'pages: GetAccountAuthorizationDetails': [10] },
      },
      {
        lines: ['Policy.Tags: absent / ""'],
        at: {
          'managed policies: GetPolicy': [26, 28],
          'versions and their default: GetPolicy': [4],
          'lists of policies: GetPolicy': [7, 8],
        },
      },
      {
        lines: ['Tags: absent / ""'],
        at: {
          'OIDC providers: GetOpenIDConnectProvider': [13, 19],
          'thumbprints, audiences and tags of OIDC providers: GetOpenIDConnectProvider': [19],
        },
      },
    ],
  },
  {
    reason: 'moto does not look for the role.',
    source: `${API}API_ListInstanceProfilesForRole.html (NoSuchEntity)`,
    differ: [
      {
        lines: ['404 NoSuchEntity / 200'],
        at: { 'entities that do not exist: ListInstanceProfilesForRole': [6] },
      },
    ],
  },
  {
    reason: 'moto takes every page size, filter, scope and prefix.',
    source: `${API}API_ListRoles.html, API_ListPolicies.html, API_ListAttachedRolePolicies.html and API_GetAccountAuthorizationDetails.html (ranges, valid values and patterns)`,
    differ: [
      {
        lines: ['400 ValidationError / 200'],
        at: {
          'pages: ListRoles': [3, 8],
          'pages: GetAccountAuthorizationDetails': [11],
          'lists of policies: ListPolicies': [12, 18, 19, 24, 28],
          'lists of policies: ListAttachedRolePolicies': [23, 27],
        },
      },
    ],
  },
  {
    reason: 'moto fails with a marker that it did not give.',
    source: `${API}API_ListRoles.html (Marker: "the value of the Marker element in the response"); the code is the one of other invalid parameters`,
    differ: [
      {
        lines: ['400 ValidationError / 500'],
        at: { 'pages: ListRoles': [9] },
      },
    ],
  },
  {
    reason: 'moto has another type of a permissions boundary.',
    source: `${API}API_AttachedPermissionsBoundary.html ("can only have a value of Policy")`,
    differ: [
      {
        lines: ['Role.PermissionsBoundary.PermissionsBoundaryType: "Policy" / "PermissionsBoundaryPolicy"'],
        at: {
          'settings at creation: CreateRole': [10],
          'settings at creation: GetRole': [14],
          'attachments and boundaries: GetRole': [19],
        },
      },
    ],
  },
  {
    reason: 'moto takes a boundary that does not exist, and shows it.',
    source: `${API}API_PutRolePermissionsBoundary.html (NoSuchEntity); for CreateRole the answer that openshift/rosa shows`,
    differ: [
      {
        lines: ['404 NoSuchEntity / 200'],
        at: {
          'settings at creation: CreateRole': [11],
          'attachments and boundaries: PutRolePermissionsBoundary': [18],
        },
      },
      {
        lines: [
          'Role.PermissionsBoundary.PermissionsBoundaryArn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" / "arn:aws:iam::111111111111:policy/missing"',
        ],
        at: { 'attachments and boundaries: GetRole': [19] },
      },
    ],
  },
  {
    reason: 'moto has an error for boundaries that the operation does not have.',
    source: `${API}API_CreateRole.html (Errors; PermissionsBoundary: at least 20 characters)`,
    differ: [
      {
        lines: ['400 InvalidInput / 400 InvalidParameterValue'],
        at: { 'settings at creation: CreateRole': [12] },
      },
      {
        lines: ['400 ValidationError / 400 InvalidParameterValue'],
        at: { 'settings at creation: CreateRole': [13] },
      },
    ],
  },
];
