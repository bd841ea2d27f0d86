import type { Statement } from '../../../src/iam/PolicyDocument';
import { notCovered, policyDifference, sameMeaning } from '../../../src/iam/sameMeaning';
import { allow, documentOf, trust, under } from './documents';

const HOME = '111122223333';
const missing = (wanted: Statement, ...found: Statement[]) => notCovered([documentOf(wanted)], [documentOf(...found)]);

describe('the difference of two documents', () => {
  it('is what is missing and what is extra', () => {
    const wanted = documentOf(trust({ Sid: 'Pods', Action: ['sts:AssumeRole', 'sts:TagSession'] }));
    const found = documentOf(trust({ Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] } }));
    expect(policyDifference(found, wanted)).toEqual({
      missing: [trust({ Sid: 'Pods', Action: 'sts:TagSession' })],
      extra: [trust({ Principal: { Service: 'ec2.amazonaws.com' } })],
    });
  });

  it('has no statement without a difference', () => {
    expect(missing(allow({ Sid: 'A' }), allow({ Sid: 'B' }))).toEqual([]);
    expect(policyDifference(documentOf(), documentOf())).toEqual({ missing: [], extra: [] });
  });

  it('counts several documents as one', () => {
    const [get, put] = [allow(), allow({ Action: 's3:PutObject' })];
    expect(notCovered([documentOf(get), documentOf(put)], [documentOf(put), documentOf(get)])).toEqual([]);
    expect(notCovered([documentOf(get), documentOf(put)], [documentOf(put)])).toEqual([get]);
  });

  it('tells roots of two partitions apart also in two documents', () => {
    const [aws, china] = ['aws', 'aws-cn'].map((name) =>
      trust({ Principal: { AWS: `arn:${name}:iam::${HOME}:root` } }),
    );
    const id = trust({ Principal: { AWS: HOME } });
    expect(notCovered([documentOf(id)], [documentOf(aws!)])).toEqual([]);
    expect(notCovered([documentOf(id)], [documentOf(aws!), documentOf(china!)])).toEqual([id]);
  });
});

describe('a statement is narrowed to the part that differs', () => {
  it.each<[string, Statement, Statement, Statement]>([
    [
      'actions, as they are written',
      allow({ Action: ['s3:GetObject', 'S3:PutObject', 's3:PutObject'] }),
      allow(),
      allow({ Action: 's3:PutObject' }),
    ],
    ['resources', allow({ Resource: ['a', 'b', 'c'] }), allow({ Resource: 'b' }), allow({ Resource: ['a', 'c'] })],
    [
      'principals of several kinds',
      trust({
        Principal: {
          AWS: [HOME, '444455556666', '777788889999'],
          Service: ['a.amazonaws.com', 'b.amazonaws.com'],
          Federated: 'x.example',
        },
      }),
      trust({ Principal: { AWS: HOME, Service: ['a.amazonaws.com', 'b.amazonaws.com'] } }),
      trust({ Principal: { AWS: ['444455556666', '777788889999'], Federated: 'x.example' } }),
    ],
    [
      'values of a condition',
      under({
        StringEquals: { 'aws:SourceAccount': ['1', '2', '3'], 'aws:PrincipalTag/a': 'b' },
        Bool: { 'aws:SecureTransport': true },
      }),
      under({
        StringEquals: { 'aws:SourceAccount': '2', 'aws:PrincipalTag/a': 'b' },
        Bool: { 'aws:SecureTransport': true },
      }),
      under({
        StringEquals: { 'aws:SourceAccount': ['1', '3'], 'aws:PrincipalTag/a': 'b' },
        Bool: { 'aws:SecureTransport': true },
      }),
    ],
    [
      'two elements at once',
      allow({ Action: ['s3:GetObject', 's3:PutObject'], Resource: ['a', 'b'] }),
      { ...allow({ Resource: 'a' }), Action: ['s3:GetObject', 's3:PutObject'] },
      allow({ Action: ['s3:GetObject', 's3:PutObject'], Resource: 'b' }),
    ],
  ])('%s', (_, wanted, found, difference) => {
    expect(missing(wanted, found)).toEqual([difference]);
  });

  it.each<[string, Statement]>([
    ['everyone', trust({ Principal: { AWS: ['*', HOME] } })],
    ['NotPrincipal', { Effect: 'Deny', NotPrincipal: { AWS: [HOME, '444455556666'] }, Action: '*' }],
    ['NotAction and NotResource', { Effect: 'Deny', NotAction: ['s3:*', 'sqs:*'], NotResource: ['a', 'b'] }],
    ['a list in any order, with a value twice', allow({ Action: ['s3:PutObject', 's3:GetObject', 's3:PutObject'] })],
    ['a negated condition', under({ StringNotEquals: { 'aws:PrincipalTag/a': ['b', 'c'] } })],
    ['a condition without values', under({ StringEquals: { 'aws:PrincipalTag/a': [] } })],
  ])('%s stays as it is written where all of it differs', (_, statement) => {
    expect(missing(statement, allow({ Action: 'sqs:*' }))).toEqual([statement]);
  });

  it.each<[string, Statement]>([
    ['everyone', trust({ Principal: { AWS: ['*', HOME] } })],
    ['NotPrincipal', { Effect: 'Allow', NotPrincipal: { AWS: [HOME, '444455556666'] }, Action: 'sts:AssumeRole' }],
    ['a negated condition', trust({ Condition: { StringNotEquals: { 'aws:PrincipalTag/a': ['b', 'c'] } } })],
  ])('%s stays as it is written beside what is narrowed', (_, statement) => {
    expect(missing({ ...statement, Action: ['sts:AssumeRole', 'sts:TagSession'] }, statement)).toEqual([
      { ...statement, Action: 'sts:TagSession' },
    ]);
  });

  it('a statement is whole where no single statement expresses the part', () => {
    const wanted = allow({ Action: ['s3:A', 's3:B', 's3:C'], Resource: ['x', 'y', 'z'] });
    const [action, resource] = [allow({ Action: 's3:A', Resource: '*' }), allow({ Action: 's3:*', Resource: 'x' })];
    const rest = allow({ Action: ['s3:B', 's3:C'], Resource: ['y', 'z'] });
    expect(missing(wanted, action, resource)).toEqual([rest]);
    expect(missing(wanted, action, resource, allow({ Action: 's3:B', Resource: 'y' }))).toEqual([wanted]);
  });
});

describe('large documents', () => {
  const many = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const large = (actions: number, resources: number, from = 'a'): Statement =>
    allow({ Action: many(actions, 's3:A'), Resource: many(resources, `arn:aws:s3:::${from}`) });
  const all = allow({ Action: '*', Resource: '*' });

  it('are compared by value up to 20,000 combinations in a statement, then by their lists', () => {
    expect(missing(large(200, 100), all)).toEqual([]);
    expect(missing(large(201, 100), all)).toEqual([large(201, 100)]);
  });

  it('are the same with the same lists in any order', () => {
    const statement = {
      ...large(400, 100),
      ...under({ StringEquals: { 'aws:PrincipalTag/a': ['b', 'c'] } }).Condition,
    };
    const conditioned: Statement = { ...statement, Condition: { StringLike: { 'aws:PrincipalTag/a': ['b', 'c'] } } };
    const other: Statement = {
      ...conditioned,
      Action: many(400, 's3:A').toReversed(),
      Resource: many(100, 'arn:aws:s3:::a').toReversed(),
      Condition: { StringEquals: { 'AWS:PrincipalTag/a': ['c', 'b', 'b'] } },
    };
    expect(sameMeaning(documentOf(conditioned), documentOf(other))).toBe(true);
    expect(
      missing(conditioned, { ...other, Condition: { StringEquals: { 'aws:PrincipalTag/a': ['b', 'd'] } } }),
    ).toEqual([conditioned]);
    expect(missing(conditioned, { ...other, Resource: many(100, 'arn:aws:s3:::b') })).toEqual([conditioned]);
    expect(missing(large(201, 100), large(100, 201, 'a'))).toEqual([large(201, 100)]);
  });

  it('are covered by the same lists with fewer conditions', () => {
    const narrowed = { ...large(201, 100), Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
    expect(missing(narrowed, large(201, 100))).toEqual([]);
    expect(missing(large(201, 100), narrowed)).toEqual([large(201, 100)]);
  });

  it('are compared atom by atom up to 2,000,000 comparisons, then by equality', () => {
    const others = (count: number) => [all, allow({ Action: many(count - 1, 'sqs:A') })];
    expect(missing(large(100, 20), ...others(1000))).toEqual([]);
    expect(missing(large(100, 20), ...others(1001))).toEqual([large(100, 20)]);
    // Equal ones need no comparison.
    expect(sameMeaning(documentOf(large(200, 100)), documentOf(large(100, 100), large(200, 100)))).toBe(true);
    expect(missing(large(100, 20), ...others(1001), allow({ Action: 's3:A0', Resource: 'arn:aws:s3:::a0' }))).toEqual([
      large(100, 20),
    ]);
    expect(missing(large(1, 1), ...others(20_000))).toEqual([]);
  });

  it('that differ are different', () => {
    expect(sameMeaning(documentOf(large(99, 99)), documentOf(large(99, 99, 'b')))).toBe(false);
  });
});
