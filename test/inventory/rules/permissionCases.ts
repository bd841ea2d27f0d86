import type { RuleCase } from './RuleCase';

const statement = (fields: string): { readonly append: string } => ({
  append: `    permissions:\n      statements:\n        - { ${fields} }\n`,
});
const S3 = 'actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"]';
const PATH = 'workloads.api.permissions.statements[0]';
const CN = {
  'region: us-west-2\n    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n    clusters':
    'region: cn-north-1\n    state: { s3: { bucket: acme-tfstate, region: cn-north-1 } }\n    clusters',
  'oidc.eks.us-west-2.amazonaws.com/id/D1D1': 'oidc.eks.cn-north-1.amazonaws.com.cn/id/D1D1',
};

export const PERMISSION_CASES: readonly RuleCase[] = [
  {
    rule: 'wildcard-resource',
    when: 'an action has resources',
    ...statement('actions: [s3:ListAllMyBuckets, s3:GetObject], resources: [§"*"]'),
    path: `${PATH}.resources[0]`,
    message: /^s3:GetObject has resources, but is allowed on "\*"/,
    severity: 'warning',
  },
  {
    rule: 'wildcard-resource',
    when: 'a wildcard action matches one that does',
    ...statement('actions: ["s3:Get*"], resources: ["arn:aws:s3:::x", §"*"]'),
    path: `${PATH}.resources[1]`,
    message: /s3:Get\* has resources/,
    severity: 'warning',
  },
  {
    rule: 'wildcard-action',
    when: 'a statement allows everything',
    ...statement('actions: [§"*"], resources: ["arn:aws:s3:::x/*"]'),
    path: `${PATH}.actions[0]`,
    message: /the action "\*" is every action of every service/,
    hint: /List the actions/,
    severity: 'warning',
  },
  {
    rule: 'unknown-service',
    when: 'a service is mistyped',
    ...statement('actions: [§dynamdb:GetItem], resources: ["arn:aws:dynamodb:us-west-2:111111111111:table/x"]'),
    path: `${PATH}.actions[0]`,
    message: /no service "dynamdb".*did you mean "dynamodb"/,
    hint: /write dynamodb:GetItem/,
  },
  {
    rule: 'unknown-action',
    when: 'an action is mistyped',
    ...statement('actions: [s3:PutObject, §s3:GetObjets], resources: ["arn:aws:s3:::x/*"]'),
    path: `${PATH}.actions[1]`,
    message: /no action s3:GetObjets: did you mean "GetObject"/,
  },
  {
    rule: 'unknown-action',
    when: 'a wildcard matches nothing',
    ...statement('actions: [§"s3:Fetch*"], resources: ["arn:aws:s3:::x/*"]'),
    path: `${PATH}.actions[0]`,
    message: /no action of s3 matches s3:Fetch\*/,
  },
  {
    rule: 'unknown-condition-key',
    when: 'a key of a service is mistyped',
    ...statement(`${S3}, conditions: { StringEquals: { §"s3:prefx": x } }`),
    path: `${PATH}.conditions.StringEquals.s3:prefx`,
    message: /no condition key s3:prefx: did you mean "s3:prefix"/,
  },
  {
    rule: 'unknown-condition-key',
    when: 'a global key is mistyped',
    ...statement(`${S3}, conditions: { Bool: { §"aws:SecureTransprt": true } }`),
    path: `${PATH}.conditions.Bool.aws:SecureTransprt`,
    message: /did you mean "aws:SecureTransport"/,
  },
  {
    rule: 'unknown-condition-key',
    when: 'a key with a part that varies is mistyped before it',
    ...statement(`${S3}, conditions: { StringEquals: { §"aws:PrincipalTags/kubernetes-namespace": x } }`),
    path: `${PATH}.conditions.StringEquals.aws:PrincipalTags/kubernetes-namespace`,
    message: /did you mean "aws:PrincipalTag\/kubernetes-namespace"/,
    hint: /^Write aws:PrincipalTag\/kubernetes-namespace\.$/,
  },
  {
    rule: 'unknown-condition-operator',
    when: 'an operator is mistyped',
    ...statement(`${S3}, conditions: { §StringEqual: { "s3:prefix": x } }`),
    path: `${PATH}.conditions.StringEqual`,
    message: /did you mean "StringEquals"/,
  },
  {
    rule: 'session-tag-condition',
    when: 'a condition asks for a tag that is not sent',
    append: `    sessionTags: false\n${statement(`${S3}, conditions: { StringEquals: { §"aws:PrincipalTag/kubernetes-namespace": x } }`).append}`,
    path: `${PATH}.conditions.StringEquals.aws:PrincipalTag/kubernetes-namespace`,
    message: /is never set for workload "api"/,
  },
  {
    rule: 'session-tag-condition',
    when: 'a condition asks for a tag of the request',
    append: `    sessionTags: false\n${statement(`${S3}, conditions: { StringLike: { §"aws:RequestTag/eks-cluster-arn": "*" } }`).append}`,
    path: `${PATH}.conditions.StringLike.aws:RequestTag/eks-cluster-arn`,
    message: /aws:RequestTag\/eks-cluster-arn is never set/,
  },
  {
    rule: 'session-tag-condition',
    when: 'a resource has a variable of one',
    append: `    sessionTags: false\n${
      statement('actions: [s3:GetObject], resources: [§"arn:aws:s3:::x/${aws:PrincipalTag/kubernetes-namespace}/*"]')
        .append
    }`,
    path: `${PATH}.resources[0]`,
    message: /is never set/,
  },
  {
    rule: 'principal-tag',
    when: 'Pod Identity does not set it',
    ...statement(`${S3}, conditions: { StringEquals: { §"aws:PrincipalTag/namespace": x } }`),
    path: `${PATH}.conditions.StringEquals.aws:PrincipalTag/namespace`,
    message: /does not set aws:PrincipalTag\/namespace/,
    severity: 'warning',
  },
  {
    rule: 'principal-tag',
    when: 'a tag that it sets is mistyped',
    ...statement(`${S3}, conditions: { StringEquals: { §"aws:PrincipalTag/kubernetes-namespaces": x } }`),
    path: `${PATH}.conditions.StringEquals.aws:PrincipalTag/kubernetes-namespaces`,
    message: /did you mean "kubernetes-namespace"/,
    hint: /^Write aws:PrincipalTag\/kubernetes-namespace,/,
    severity: 'warning',
  },
  {
    rule: 'principal-tag',
    when: "one of podlift's is mistyped",
    ...statement(`${S3}, conditions: { StringEquals: { §"aws:PrincipalTag/podlift:stages": x } }`),
    path: `${PATH}.conditions.StringEquals.aws:PrincipalTag/podlift:stages`,
    message: /did you mean "podlift:stage"/,
    severity: 'warning',
  },
  {
    rule: 'principal-tag',
    when: 'a variable has a default',
    ...statement(`${S3}, conditions: { StringEquals: { "s3:prefix": §"\${aws:PrincipalTag/kubernetes-ns, 'x'}" } }`),
    path: `${PATH}.conditions.StringEquals.s3:prefix`,
    message: /does not set aws:PrincipalTag\/kubernetes-ns/,
    severity: 'warning',
  },
  {
    rule: 'partition-mismatch',
    when: 'a resource is of another partition',
    replace: CN,
    append: `    environments: [dev]\n${statement('actions: [s3:GetObject], resources: [§"arn:aws:s3:::x/*"]').append}`,
    path: `${PATH}.resources[0]`,
    message: /partition aws, but environment dev \(cn-north-1\) is in aws-cn/,
  },
  {
    rule: 'partition-mismatch',
    when: 'a condition value is of another partition',
    append: statement(`${S3}, conditions: { ArnLike: { "aws:SourceArn": [§"arn:aws-cn:s3:::x"] } }`).append,
    path: `${PATH}.conditions.ArnLike.aws:SourceArn[0]`,
    message: /partition aws-cn, but environment/,
  },
  {
    rule: 'partition-mismatch',
    when: 'a managed policy is of another partition',
    append: '    permissions: { managedPolicies: [§"arn:aws-cn:iam::aws:policy/ReadOnlyAccess"] }\n',
    path: 'workloads.api.permissions.managedPolicies[0]',
    message: /partition aws-cn/,
  },
  {
    rule: 'partition-mismatch',
    when: 'a boundary is of another partition',
    append: '    role: { permissionsBoundary: §"arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess" }\n',
    path: 'workloads.api.role.permissionsBoundary',
    message: /partition aws-us-gov/,
  },
  {
    rule: 'partition-mismatch',
    when: 'a deploy role is of another partition',
    replace: { '"111111111111" }': '"111111111111", deployRole: §"arn:aws-cn:iam::111111111111:role/d" }' },
    path: 'accounts.apps.deployRole',
    message: /partition aws-cn/,
  },
  {
    rule: 'partition-mismatch',
    when: 'a read role is of another partition',
    replace: { '"111111111111" }': '"111111111111", readRole: §"arn:aws-cn:iam::111111111111:role/r" }' },
    path: 'accounts.apps.readRole',
    message: /partition aws-cn/,
  },
  {
    rule: 'partition-mismatch',
    when: 'a cluster is in a region of another partition',
    replace: { 'name: dev-main\n': 'name: dev-main\n        region: §cn-north-1\n' },
    path: 'environments.dev.clusters.main.region',
    message: /region cn-north-1 is in partition aws-cn/,
  },
];
