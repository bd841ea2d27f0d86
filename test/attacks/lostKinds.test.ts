import { type Change, changed, checkMarked } from '../inventory/marked';

// What YAML, Terraform, IAM or a careless hand makes of a text before it reaches AWS.

interface Found {
  readonly rule: string;
  readonly severity: string;
}

function findingsOf(change: Change): readonly Found[] {
  return checkMarked({ 'inventory.yaml': changed(change) }).loaded.findings;
}

const rulesOf = (change: Change) => [...new Set(findingsOf(change).map(({ rule, severity }) => `${severity} ${rule}`))];
const isReported = (change: Change) => findingsOf(change).length > 0;

const permissions = (written: string): Change => ({
  append: `    environments: [dev]\n    permissions:\n${written}`,
});
const statement = (actions: string, resource: string, more = ''): Change =>
  permissions(
    `      statements:\n        - { actions: [${actions}], resources: [${JSON.stringify(resource)}]${more} }\n`,
  );
const condition = (written: string): Change =>
  statement('s3:GetObject', 'arn:aws:s3:::x/*', `, conditions: { ${written} }`);
const KEPT = (written: string): Change => ({
  append: `    environments: [dev]\n    role: { name: own, adopt: true, keepTrust: [${written}] }\n`,
});

describe('a number that YAML takes for another text', () => {
  it.each<[string, Change]>([
    ['an account with a zero in front', { replace: { '"111111111111"': '012345678901' } }],
    ['an account with a zero in front, in octal', { replace: { '"111111111111"': '0o12345670123' } }],
    ['a version of Kubernetes with a zero at its end', { replace: { 'version: "1.33"': 'version: 1.30' } }],
    ['a version of an SDK with a zero at its end', { append: '    sdk: { language: python, version: 1.40 }\n' }],
    [
      'a condition on an account with a zero in front',
      condition('StringEquals: { "aws:SourceAccount": 012345678901 }'),
    ],
    ['a condition on a number beyond the exact ones', condition('StringEquals: { "s3:x": 12345678901234567890 }')],
    ['a condition on a number with an exponent', condition('StringEquals: { "s3:x": 1e3 }')],
    ['a condition on a number with a zero at its end', condition('StringEquals: { "s3:x": 1.10 }')],
    ['a condition on a hexadecimal number', condition('StringEquals: { "s3:x": 0xFF }')],
    [
      'a kept condition on an account',
      KEPT(
        '{ Effect: Allow, Principal: { Service: ecs-tasks.amazonaws.com }, Action: "sts:AssumeRole", Condition: { StringEquals: { "aws:SourceAccount": 012345678901 } } }',
      ),
    ],
    [
      'a kept principal',
      KEPT('{ Effect: Allow, Principal: { AWS: 012345678901 }, Action: "sts:AssumeRole", because: x }'),
    ],
    ['a value for names', { replace: { 'bucket: acme-dev': 'bucket: 007' } }],
    ['a tag', { append: '    role: { tags: { cost: 0123 } }\n' }],
    [
      'a version of a policy',
      permissions(
        '      inlinePolicies: { own: { Version: 2012-10-18, Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" } } }\n',
      ),
    ],
    ['a namespace', { replace: { 'namespace: production': 'namespace: 1e3' } }],
    ['a namespace that is nothing', { replace: { 'namespace: production': 'namespace: null' } }],
    ['a namespace that is a tilde', { replace: { 'namespace: production': 'namespace: ~' } }],
    ['a service account that is a truth', { replace: { 'serviceAccount: api': 'serviceAccount: true' } }],
    [
      'a region that is a list',
      { replace: { 'account: apps\n    region: us-west-2': 'account: apps\n    region: [us-west-2]' } },
    ],
  ])('is reported, and not sent as another one: %s', (_what, change) => {
    expect(isReported(change)).toBe(true);
  });
});

describe('a condition that says nothing, or something else', () => {
  it.each<[string, Change]>([
    ['an operator in another case of letters', condition('stringequalz: { "aws:SourceVpc": a }')],
    ['an operator that does not exist', condition('StringContains: { "aws:SourceVpc": a }')],
    ['a prefix that does not exist', condition('"ForEachValue:StringEquals": { "aws:TagKeys": a }')],
    ['IfExists at Null', condition('NullIfExists: { "aws:SourceVpc": true }')],
    ['an empty list of values', condition('StringEquals: { "aws:SourceVpc": [] }')],
    ['an operator without keys', condition('StringEquals: {}')],
    ['a blank behind the key', condition('StringEquals: { "aws:SourceVpc ": a }')],
    ['a blank before the key', condition('StringEquals: { " aws:SourceVpc": a }')],
    ['an empty key', condition('StringEquals: { "": a }')],
    ['a key without a prefix', condition('StringEquals: { SourceVpc: a }')],
    ['a key with a letter nobody sees', condition('StringEquals: { "aws:Source\\u200bVpc": a }')],
    ['an address that is none', condition('IpAddress: { "aws:SourceIp": "10.0.0.0/33" }')],
    ['an address with a name', condition('IpAddress: { "aws:SourceIp": "localhost" }')],
    ['a date that is none', condition('DateLessThan: { "aws:CurrentTime": "2026-13-01" }')],
    ['a number that is none', condition('NumericLessThan: { "s3:max-keys": "ten" }')],
    ['a truth that is none', condition('Bool: { "aws:SecureTransport": "yes" }')],
    ['a truth for Null that is none', condition('Null: { "aws:SourceVpc": "yes" }')],
    [
      'operators that differ in case',
      condition('StringEquals: { "aws:SourceVpc": x }, stringEquals: { "aws:SourceVpc": y }'),
    ],
    [
      'IfExists beside the same',
      condition('"ForAllValues:StringEquals": { "aws:TagKeys": x }, "ForAllValues:stringequals": { "aws:tagkeys": y }'),
    ],
  ])('is reported: %s', (_what, change) => {
    expect(isReported(change)).toBe(true);
  });
});

describe('a placeholder of another program', () => {
  it.each([
    '%{ for b in buckets }',
    '%{~ endif ~}',
    '%{if x}a%{endif}',
    '$(bucket)',
    '{{bucket}}',
    '!Sub ${bucket}',
    '{Bucket}',
    '{ bucket }',
    '{bucket.name}',
    '{values.bucket}',
    '{environments}',
    '{buckets}',
    ' acme',
  ])('in the place of a bucket is reported: %j', (name) => {
    expect(isReported(statement('s3:GetObject', `arn:aws:s3:::${name}/*`))).toBe(true);
  });

  it.each<[string, Change]>([
    ['the name of a role', { append: '    role: { name: "${env}-api" }\n' }],
    ['the name of a role in angle brackets', { append: '    role: { name: "<env>-api" }\n' }],
    ['the path of a role', { append: '    role: { path: "/${env}/" }\n' }],
    ['the bucket of a state', { replace: { 'bucket: acme-tfstate': 'bucket: "${bucket}"' } }],
    [
      'the prefix of a state',
      {
        replace: {
          'bucket: acme-tfstate, region: us-west-2 } }\n    clusters':
            'bucket: acme-tfstate, region: us-west-2, prefix: "${env}" } }\n    clusters',
        },
      },
    ],
    ['the name of a cluster', { replace: { 'name: dev-main': 'name: "${env}-main"' } }],
    ['an issuer', { replace: { 'id/D1D1': 'id/<ID>' } }],
    ['an account', { replace: { '"111111111111"': '"<account-id>"' } }],
    ['a namespace', { replace: { 'namespace: production': 'namespace: "${namespace}"' } }],
    ['an action', statement('"s3:${action}"', 'arn:aws:s3:::x/*')],
    ['an action in angle brackets', statement('"s3:<action>"', 'arn:aws:s3:::x/*')],
    [
      'a value of a value',
      {
        replace: { 'bucket: acme-dev': 'bucket: "${bucket}"' },
        append: statement('s3:GetObject', 'arn:aws:s3:::{bucket}/*').append ?? '',
      },
    ],
    [
      'a kept principal',
      KEPT(
        '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::${account}:root" }, Action: "sts:AssumeRole", because: x }',
      ),
    ],
    [
      'a kept principal in angle brackets',
      KEPT(
        '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::<account>:root" }, Action: "sts:AssumeRole", because: x }',
      ),
    ],
    [
      'a kept condition',
      KEPT(
        '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "sts:AssumeRole", Condition: { StringEquals: { "sts:ExternalId": "${external_id}" } }, because: x }',
      ),
    ],
    [
      'an inline policy',
      permissions(
        '      inlinePolicies: { own: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::${bucket}/*" } } }\n',
      ),
    ],
    ['a managed policy in angle brackets', permissions('      managedPolicies: ["arn:aws:iam::<account>:policy/x"]\n')],
  ])('in the place of %s is reported', (_what, change) => {
    expect(isReported(change)).toBe(true);
  });
});

describe('a resource that matches all of a kind', () => {
  it.each([
    ['s3:GetObject', 'arn:aws:s3:::?*'],
    ['s3:GetObject', 'arn:aws:s3:::*?'],
    ['s3:GetObject', 'arn:aws:s3:::*?*/?*'],
    ['s3:GetObject', 'arn:*:s3:::*'],
    ['s3:GetObject', 'arn:?ws:s3:::*/*'],
    ['s3:GetObject', 'a*'],
    ['s3:GetObject', '**'],
    ['s3:GetObject', '*:*'],
    ['s3:GetObject', 'arn:*'],
    ['s3:GetObject', '?rn:aws:s3:::*'],
    ['kms:Decrypt', 'arn:aws:kms:*:*:key/*'],
    ['kms:Decrypt', 'arn:aws:kms:*:*:*'],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:*:*:secret:*'],
    ['ssm:GetParameter', 'arn:aws:ssm:*:*:parameter/*'],
    ['ssm:GetParameter', 'arn:aws:ssm:*:*:parameter*'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:*:*:function:*'],
    ['sns:Publish', 'arn:aws:sns:*:*:**'],
    ['iam:PassRole', 'arn:aws:iam::*:role/*'],
    ['iam:PassRole', 'arn:aws:iam::?*:role/?*'],
  ])('is reported: %s on %s', (action, resource) => {
    expect(isReported(statement(action, resource))).toBe(true);
  });
});

describe('two things with one name', () => {
  const two = (fields: string, other: string): Change => ({
    append: `    environments: [dev]\n    ${fields}\n  web: { wave: pilot, namespace: production, serviceAccount: web, environments: [dev], ${other} }\n`,
  });

  it.each<[string, Change]>([
    ['roles of one account that differ in case', two('role: { name: own }', 'role: { name: OWN }')],
    ['roles of one account below two paths', two('role: { name: own, path: /a/ }', 'role: { name: own, path: /b/ }')],
    ['roles, one by its default', two('role: { name: dev-web }', '')],
    ['roles, one by a value', two('role: { name: acme-dev }', 'role: { name: "{bucket}" }')],
    [
      'one service account of two workloads',
      {
        append:
          '    environments: [dev]\n  web: { wave: pilot, namespace: production, serviceAccount: api, environments: [dev] }\n',
      },
    ],
    [
      'one cluster of two keys',
      {
        replace: {
          '      main:\n        name: dev-main':
            '      other:\n        name: dev-main\n        version: "1.33"\n        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/B1B1" }\n      main:\n        name: dev-main',
        },
      },
    ],
    [
      'one issuer of two clusters',
      {
        replace: {
          '      main:\n        name: dev-main':
            '      other:\n        name: dev-other\n        version: "1.33"\n        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D1D1" }\n      main:\n        name: dev-main',
        },
      },
    ],
    ['one account of two keys', { replace: { '"222222222222"': '"111111111111"' } }],
    ['keys of tags that differ in case', { append: '    role: { tags: { team: a, Team: b } }\n' }],
    [
      'a managed policy twice',
      permissions('      managedPolicies: [ReadOnlyAccess, "arn:aws:iam::aws:policy/ReadOnlyAccess"]\n'),
    ],
  ])('is reported: %s', (_what, change) => {
    expect(isReported(change)).toBe(true);
  });
});

describe('the name of an AWS managed policy that looks right', () => {
  it.each([
    'AmazonS3ReadOnlyAccess ',
    ' AmazonS3ReadOnlyAccess',
    'AmazonS3ReadOnlyAccess\\u200b',
    'Amazon S3ReadOnlyAccess',
    '/AmazonS3ReadOnlyAccess',
    'policy/AmazonS3ReadOnlyAccess',
    'Service-Role/AmazonEBSCSIDriverPolicy',
    'service-role//AmazonEBSCSIDriverPolicy',
    'arn:aws:iam::AWS:policy/AmazonS3ReadOnlyAccess',
    'arn:aws:iam::aws:policy/amazonS3ReadOnlyAccess',
    'arn:aws:iam:us-west-2:aws:policy/AmazonS3ReadOnlyAccess',
    'arn:aws:iam::aws:AmazonS3ReadOnlyAccess',
    'arn:aws:iam::aws:role/AmazonS3ReadOnlyAccess',
    'arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess',
    'Amazon\\u04053ReadOnlyAccess',
    'AmazonS3*',
    'Administrator',
    'AWSAdministratorAccess',
    'AmazonEKSPodIdentityPolicy',
  ])('is reported: %s', (name) => {
    expect(rulesOf(permissions(`      managedPolicies: ["${name}"]\n`))).not.toEqual([]);
  });
});
