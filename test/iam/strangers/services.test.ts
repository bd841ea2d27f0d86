import { admitted, assume, everyone, HOME, requestsOf, type Written } from './trust';

const SNS = 'sns.amazonaws.com';
const ANY = { like: '*', except: [] };
const sns = (Condition: Written['Condition'] & object): Written => ({
  Principal: { Service: SNS },
  ...assume,
  Condition,
});
const TOPIC = `arn:aws:sns:eu-west-1:${HOME}:topic`;

describe('the requests of a service', () => {
  it('say for which account and resource, for one of both, or for none', () => {
    const account = { 'aws:SourceAccount': { ...ANY, exceptTexts: [HOME] } };
    const arn = { 'aws:SourceArn': { like: 'arn:*', except: [TOPIC] } };
    const attempt = { caller: { kind: 'service', service: SNS }, operation: 'sts:AssumeRole', completeKeys: [] };
    const statement = sns({
      StringEquals: { 'aws:SourceAccount': HOME, 'aws:PrincipalTag/a': 'b' },
      ArnLike: { 'aws:SourceArn': TOPIC, 'aws:PrincipalArn': `${TOPIC}:x` },
    });
    expect(requestsOf(`service ${SNS}`, [statement])).toEqual([
      { ...attempt, sets: { ...account, ...arn }, context: {} },
      { ...attempt, sets: account, context: { 'aws:SourceArn': [] } },
      { ...attempt, sets: arn, context: { 'aws:SourceAccount': [] } },
      { ...attempt, sets: {}, context: { 'aws:SourceAccount': [], 'aws:SourceArn': [] } },
    ]);
  });

  it.each([
    ['an account', 'arn:aws:sns:*:111122223333:*', true],
    ['an account without a region', 'arn:aws:iam::111122223333:role/x', true],
    ['no account', 'arn:aws:s3:::uploads', false],
    ['a pattern of accounts', 'arn:aws:sns:*:1111222233*:*', false],
    ['a number behind other components', 'x:arn:aws:sns:*:111122223333:*', false],
    ['a longer number', 'arn:aws:sns:*:1111222233334:*', false],
  ])('are not for a resource that a condition names with %s', (_, arn, isExcept) => {
    const [both] = requestsOf(`service ${SNS}`, [sns({ ArnLike: { 'aws:SourceArn': arn } })]);
    expect(both?.sets?.['aws:SourceArn']?.except).toEqual(isExcept ? [arn] : []);
  });

  it('that no statement names have a name that is not known', () => {
    const named: Written = { ...everyone, Condition: { StringEquals: { 'aws:PrincipalServiceName': SNS } } };
    const names = { ...ANY, exceptTexts: [SNS] };
    for (const { sets } of requestsOf('any service', [named]))
      expect(sets).toMatchObject({ 'aws:principalservicename': names, 'aws:principalservicenameslist': names });
    for (const { sets } of requestsOf(`service ${SNS}`, [named]))
      expect(Object.keys(sets ?? {})).not.toContain('aws:principalservicename');
  });
});

describe('a statement admits a service', () => {
  const source = (account: 'true' | 'false', arn: 'true' | 'false') =>
    sns({ Null: { 'aws:SourceAccount': account, 'aws:SourceArn': arn } });
  it.each<[string, Written]>([
    ['that says its account and its resource', source('false', 'false')],
    ['that says its account alone', source('false', 'true')],
    ['that says its resource alone', source('true', 'false')],
    ['that says nothing', source('true', 'true')],
    ['for another account', sns({ StringNotEquals: { 'aws:SourceAccount': HOME } })],
    ['for an account by a pattern', sns({ StringLike: { 'aws:SourceAccount': '1111*' } })],
    ['with a secret', sns({ StringEquals: { 'sts:ExternalId': 'x' } })],
    ['for an exact bucket', sns({ ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } })],
  ])('%s', (_, statement) => {
    expect(admitted(statement)).toEqual([`service ${SNS}`]);
  });

  it.each<[string, Written]>([
    ['for an exact account', sns({ StringEquals: { 'aws:SourceAccount': '444455556666' } })],
    ['for resources of an exact account', sns({ ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${HOME}:*` } })],
    ['for what is no ARN', sns({ StringEquals: { 'aws:SourceArn': 'x' } })],
  ])('but not to others than it names: %s', (_, statement) => {
    expect(admitted(statement)).toEqual([]);
  });

  it('by a list of names', () => {
    const listed = { 'ForAnyValue:StringLike': { 'aws:PrincipalServiceNamesList': '*.amazonaws.com' } };
    expect(admitted({ ...everyone, Condition: listed })).toContain('any service');
  });
});
