import { validateDocument } from '../../src/iam/validateDocument';
import { awsManagedPolicies } from '../../src/sandbox/api/awsManagedPolicies';

const TRUSTING = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const permitting = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' };

function identity(...changes: readonly object[]): object {
  return { Version: '2012-10-17', Statement: changes.map((change) => ({ ...permitting, ...change })) };
}

function without(statement: object, element: string): object {
  return Object.fromEntries(Object.entries(statement).filter(([key]) => key !== element));
}

describe('an identity policy', () => {
  it.each([
    ['a resource', {}],
    ['every action and resource', { Action: '*', Resource: '*' }],
    ['every action in two parts', { Action: '*:*' }],
    ['wildcards', { Action: ['s3:Get*', 's3:?ist*'], Resource: ['arn:aws:s3:::*', 'arn:aws:sqs'] }],
    ['a policy variable', { Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*' }],
  ])('may have %s', (_, change) => {
    expect(validateDocument(identity(change), 'identity')).toEqual([]);
  });

  it('may name what it does not speak of', () => {
    const Statement = { Effect: 'Deny', NotAction: 's3:*', NotResource: 'arn:aws:s3:::bucket' };
    expect(validateDocument({ Version: '2012-10-17', Id: 'any text', Statement }, 'identity')).toEqual([]);
  });

  it.each([
    'arn:aws:s3',
    'arn:aws:s3:::bucket',
    'arn:aws:s3:us-west-2:111122223333:accesspoint/reports',
    'arn:aws:s3:us-west-2:${aws:PrincipalAccount}:accesspoint/reports',
    'arn:aws:s3:*:*:*',
    'arn:aws:iam::${aws:PrincipalAccount}:role/x',
    'arn:aws:iam::111122223333:${aws:PrincipalTag/kind}/x',
    'arn:aws-cn:s3:::bucket/*',
    'arn:*:logs:*:*:*',
    'arn:aws:iam::111122223333:role/podlift/*',
    'arn:aws:iam:::user/x',
    'arn:aws:iam::111122223333:*',
    'arn:aws:iam::*:mfa/${aws:username}',
    'arn:aws:ec2:us-east-1:account-id:instance/*',
    'arn:aws:sqs:us-west-2:111122223333:a:b',
  ])('may name the resource %s', (resource) => {
    expect(validateDocument(identity({ Resource: resource }), 'identity')).toEqual([]);
  });

  it.each([
    '2026-12-31T23:59:59Z',
    '2026-12',
    '2026-12-31T23:59:59-08:00',
    '2026-12-31T23:59Z',
    '2026-12-31T23:59+05:30',
    '2016-12-13t2:00:00.593194+23',
    '1767225599',
    '-1',
    '${aws:CurrentTime}',
  ])('may have the date %s', (date) => {
    const Condition = { DateLessThanIfExists: { 'aws:CurrentTime': [date] } };
    expect(validateDocument(identity({ Condition }), 'identity')).toEqual([]);
  });

  const legacy = 'The policy failed legacy parsing';
  const paths =
    'user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/';
  const noVendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
  const noActions = 'Policy statement must contain actions.';
  const noResources = 'Policy statement must contain resources.';
  const whole = (Resource: unknown) => identity({ Resource });
  const dated = (...dates: string[]) => identity({ Condition: { DateGreaterThan: { 'aws:CurrentTime': dates } } });

  it.each<[string, unknown, string, string]>([
    [
      'a principal',
      identity({ Principal: '*' }),
      'Policy document should not specify a principal.',
      'Statement.0.Principal',
    ],
    [
      'a principal left out',
      identity({ NotPrincipal: '*' }),
      'Policy document should not specify a principal.',
      'Statement.0.NotPrincipal',
    ],
    ['no resource', { Version: '2012-10-17', Statement: without(permitting, 'Resource') }, noResources, 'Statement'],
    ['an empty list of resources', whole([]), noResources, 'Statement.0.Resource'],
    ['both forms of resource', identity({ NotResource: '*' }), 'Syntax errors in policy.', 'Statement.0'],
    ['a resource that is no text', whole([{}]), 'Syntax errors in policy.', 'Statement.0.Resource'],
    [
      'a resource that is no ARN',
      whole('bucket'),
      'Resource bucket must be in ARN format or "*".',
      'Statement.0.Resource',
    ],
    ['an empty resource', whole(''), 'Resource  must be in ARN format or "*".', 'Statement.0.Resource'],
    [
      'an IAM ARN with a region',
      whole(['*', 'arn:aws:iam:us-west-2:111122223333:role/x']),
      'IAM resource arn:aws:iam:us-west-2:111122223333:role/x cannot contain region information.',
      'Statement.0.Resource.1',
    ],
    [
      'an S3 ARN with a region',
      whole('arn:aws:s3:us-west-2:123456789:test/athena'),
      'Resource arn:aws:s3:us-west-2:123456789:test/athena can not contain region information.',
      'Statement.0.Resource',
    ],
    [
      'an IAM ARN with another path',
      whole('arn:aws:iam::111122223333:roles/x'),
      `IAM resource path must either be "*" or start with ${paths}.`,
      'Statement.0.Resource',
    ],
    [
      'an IAM ARN in which a colon is missing',
      whole('arn:aws:iam::role/x'),
      `IAM resource path must either be "*" or start with ${paths}.`,
      'Statement.0.Resource',
    ],
    ['an ARN in which a colon is missing', whole('arn:aws:s3::bucket'), legacy, 'Statement.0.Resource'],
    ['an ARN without a service', whole('arn:aws::::bucket'), legacy, 'Statement.0.Resource'],
    [
      'another partition',
      whole('s3::bucket/*'),
      'Partition "" is not valid for resource "arn::bucket/*:*:*:*".',
      'Statement.0.Resource',
    ],
    [
      'an ARN that stops after the partition',
      whole('arn:aws'),
      'Resource vendor must be fully qualified and cannot contain regexes.',
      'Statement.0.Resource',
    ],
    ['an effect in another case', identity({ Effect: 'allow' }), legacy, 'Statement.0.Effect'],
    [
      'a date of words',
      dated('2026-12-31', 'tomorrow'),
      legacy,
      'Statement.0.Condition.DateGreaterThan.aws:CurrentTime.1',
    ],
    ['a month that no year has', dated('2026-13'), legacy, 'Statement.0.Condition.DateGreaterThan.aws:CurrentTime.0'],
    [
      'a time zone without its second digit',
      dated('2016-12-13t2:00:00+1'),
      legacy,
      'Statement.0.Condition.DateGreaterThan.aws:CurrentTime.0',
    ],
    [
      'seconds beyond 64 bits',
      dated('9223372036854775808'),
      legacy,
      'Statement.0.Condition.DateGreaterThan.aws:CurrentTime.0',
    ],
    ['no action', { Version: '2012-10-17', Statement: without(permitting, 'Action') }, noActions, 'Statement'],
    ['an action without a vendor', identity({ Action: 'GetObject' }), noVendor, 'Statement.0.Action'],
    [
      'an action of three parts',
      identity({ Action: 's3:Get:x' }),
      'Actions/Condition can contain only one colon.',
      'Statement.0.Action',
    ],
    ['a vendor with a blank', identity({ Action: 'a a:Get' }), 'Vendor a a is not valid', 'Statement.0.Action'],
  ])('may not have %s', (_, document, message, path) => {
    const problems = validateDocument(document, 'identity');
    expect(problems.map((one) => [one.message, one.path.join('.')])).toEqual([[message, path]]);
    expect(problems[0]?.detail).toMatch(/\S{2}/);
  });

  it('may have any text as the name of an action', () => {
    expect(validateDocument(identity({ Action: 'iam: any text ' }), 'identity')).toEqual([]);
  });

  it('may be any policy that AWS itself has', () => {
    const refused = awsManagedPolicies('aws').flatMap(({ name, document }) =>
      validateDocument(document, 'identity').map(({ message }) => `${name}: ${message}`),
    );
    expect(refused).toEqual([]);
  });
});

describe('a managed policy', () => {
  const message = 'Policy document must be version 2012-10-17 or greater.';
  it.each([
    ['no version', { Statement: permitting }, ''],
    ['the old version', { Version: '2008-10-17', Statement: permitting }, 'Version'],
  ])('needs the current version, and an inline policy does not: %s', (_, document, path) => {
    expect(validateDocument(document, 'managed').map((one) => [one.message, one.path.join('.')])).toEqual([
      [message, path],
    ]);
    expect(validateDocument(document, 'identity')).toEqual([]);
  });

  it('is refused for its version before it is for a date', () => {
    const document = { Statement: { ...permitting, Condition: { DateEquals: { a: 'x' } } } };
    expect(validateDocument(document, 'managed')[0]?.message).toBe(message);
  });
});

describe('whoever has a document checked', () => {
  it('hears of everything at once, in the order in which IAM checks', () => {
    const document = {
      Version: '1',
      Statement: [{ Effect: 'No', Principal: { AWS: '1' }, Action: 'x', Sid: 'a b' }, TRUSTING, {}],
    };
    expect(
      validateDocument(document, 'trust').map(({ message, path }) => [message.slice(0, 26), path.join('.')]),
    ).toEqual([
      ['Syntax errors in policy.', 'Version'],
      ['Syntax errors in policy.', 'Statement.0.Effect'],
      ['Syntax errors in policy.', 'Statement.2'],
      ['Statement IDs (SID) must b', 'Statement.0.Sid'],
      ['Policy statement must cont', 'Statement.2'],
      ['AssumeRole policy may only', 'Statement.0.Action'],
      ['Invalid principal in polic', 'Statement.0.Principal.AWS'],
      ['Missing required field Pri', 'Statement.2'],
    ]);
  });

  it.each([
    ['a date before a partition', identity({ Resource: 'arn:x:s3:::b', Effect: 'allow' }), /legacy parsing/],
    ['a Sid before an action', identity({ Sid: 'a' }, { Sid: 'a', Action: [] }), /must be unique/],
    ['an action that is missing before a resource', identity({ Action: [], Resource: 'x' }), /must contain actions/],
    ['a resource before an action', identity({ Action: 'x', Resource: 'x' }), /^Resource x/],
    ['an action before a resource that is missing', identity({ Action: 'x', Resource: [] }), /prefaced by a vendor/],
  ])('hears first of %s', (_, document, message) => {
    expect(validateDocument(document, 'identity')[0]?.message).toMatch(message);
  });
});
