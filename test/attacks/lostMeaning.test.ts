import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGIONS } from '../../src/inventory/aws/regions';
import { type Change, changed, checkMarked } from '../inventory/marked';

type Findings = readonly { readonly rule: string; readonly severity: string; readonly hint: string }[];

/** The findings about a changed inventory. */
function findingsOf(change: Change): Findings {
  return checkMarked({ 'inventory.yaml': changed(change) }).loaded.findings;
}

/** The rules that find something, each once. */
function rulesOf(change: Change): readonly string[] {
  return [...new Set(findingsOf(change).map(({ rule, severity }) => `${severity} ${rule}`))];
}

const permissions = (written: string): Change => ({
  append: `    environments: [dev]\n    permissions:\n${written}`,
});
const statement = (actions: string, resource: string, more = ''): Change =>
  permissions(
    `      statements:\n        - { actions: [${actions}], resources: [${JSON.stringify(resource)}]${more} }\n`,
  );

describe('a condition key that an operator has twice', () => {
  const keys = (operator: string, one: string, other: string, values: Record<string, string> = {}): Change => {
    const written = Object.entries({ bucket: 'acme-dev', ...values }).map(([key, value]) => `${key}: "${value}"`);
    return {
      ...statement(
        's3:GetObject',
        'arn:aws:s3:::x/*',
        `, conditions: { "${operator}": { "${one}": "1", "${other}": "2" } }`,
      ),
      replace: { 'values: { bucket: acme-dev }': `values: { ${written.join(', ')} }` },
    };
  };

  it.each([
    ['StringEquals', 'aws:ResourceTag/{team}', 'aws:ResourceTag/red', { team: 'red' }],
    ['StringEquals', 'aws:ResourceTag/red', 'aws:ResourceTag/{team}', { team: 'red' }],
    ['StringEquals', 'aws:ResourceTag/{team}', 'aws:ResourceTag/{squad}', { team: 'red', squad: 'red' }],
    ['StringEquals', 'aws:ResourceTag/{team}', 'aws:ResourceTag/{squad}', { team: 'red', squad: 'RED' }],
    ['StringEquals', '{service}:ResourceTag/a', 'aws:ResourceTag/a', { service: 'aws' }],
    ['StringEquals', 'aws:{kind}/a', 'aws:ResourceTag/a', { kind: 'ResourceTag' }],
    ['StringLike', 'aws:ResourceTag/{environment}', 'aws:ResourceTag/dev', {}],
    ['StringLike', 'aws:ResourceTag/{account}', 'aws:ResourceTag/{accounts.apps}', {}],
    ['ForAllValues:StringEquals', 'aws:TagKeys', 'aws:tagkeys', {}],
    ['IpAddress', 'aws:SourceIp', 'AWS:SOURCEIP', {}],
    ['Null', 'aws:SourceVpce', 'aws:sourceVpce', {}],
    ['StringNotEqualsIfExists', 's3:prefix', 'S3:Prefix', {}],
  ])('is an error under %s: %s and %s', (operator, one, other, values) => {
    expect(rulesOf(keys(operator, one, other, values))).toContain('error duplicate-condition-key');
  });

  it('is no error where two operators have it, or the keys stay different', () => {
    const two = ', conditions: { StringEquals: { "aws:ResourceTag/a": x }, StringLike: { "aws:ResourceTag/a": y } }';
    expect(rulesOf(statement('s3:GetObject', 'arn:aws:s3:::x/*', two))).toEqual([]);
    expect(rulesOf(keys('StringEquals', 'aws:ResourceTag/{team}', 'aws:ResourceTag/b', { team: 'a' }))).toEqual([]);
  });
});

describe('two inline policies with one name for IAM', () => {
  const DOCUMENT =
    '{ Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" } }';
  const named = (...names: readonly string[]) =>
    permissions(`      inlinePolicies: { ${names.map((name) => `"${name}": ${DOCUMENT}`).join(', ')} }\n`);

  it.each([
    [['a', 'A']],
    [['s3-read', 'S3-READ']],
    [['s3.read', 'S3.read']],
    [['x_y', 'X_Y']],
    [['x+y', 'X+y']],
    [['x=y', 'x=Y']],
    [['x,y', 'X,y']],
    [['x@y', 'x@Y']],
    [['one', 'two', 'ONE']],
    [['one', 'ONE', 'oNe']],
  ])('is an error: %s', (names) => {
    expect(rulesOf(named(...names))).toEqual(['error duplicate-inline-policy']);
  });

  it.each(['podlift', 'Podlift', 'PODLIFT', 'podLift'])('is an error for podlift’s own policy: %s', (name) => {
    expect(rulesOf(named(name))).toEqual(['error inline-policy-name']);
  });

  it('is an error where an override adds the second one', () => {
    const base = named('s3-read').append ?? '';
    const more = `    overrides: { dev: { permissions: { inlinePolicies: { S3-READ: ${DOCUMENT} } } } }\n`;
    expect(rulesOf({ append: base + more })).toEqual(['error duplicate-inline-policy']);
  });

  it('is no error where the names differ', () => {
    expect(rulesOf(named('s3-read', 's3_read', 's3read'))).toEqual([]);
  });
});

describe('the prefix of a state', () => {
  const prefix = (written: string): Change => ({
    replace: {
      'state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n    clusters': `state: { s3: { bucket: acme-tfstate, region: us-west-2, prefix: ${JSON.stringify(written)} } }\n    clusters`,
    },
    append: '    environments: [dev]\n',
  });

  it.each([
    ...['..', '.', '../podlift', './podlift', 'podlift/..', 'podlift/.', 'a/../b', 'a/./b', 'a/../../b'],
    ...['', '/', '/podlift', 'podlift/', 'a//b', '//a', 'a\\..\\b', 'a/%2e%2e/b', '~/a', 'a/…/b'],
  ])('is an error: %j', (written) => {
    expect(rulesOf(prefix(written))).toEqual(['error s3-prefix']);
  });

  it.each(['podlift', 'teams/payments', '...', 'a/...b', 'a..b/c', '.podlift', 'v1.2'])(
    'is accepted: %s',
    (written) => {
      expect(rulesOf(prefix(written))).toEqual([]);
    },
  );
});

describe('a resource that matches everything', () => {
  /** That a role is no target of the workload is a warning of its own. */
  const withoutHops = (change: Change) => rulesOf(change).filter((rule) => rule !== 'warning undeclared-hop');

  it.each([
    ['s3:GetObject', 'arn:*:*:*:*:*'],
    ['s3:GetObject', 'arn:aws:*:*:*:*'],
    ['s3:GetObject', 'arn:aws:s3:::*'],
    ['s3:GetObject', 'arn:aws:s3:::**'],
    ['s3:GetObject', 'arn:aws:s3:::*/*'],
    ['s3:GetObject', 'arn:aws:s3:::?*/*'],
    ['s3:GetObject', 'arn:aws:s3:*:*:*'],
    ['s3:GetObject', 'arn:aws:s3*:::*'],
    ['s3:*', 'arn:{partition}:s3:::*'],
    ['"s3:Get*"', 'arn:aws:s?:::*'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/*'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/**'],
    ['dynamodb:GetItem', 'arn:aws:*:*:*:table*'],
    ['sts:AssumeRole', 'arn:aws:iam::*:role/*'],
    ['sts:AssumeRole', 'arn:*:iam::*:*'],
    ['logs:PutLogEvents', 'arn:aws:logs:*:*:*'],
    ['logs:PutLogEvents', 'arn:aws:logs:*:*:log-group:*:*'],
    ['sqs:SendMessage', 'arn:aws:sqs:*:*:*'],
  ])('is judged as "*": %s on %s', (action, resource) => {
    expect(withoutHops(statement(action, resource))).toEqual(['warning wildcard-resource']);
  });

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::x*/*'],
    ['s3:GetObject', 'arn:aws:s3:::*-logs/*'],
    ['s3:GetObject', 'arn:aws:s3:::${aws:PrincipalTag/kubernetes-namespace}/*'],
    ['s3:GetObject', 'arn:aws:s3:::${*}/${*}'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:us-west-2:*:table/*'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:*:{account}:table/*'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/orders-*'],
    ['ec2:CreateTags', 'arn:aws:ec2:*:*:volume/*'],
    ['sts:AssumeRole', 'arn:aws:iam::*:role/podlift/*'],
  ])('is not: %s on %s', (action, resource) => {
    expect(withoutHops(statement(action, resource))).toEqual([]);
  });

  it('is accepted with a reason', () => {
    expect(rulesOf(statement('s3:GetObject', 'arn:aws:s3:::*', ', because: a crawler'))).toEqual([]);
  });
});

describe('a region', () => {
  const state = (written: string): Change => ({
    replace: { 'region: us-west-2 } }\n    clusters': `region: ${written} } }\n    clusters` },
    append: '    environments: [dev]\n',
  });

  it.each([
    ...['us-west-9', 'us-central-1', 'eu-west-4', 'eu-south-3', 'ap-southeast-8', 'ap-south-10'],
    ...['sa-east-2', 'ca-central-2', 'af-north-1', 'il-central-2', 'mx-central-2'],
  ])('that AWS does not have is a warning: %s', (written) => {
    expect(rulesOf(state(written))).toEqual(['warning unknown-region']);
  });

  it.each([
    ...['us-wset-2', 'us-west2', 'uswest-2', 'us-west-2a', 'us-west-0', 'us-west-100', 'US-WEST-2', 'xx-west-1'],
    ...['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1', 'aws-global', 'oregon', '"*"'],
  ])('whose partition cannot be told is an error: %s', (written) => {
    expect(rulesOf(state(written))).toEqual(['error region']);
  });

  it('is a warning in another environment and in a cluster too, and an error in another partition', () => {
    const cluster = { replace: { '        name: dev-main': '        region: us-west-8\n        name: dev-main' } };
    expect(rulesOf(cluster)).toContain('warning unknown-region');
    expect(rulesOf(state('cn-west-1'))).toEqual(['error partition-mismatch', 'warning unknown-region']);
  });

  it('is known if the AWS SDK has it: src/inventory/aws/regions.json is as new as the SDK', () => {
    const sdk = join(require.resolve('@aws-sdk/client-iam/package.json'), '../../core');
    const file = 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';
    const named = readFileSync(join(sdk, file), 'utf8').matchAll(/"((?:us-gov|[a-z]{2})-[a-z]+-\d)": \{/g);
    const regions = [...named].map(([, region = '']) => region);
    expect(regions.length).toBeGreaterThan(35);
    expect(regions.filter((region) => !REGIONS.has(region))).toEqual([]);
  });
});

describe('a placeholder that is no policy variable', () => {
  it.each([
    ['arn:aws:s3:::${env}/*', '{environment}'],
    ['arn:aws:s3:::${environment}/*', '{environment}'],
    ['arn:aws:s3:::${var.environment}/*', '{environment}'],
    ['arn:aws:s3:::${local.env_name}/*', '{environment}'],
    ['arn:aws:s3:::${terraform.workspace}/*', '{environment}'],
    ['arn:aws:sqs:${var.region}:111111111111:x', '{region}'],
    ['arn:aws:sqs:${var.aws_region}:111111111111:x', '{region}'],
    ['arn:aws:sqs:${data.aws_region.current.name}:111111111111:x', '{region}'],
    ['arn:aws:sqs:${AWS::Region}:111111111111:x', '{region}'],
    ['arn:aws:sqs:us-west-2:${local.account_id}:x', '{account}'],
    ['arn:aws:sqs:us-west-2:${data.aws_caller_identity.current.account_id}:x', '{account}'],
    ['arn:aws:sqs:us-west-2:${var.account}:x', '{account}'],
    ['arn:aws:sqs:us-west-2:${AWS::AccountId}:x', '{account}'],
    ['arn:aws:sqs:us-west-2:${ AWS::AccountId }:x', '{account}'],
    ['arn:${data.aws_partition.current.partition}:s3:::x/*', '{partition}'],
    ['arn:${AWS::Partition}:s3:::x/*', '{partition}'],
    ['arn:${Partition}:s3:::x/*', '{partition}'],
    ['arn:aws:s3:::${bucket}/*', '{bucket}'],
    ['arn:aws:s3:::${var.bucket}/*', '{bucket}'],
    ['arn:aws:s3:::${BucketName}/*', '{bucketname}'],
    ['arn:aws:s3:::${var.team_name}/*', '{team-name}'],
    ['arn:aws:s3:::<bucket>/*', '{bucket}'],
    ['arn:aws:sqs:<region>:111111111111:x', '{region}'],
    ['arn:aws:sqs:us-west-2:<account-id>:x', '{account}'],
    ['arn:aws:s3:::<YOUR_BUCKET>/*', '{your-bucket}'],
    ['arn:aws:s3:::{{ .Values.bucket }}/*', '{bucket}'],
    ['arn:aws:s3:::${bucket/*', '{bucket}'],
    ['arn:aws:s3:::${var.is_prod ? "a:b" : "c"}/*', 'instead of'],
    ['arn:aws:s3:::${lookup(var.map, "a:b")}/*', 'instead of'],
    ['arn:aws:s3:::${format("%s:%s", a, b)}/*', 'instead of'],
    ['arn:aws:s3:::${}/*', 'instead of'],
    ['arn:aws:s3:::${var.x["${var.y}"]}/*', 'instead of'],
  ])('is an error: %s, and the hint has %s', (resource, hint) => {
    const findings = findingsOf(statement('s3:GetObject, sqs:SendMessage', resource));
    const found = findings.filter(({ rule }) => rule === 'arn-placeholder');
    expect(found.map(({ severity }) => severity)).toEqual(found.map(() => 'error'));
    expect(found.map((finding) => finding.hint).join('\n')).toContain(hint);
  });

  it.each([
    ['a condition value', ', conditions: { StringEquals: { "s3:prefix": "${env}/" } }'],
    ['a list of values', ', conditions: { StringLike: { "s3:prefix": [a, "${local.prefix}*"] } }'],
    ['a condition key', ', conditions: { StringLike: { "aws:ResourceTag/${tag}": a } }'],
    ['an ARN in a condition', ', conditions: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::<bucket>" } }'],
  ])('is an error in %s', (_where, more) => {
    expect(rulesOf(statement('s3:GetObject', 'arn:aws:s3:::x/*', more))).toContain('error arn-placeholder');
  });

  it.each([
    ['a managed policy', permissions('      managedPolicies: ["arn:aws:iam::111111111111:policy/${env}/reader"]\n')],
    ['a boundary', { append: '    role: { permissionsBoundary: "arn:aws:iam::aws:policy/${env}/x" }\n' }],
    [
      'a deploy role',
      { replace: { '"111111111111" }': '"111111111111", deployRole: "arn:aws:iam::111111111111:role/${env}/d" }' } },
    ],
  ] as const)('is an error in %s', (_where, change) => {
    expect(rulesOf(change)).toContain('error arn-placeholder');
  });

  it.each([
    ...['${aws:username}', '${aws:PrincipalTag/kubernetes-namespace}', "${aws:PrincipalTag/team, 'none'}", '${*}'],
    ...['${?}', '${$}', '${saml:aud}', '${oidc.eks.us-west-2.amazonaws.com/id/D1D1:sub}', '{bucket}', '{}', '{a,b}'],
  ])('is none: %s', (name) => {
    const rules = rulesOf(statement('s3:GetObject', `arn:aws:s3:::x/${name}/*`));
    expect(rules.filter((rule) => rule.includes('arn-placeholder'))).toEqual([]);
  });
});

describe('the name of an AWS managed policy', () => {
  const policy = (name: string): Change => permissions(`      managedPolicies: ["${name}"]\n`);

  it.each([
    ['AmazonRoute53FullAcess', 'AmazonRoute53FullAccess'],
    ['AmazonS3ReadonlyAccess', 'AmazonS3ReadOnlyAccess'],
    ['amazons3readonlyaccess', 'AmazonS3ReadOnlyAccess'],
    ['AmazonEBSCSIDriverPolicy', 'service-role/AmazonEBSCSIDriverPolicy'],
    ['AmazonEFSCSIDriverPolicy', 'service-role/AmazonEFSCSIDriverPolicy'],
    ['service-role/AmazonEBSCSIDriverPolcy', 'service-role/AmazonEBSCSIDriverPolicy'],
    ['service-role/AmazonS3ReadOnlyAccess', 'AmazonS3ReadOnlyAccess'],
    ['job-function/SecurityAudit', 'SecurityAudit'],
    ['ViewOnlyAccess', 'job-function/ViewOnlyAccess'],
    ['AmazonEKS-CNI-Policy', 'AmazonEKS_CNI_Policy'],
    [
      'arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy',
      'arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy',
    ],
    ['aws-service-role/AmazonSSMReadOnlyAccess', 'AmazonSSMReadOnlyAccess'],
  ])('that is wrong is a warning: %s, and the hint has %s', (name, right) => {
    const findings = findingsOf(policy(name));
    expect(findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual(['warning unknown-managed-policy']);
    expect(findings[0]?.hint).toContain(right);
  });

  it('that resembles no other has a hint with the command that lists them', () => {
    expect(findingsOf(policy('Zzzzzzzzzzzz'))[0]?.hint).toContain('aws iam list-policies --scope AWS');
  });

  it('is checked for a boundary too', () => {
    const boundary = { append: '    role: { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAcess" }\n' };
    expect(rulesOf(boundary)).toEqual(['warning unknown-managed-policy']);
  });

  it.each([
    ...['AmazonS3ReadOnlyAccess', 'service-role/AmazonEBSCSIDriverPolicy', 'job-function/ViewOnlyAccess'],
    ...['arn:{partition}:iam::aws:policy/AmazonEKS_CNI_Policy', 'arn:aws:iam::111111111111:policy/AmazonOwn'],
  ])('that is right is accepted: %s', (name) => {
    expect(rulesOf(policy(name))).toEqual([]);
  });
});
