import type { RuleCase } from './RuleCase';

const statement = (fields: string): { readonly append: string } => ({
  append: `    environments: [dev]\n    permissions:\n      statements:\n        - { ${fields} }\n`,
});
const conditions = (written: string) =>
  statement(`actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"], conditions: { ${written} }`);
const S3_ON = (resource: string) => statement(`actions: [s3:GetObject], resources: [§"${resource}"]`);
const policies = (written: string) => ({ append: `    permissions: { managedPolicies: [${written}] }\n` });
const inline = (...names: readonly string[]) => ({
  append: `    permissions:\n      inlinePolicies:\n${names
    .map(
      (name) =>
        `        ${name}: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" } }\n`,
    )
    .join('')}`,
});
const PATH = 'workloads.api.permissions.statements[0]';

/** What loses its meaning on the way to AWS. */
export const LOST_MEANING_CASES: readonly RuleCase[] = [
  {
    rule: 'duplicate-condition-key',
    when: 'two keys are equal after a value is replaced',
    ...conditions('StringEquals: { "aws:ResourceTag/acme-dev": a, §"aws:ResourceTag/{bucket}": b }'),
    path: `${PATH}.conditions.StringEquals.aws:ResourceTag/{bucket}`,
    message:
      /^"aws:ResourceTag\/acme-dev" is twice under StringEquals in environment dev: "aws:ResourceTag\/acme-dev" and "aws:ResourceTag\/\{bucket\}" mean the same$/,
    hint: /with a list of its values/,
  },
  {
    rule: 'duplicate-condition-key',
    when: 'two keys differ in case only',
    ...conditions('StringEquals: { "aws:ResourceTag/team": a, §"AWS:resourcetag/Team": b }'),
    path: `${PATH}.conditions.StringEquals.AWS:resourcetag/Team`,
    message: /^"AWS:resourcetag\/Team" is twice .*: "aws:ResourceTag\/team" means the same$/,
  },
  {
    rule: 'duplicate-inline-policy',
    when: 'two names differ in case only',
    ...inline('s3-read', '§S3-Read'),
    path: 'workloads.api.permissions.inlinePolicies.S3-Read',
    message: /^inline policies "s3-read" and "S3-Read" have the same name for IAM/,
  },
  {
    rule: 'inline-policy-name',
    when: 'a name is that of podlift’s own policy in another case',
    ...inline('§Podlift'),
    path: 'workloads.api.permissions.inlinePolicies.Podlift',
    message: /"Podlift" is not a name for another inline policy/,
  },
  {
    rule: 's3-prefix',
    when: 'a prefix leads to the folder above',
    replace: {
      'state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n    clusters':
        'state: { s3: { bucket: acme-tfstate, region: us-west-2, prefix: §teams/../other } }\n    clusters',
    },
    path: 'environments.dev.state.s3.prefix',
    message: /"teams\/\.\.\/other" is not a key prefix: .*no name is \. or \.\.$/,
  },
  {
    rule: 'wildcard-resource',
    when: 'an ARN has only wildcards',
    ...S3_ON('arn:*:*:*:*:*'),
    path: `${PATH}.resources[0]`,
    message: /^s3:GetObject has resources, but is allowed on "arn:\*:\*:\*:\*:\*", which matches all of them$/,
    severity: 'warning',
  },
  {
    rule: 'unknown-region',
    when: 'no region has the number',
    replace: {
      'region: us-west-2 } }\n    clusters': 'region: §us-west-9 } }\n    clusters',
    },
    path: 'environments.dev.state.s3.region',
    message:
      /^podlift does not know the region us-west-9: did you mean us-west-1\? it knows the regions of \d{4}-\d\d-\d\d$/,
    hint: /in the partition aws\.$/,
    severity: 'warning',
  },
  {
    rule: 'arn-placeholder',
    when: 'a name is written as in Terraform',
    ...S3_ON('arn:aws:s3:::${env}-data/*'),
    path: `${PATH}.resources[0]`,
    message: /^\$\{env\} in arn:aws:s3:::\$\{env\}-data\/\* is no policy variable of IAM: AWS would take it as text$/,
    hint: /^Write \{environment\} instead of \$\{env\}\.$/,
  },
  {
    rule: 'arn-placeholder',
    when: 'a kept inline policy has a placeholder, which AWS has already',
    append:
      '    permissions:\n      inlinePolicies:\n        s3-read: { Statement: { Effect: Allow, Action: "s3:GetObject", Resource: §"arn:aws:s3:::${bucket}/*" } }\n',
    path: 'workloads.api.permissions.inlinePolicies.s3-read.Statement.Resource',
    message: /^\$\{bucket\} in /,
    hint: /podlift replaces nothing here: write the text itself/,
    severity: 'warning',
  },
  {
    rule: 'unknown-managed-policy',
    when: 'a name is mistyped',
    ...policies('§AmazonRoute53FullAcess'),
    path: 'workloads.api.permissions.managedPolicies[0]',
    message: /^there is no AWS managed policy "AmazonRoute53FullAcess": did you mean "AmazonRoute53FullAccess"\?/,
    hint: /^Write AmazonRoute53FullAccess, or the ARN arn:aws:iam::aws:policy\/AmazonRoute53FullAccess\.$/,
    severity: 'warning',
  },
  {
    rule: 'unknown-managed-policy',
    when: 'the path of a policy is missing',
    ...policies('§AmazonEBSCSIDriverPolicy'),
    path: 'workloads.api.permissions.managedPolicies[0]',
    message: /^the AWS managed policy AmazonEBSCSIDriverPolicy has the path service-role\/, but no path is written$/,
    hint: /^Write service-role\/AmazonEBSCSIDriverPolicy, or the ARN arn:aws:iam::aws:policy\/service-role\/AmazonEBSCSIDriverPolicy\.$/,
    severity: 'warning',
  },
  {
    rule: 'unknown-managed-policy',
    when: 'the policy is for service-linked roles only',
    ...policies('§aws-service-role/AmazonEKSServiceRolePolicy'),
    path: 'workloads.api.permissions.managedPolicies[0]',
    message: /^the AWS managed policy AmazonEKSServiceRolePolicy is for service-linked roles only$/,
    hint: /^Remove the policy, or use another one\. AWS attaches no policy under aws-service-role\/ to other roles\.$/,
  },
  {
    rule: 'unknown-managed-policy',
    when: 'the policy is for service-linked roles only, and its path is missing',
    ...policies('§AmazonEKSServiceRolePolicy'),
    path: 'workloads.api.permissions.managedPolicies[0]',
    message: /^the AWS managed policy AmazonEKSServiceRolePolicy is for service-linked roles only$/,
  },
  {
    rule: 'unknown-managed-policy',
    when: 'a boundary is mistyped, which is always an ARN',
    append: '    role: { permissionsBoundary: §"arn:aws:iam::aws:policy/PowerUserAcces" }\n',
    path: 'workloads.api.role.permissionsBoundary',
    message: /^there is no AWS managed policy "PowerUserAcces": did you mean "PowerUserAccess"\?/,
    hint: /^Write arn:aws:iam::aws:policy\/PowerUserAccess\.$/,
    severity: 'warning',
  },
];
