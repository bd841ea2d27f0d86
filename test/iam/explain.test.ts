import { decide } from '../../src/iam/decide';
import type { NamedPolicy, Policies } from '../../src/iam/Decision';
import { explain } from '../../src/iam/explain';
import type { Statement } from '../../src/iam/PolicyDocument';
import type { Request } from '../../src/iam/Request';

const request: Request = {
  caller: { kind: 'service', service: 'pods.eks.amazonaws.com' },
  action: 'sts:AssumeRole',
  resource: 'arn:aws:iam::333333333333:role/orders',
  context: {
    'aws:SourceAccount': '333333333333',
    'aws:RequestTag/kubernetes-namespace': 'media',
    'aws:TagKeys': ['a', 'b'],
  },
};

function trust(...Statement: readonly Statement[]): NamedPolicy {
  return { name: 'trust policy of orders', document: { Version: '2012-10-17', Statement } };
}

const statement: Statement = {
  Sid: 'PodIdentity',
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
};
const other: Statement = { ...statement, Principal: { Service: 'ec2.amazonaws.com' } };

function explained(policies: Policies): string {
  return explain(decide(request, policies));
}

describe('an explanation', () => {
  it('names the statement that allowed', () => {
    expect(explained({ resource: trust(other, statement) })).toBe(
      'sts:AssumeRole is allowed by trust policy of orders, statement 1 (PodIdentity).',
    );
  });

  it('names the statement that denied', () => {
    expect(explained({ resource: trust(statement, { Effect: 'Deny', Principal: '*', Action: '*' }) })).toBe(
      'sts:AssumeRole is denied: explicit deny by trust policy of orders, statement 1.',
    );
  });

  it('gives key, wanted and found of each failing condition, and leaves out what was never meant', () => {
    const Condition = {
      StringEquals: {
        'aws:SourceAccount': '333333333333',
        'aws:RequestTag/kubernetes-namespace': ['production', 'staging'],
        'aws:RequestTag/eks-cluster-arn': 'arn',
      },
      'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' },
    };
    expect(explained({ resource: trust(other, { ...statement, Condition }) })).toBe(
      [
        'sts:AssumeRole is denied: no resource policy allows it.',
        '  trust policy of orders, statement 1 (PodIdentity) would allow it, but not under these conditions:',
        '    StringEquals aws:RequestTag/kubernetes-namespace: wanted "production" or "staging", found "media"',
        '    StringEquals aws:RequestTag/eks-cluster-arn: wanted "arn", the request does not carry it',
        '    ForAllValues:StringEquals aws:TagKeys: wanted "a", found "a" and "b"',
      ].join('\n'),
    );
  });

  it('turns negated conditions and Null into what they ask for', () => {
    const Condition = {
      StringNotEquals: { 'aws:RequestTag/kubernetes-namespace': ['media', 'production'] },
      Null: { 'aws:TagKeys': 'true', 'aws:SourceArn': 'false' },
    };
    expect(explained({ resource: trust({ ...statement, Condition }) })).toBe(
      [
        'sts:AssumeRole is denied: no resource policy allows it.',
        '  trust policy of orders, statement 0 (PodIdentity) would allow it, but not under these conditions:',
        '    StringNotEquals aws:RequestTag/kubernetes-namespace: wanted anything but "media" or "production", found "media"',
        '    Null aws:TagKeys: wanted it absent, found "a" and "b"',
        '    Null aws:SourceArn: wanted it present, the request does not carry it',
      ].join('\n'),
    );
  });

  it('says what part of each statement did not fit where no condition was in question', () => {
    const resource = trust(
      other,
      { ...statement, Action: 'sts:TagSession' },
      { ...statement, Resource: 'arn:aws:s3:::b' },
    );
    expect(explained({ resource })).toBe(
      [
        'sts:AssumeRole is denied: no resource policy allows it.',
        '  trust policy of orders, statement 0 (PodIdentity) does not name this caller: Principal {"Service":"ec2.amazonaws.com"}',
        '  trust policy of orders, statement 1 (PodIdentity) does not name this action: Action "sts:TagSession"',
        '  trust policy of orders, statement 2 (PodIdentity) does not name this resource: Resource "arn:aws:s3:::b"',
      ].join('\n'),
    );
  });

  it('stays short', () => {
    expect(explained({ resource: trust(...Array.from({ length: 7 }, () => other)) })).toBe(
      [
        'sts:AssumeRole is denied: no resource policy allows it.',
        '  trust policy of orders, statement 0 (PodIdentity) does not name this caller: Principal {"Service":"ec2.amazonaws.com"}',
        '  trust policy of orders, statement 1 (PodIdentity) does not name this caller: Principal {"Service":"ec2.amazonaws.com"}',
        '  trust policy of orders, statement 2 (PodIdentity) does not name this caller: Principal {"Service":"ec2.amazonaws.com"}',
        '  trust policy of orders, statement 3 (PodIdentity) does not name this caller: Principal {"Service":"ec2.amazonaws.com"}',
        '  and 3 more statements that do not apply',
      ].join('\n'),
    );
  });

  it('says so when no statement applies', () => {
    expect(explained({})).toBe(
      ['sts:AssumeRole is denied: no resource policy allows it.', '  No Allow statement applies to it.'].join('\n'),
    );
  });

  it('speaks of the policies that should have allowed, not of those that did', () => {
    const caller = { kind: 'session', roleArn: 'arn:aws:iam::333333333333:role/app', sessionName: 'x' } as const;
    const account = { ...statement, Principal: { AWS: '333333333333' } };
    const identity = [
      { name: 'inline policy podlift', document: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } } },
    ] as const;
    expect(explain(decide({ ...request, caller }, { identity, resource: trust(other, account) }))).toBe(
      [
        'sts:AssumeRole is denied: no identity policy allows it.',
        '  inline policy podlift, statement 0 does not name this action: Action "s3:*"',
      ].join('\n'),
    );
  });
});
