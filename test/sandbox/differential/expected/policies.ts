import { API, GUIDE, type ExpectedDifferences } from './ExpectedDifferences';

/** Expected differences of policies. */
export const POLICIES: readonly ExpectedDifferences[] = [
  {
    reason: 'moto has no quota for trust policies, policies, attached policies and tags.',
    source: `${GUIDE}reference_iam-quotas.html`,
    differ: [
      {
        lines: ['409 LimitExceeded / 200'],
        at: {
          'the length of trust policies: CreateRole': [1, 2, 3],
          'quotas of policies: AttachRolePolicy': [22],
          'quotas of policies: CreatePolicy': [24],
          'quotas of policies: PutRolePolicy': [26],
          'tags: TagRole': [5, 12],
          'tags of policies: TagPolicy': [10],
        },
      },
    ],
  },
  {
    reason: 'A policy that is embedded in a role needs no Version.',
    source: `${GUIDE}reference_policies_elements_version.html ("the value defaults to 2008-10-17")`,
    differ: [
      {
        lines: ['200 / 400 MalformedPolicyDocument'],
        at: { 'inline policies: PutRolePolicy': [4] },
      },
      {
        lines: ['PolicyNames["p3"]: "p3" / absent'],
        at: { 'inline policies: ListRolePolicies': [13] },
      },
    ],
  },
  {
    reason: 'moto takes a Principal or a NotPrincipal in the policy of a role.',
    source: `${GUIDE}reference_policies_elements_principal.html ("You cannot use the Principal element in an identity-based policy")`,
    differ: [
      {
        lines: ['400 MalformedPolicyDocument / 200'],
        at: {
          'inline policies: PutRolePolicy': [9],
          'managed policies: CreatePolicy': [8],
          'more documents of inline policies: PutRolePolicy': [19],
        },
      },
      {
        lines: ['PolicyNames["p8"]: absent / "p8"'],
        at: { 'inline policies: ListRolePolicies': [13] },
      },
      {
        lines: [
          'Policies[arn:aws:iam::111111111111:policy/p8]: absent / {"PolicyName":"p8","PolicyId":"varies","Arn":"arn:aws:iam::111111111111:policy/p8","Path":"/","Defau… 5de8b359',
        ],
        at: { 'managed policies: ListPolicies': [29] },
      },
    ],
  },
  {
    reason: 'moto takes a Sid with a space.',
    source: `${GUIDE}reference_policies_elements_sid.html ("uppercase letters (A-Z), lowercase letters (a-z), and numbers (0-9)")`,
    differ: [
      {
        lines: ['400 MalformedPolicyDocument / 200'],
        at: { 'more documents of inline policies: PutRolePolicy': [2] },
      },
    ],
  },
  {
    reason: 'moto looks for a region in an ARN that ends before it. IAM completes such an ARN with wildcards.',
    source: "src/iam/validateResource.ts (IAM's message for a wrong partition shows the completed ARN)",
    differ: [
      {
        lines: ['200 / 400 MalformedPolicyDocument'],
        at: { 'more documents of inline policies: PutRolePolicy': [15] },
      },
    ],
  },
  {
    reason: 'moto leaves PermissionsBoundaryUsageCount out.',
    source: `${API}API_Policy.html (PermissionsBoundaryUsageCount)`,
    differ: [
      {
        lines: ['Policy.PermissionsBoundaryUsageCount: "0" / absent'],
        at: {
          'managed policies: CreatePolicy': [0, 7, 11, 12],
          'managed policies: GetPolicy': [26, 28],
          'attachments and boundaries: CreatePolicy': [1],
          'names and paths of policies: CreatePolicy': [1, 2, 3, 4, 17, 21, 22, 23, 27],
          'versions and their default: CreatePolicy': [0],
          'versions and their default: GetPolicy': [4],
          'quotas of policies: CreatePolicy': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 23],
          'lists of policies: CreatePolicy': [1, 2, 3],
          'lists of policies: GetPolicy': [8],
          'tags at creation: CreatePolicy': [1],
          'tags of policies: CreatePolicy': [0],
          'tags of policies: GetPolicy': [13],
          'conditions, policies and tags of sessions: CreatePolicy': [3],
        },
      },
      {
        lines: [
          'Policies[arn:aws:iam::111111111111:policy/p].PermissionsBoundaryUsageCount: "0" / absent',
          'Policies[arn:aws:iam::111111111111:policy/p0].PermissionsBoundaryUsageCount: "0" / absent',
          'Policies[arn:aws:iam::111111111111:policy/p11].PermissionsBoundaryUsageCount: "0" / absent',
          'Policies[arn:aws:iam::111111111111:policy/p7].PermissionsBoundaryUsageCount: "0" / absent',
        ],
        at: { 'managed policies: ListPolicies': [29] },
      },
      {
        lines: ['Policy.PermissionsBoundaryUsageCount: "1" / absent'],
        at: { 'lists of policies: GetPolicy': [7] },
      },
      {
        lines: ['Policies[arn:aws:iam::111111111111:policy/team/q].PermissionsBoundaryUsageCount: "0" / absent'],
        at: { 'lists of policies: ListPolicies': [10, 13, 14, 15, 16] },
      },
      {
        lines: ['Policies[arn:aws:iam::111111111111:policy/team/s].PermissionsBoundaryUsageCount: "0" / absent'],
        at: { 'lists of policies: ListPolicies': [14, 15, 16] },
      },
    ],
  },
  {
    reason: 'moto answers with the document.',
    source: `${API}API_PolicyVersion.html ("It is not returned in the response to the CreatePolicyVersion or ListPolicyVersions operations")`,
    differ: [
      {
        lines: [
          'PolicyVersion.Document: absent / {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
        ],
        at: {
          'managed policies: CreatePolicyVersion': [14, 15, 16, 17],
          'versions and their default: CreatePolicyVersion': [6],
        },
      },
      {
        lines: [
          'Versions[v1].Document: absent / {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
          'Versions[v2].Document: absent / {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
          'Versions[v3].Document: absent / {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
          'Versions[v4].Document: absent / {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
          'Versions[v5].Document: absent / {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
        ],
        at: { 'managed policies: ListPolicyVersions': [19] },
      },
      {
        lines: [
          'PolicyVersion.Document: absent / {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}',
        ],
        at: { 'versions and their default: CreatePolicyVersion': [1, 2, 3] },
      },
    ],
  },
  {
    reason:
      'moto deletes a policy that has versions, that a role has, or that is a boundary, and the policy is gone in the next answers.',
    source: `${API}API_DeletePolicy.html (the steps before it; DeleteConflict)`,
    differ: [
      {
        lines: ['409 DeleteConflict / 200'],
        at: {
          'managed policies: DeletePolicy': [30],
          'attachments and boundaries: DeletePolicy': [10],
          'lists of policies: DeletePolicy': [9],
        },
      },
      {
        lines: ['200 / 404 NoSuchEntity'],
        at: { 'attachments and boundaries: GetPolicy': [12], 'attachments and boundaries: DetachRolePolicy': [13] },
      },
      {
        lines: [
          'Policies[arn:aws:iam::111111111111:policy/p]: {"PolicyName":"p","PolicyId":"varies","Arn":"arn:aws:iam::111111111111:policy/p","Path":"/","Default… 49ee3cda / absent',
        ],
        at: { 'lists of policies: ListPolicies': [11, 14, 16] },
      },
    ],
  },
  {
    reason: 'moto answers NoSuchEntity to a text that is no ARN of a policy.',
    source: `${API}API_AttachRolePolicy.html (InvalidInput)`,
    differ: [
      {
        lines: ['400 InvalidInput / 404 NoSuchEntity'],
        at: { 'attachments and boundaries: AttachRolePolicy': [7, 8] },
      },
    ],
  },
  {
    reason:
      'moto takes the removal of a boundary that is not there. AWS has NoSuchEntity for the operation, and does not say when.',
    source: `${API}API_DeleteRolePermissionsBoundary.html (unknown)`,
    differ: [
      {
        lines: ['404 NoSuchEntity / 200'],
        at: { 'attachments and boundaries: DeleteRolePermissionsBoundary': [21] },
      },
    ],
  },
  {
    reason: 'moto looks for a version that has the form of no version.',
    source: `${API}API_GetPolicyVersion.html (VersionId: pattern)`,
    differ: [
      {
        lines: ['400 ValidationError / 404 NoSuchEntity'],
        at: { 'versions and their default: GetPolicyVersion': [7, 8] },
      },
    ],
  },
  {
    reason: 'moto changes and deletes policies of AWS.',
    source: `${GUIDE}access_policies_managed-vs-inline.html ("You cannot change the permissions defined in AWS managed policies"; the code is unknown)`,
    differ: [
      {
        lines: ['400 InvalidInput / 200'],
        at: {
          'versions and their default: CreatePolicyVersion': [13],
          'versions and their default: DeletePolicy': [14],
        },
      },
    ],
  },
  {
    reason: 'moto does not filter by PolicyUsageFilter.',
    source: `${API}API_ListPolicies.html (PolicyUsageFilter; for unattached policies unknown)`,
    differ: [
      {
        lines: [
          'Policies[arn:aws:iam::111111111111:policy/team/s]: absent / {"PolicyName":"s","PolicyId":"varies","Arn":"arn:aws:iam::111111111111:policy/team/s","Path":"/team/… 90ba90ff',
        ],
        at: { 'lists of policies: ListPolicies': [10, 11] },
      },
      {
        lines: [
          'Policies[arn:aws:iam::111111111111:policy/team/q]: absent / {"PolicyName":"q","PolicyId":"varies","Arn":"arn:aws:iam::111111111111:policy/team/q","Path":"/team/… 3fe199b1',
        ],
        at: { 'lists of policies: ListPolicies': [11] },
      },
    ],
  },
  {
    reason: 'moto has one more page than there are items.',
    source: `${API}API_ListAttachedRolePolicies.html (IsTruncated: "whether there are more items to return")`,
    differ: [
      {
        lines: [
          'AttachedPolicies: [{"PolicyName":"q","PolicyArn":"arn:aws:iam::111111111111:policy/team/q"},{"PolicyName":"AmazonS3Rea… 8d6bacb5 / "2 items"',
          'IsTruncated: "false" / "true"',
          'Marker: absent / "varies"',
        ],
        at: { 'lists of policies: ListAttachedRolePolicies': [25] },
      },
    ],
  },
];
