import { validateTrustPolicy } from '@cloud-copilot/iam-policy';
import { validateDocument } from '../../src/iam/validateDocument';

const trusting = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
};
const ROOT = 'arn:aws:iam::111122223333:root';

function trust(...changes: readonly object[]): object {
  return { Version: '2012-10-17', Statement: changes.map((change) => ({ ...trusting, ...change })) };
}

function without(statement: object, element: string): object {
  return Object.fromEntries(Object.entries(statement).filter(([key]) => key !== element));
}

describe('a trust policy that IAM takes', () => {
  it.each([
    ['a service', {}],
    [
      'several services',
      { Principal: { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
    ],
    ['a service of a region', { Principal: { Service: 's3.us-west-2.amazonaws.com' } }],
    ['everyone', { Principal: '*' }],
    ['everyone in an object', { Principal: { AWS: '*' } }],
    ['an account id', { Principal: { AWS: '111122223333' } }],
    [
      'accounts in each partition',
      { Principal: { AWS: [ROOT, 'arn:aws-cn:iam::111122223333:root', 'arn:aws-us-gov:iam::111122223333:root'] } },
    ],
    ['a role with a path', { Principal: { AWS: 'arn:aws:iam::111122223333:role/podlift/a/orders' } }],
    ['a session', { Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/orders/pod@x' } }],
    [
      'an OIDC provider',
      {
        Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/A' },
        Action: 'sts:AssumeRoleWithWebIdentity',
      },
    ],
    [
      'a well-known provider',
      { Principal: { Federated: 'accounts.google.com' }, Action: 'sts:AssumeRoleWithWebIdentity' },
    ],
    ['all of sts', { Action: 'sts:*' }],
    ['a Sid', { Sid: 'PodIdentity1' }],
    ['an empty Sid', { Sid: '' }],
    [
      'conditions of every kind',
      {
        Condition: {
          StringEquals: { 'aws:a': 'x' },
          'ForAllValues:ArnLikeIfExists': { 'aws:b': ['x', 'y'] },
          Null: { 'aws:c': true },
          NumericEquals: { 'aws:d': 5 },
        },
      },
    ],
  ])('names %s', (_, change) => {
    expect(validateDocument(trust(change), 'trust')).toEqual([]);
    expect(validateTrustPolicy(trust(change))).toEqual([]);
  });

  it('may have the empty Sid twice', () => {
    expect(validateDocument(trust({ Sid: '' }, { Sid: '' }), 'trust')).toEqual([]);
  });

  it('may leave out its version, have an id, and have its statement stand alone', () => {
    expect(validateDocument({ Id: 'any text', Statement: trusting }, 'trust')).toEqual([]);
    expect(validateDocument({ Version: '2008-10-17', Statement: [trusting] }, 'trust')).toEqual([]);
  });
});

describe('a trust policy that IAM refuses', () => {
  it.each<[string, unknown, string]>([
    ['no object', 'text', 'The document is "text"; wanted an object'],
    ['nothing', null, 'The document is null'],
    ['a list', [], 'The document is []'],
    ['no statement', { Version: '2012-10-17' }, 'Syntax errors in policy. : The document has no Statement'],
    ['an empty list of statements', { Statement: [] }, 'Statement is []'],
    [
      'a bad version',
      { Version: '2020-01-01', Statement: trusting },
      'Syntax errors in policy. Version: Version is "2020-01-01"; wanted "2012-10-17"',
    ],
    ['an unknown element', { statement: [], Statement: trusting }, 'The document has the element "statement"'],
    ['an id that is no text', { Id: 5, Statement: trusting }, 'Id is 5'],
    ['a statement that is no object', { Statement: ['x'] }, 'Statement.0: the statement is "x"; wanted an object'],
    [
      'an unknown element of a statement',
      trust({ Actions: 'sts:AssumeRole' }),
      'Statement.0.Actions: the unknown element "Actions"',
    ],
    ['a bad effect', trust({ Effect: 'allow' }), 'Effect is "allow"; wanted "Allow" or "Deny"'],
    ['no effect', { Statement: without(trusting, 'Effect') }, 'Effect is nothing'],
    ['no principal', { Statement: without(trusting, 'Principal') }, 'Missing required field Principal'],
    ['no action', { Statement: without(trusting, 'Action') }, 'Policy statement must contain actions'],
    ['both forms of action', trust({ NotAction: 'sts:TagSession' }), 'both Action and NotAction are present'],
    [
      'an empty list of actions',
      trust({ Action: [] }),
      'Policy statement must contain actions. Statement.0.Action: Action is []',
    ],
    ['an action that is no text', trust({ Action: ['sts:AssumeRole', 5] }), 'Action is ["sts:AssumeRole",5]'],
    [
      'an action of another service',
      trust({}, { Action: 's3:GetObject' }),
      'AssumeRole policy may only specify STS AssumeRole actions. Statement.1.Action: "s3:GetObject"',
    ],
    ['every action', trust({ Action: '*' }), 'may only specify STS AssumeRole actions'],
    ['a resource', trust({ Resource: '*' }), 'Has prohibited field Resource'],
    ['a resource left out', trust({ NotResource: '*' }), 'Has prohibited field NotResource'],
    ['a principal left out', trust({ NotPrincipal: '*' }), 'Has prohibited field NotPrincipal'],
    [
      'a principal of an unknown type',
      trust({ Principal: { Services: 'ec2.amazonaws.com' } }),
      'Principal has the type "Services"',
    ],
    ['a canonical user', trust({ Principal: { CanonicalUser: 'abc' } }), 'Principal has the type "CanonicalUser"'],
    ['an empty principal', trust({ Principal: {} }), 'Principal is {}'],
    ['an account in plain text', trust({ Principal: ROOT }), 'Principal is "arn:aws:iam::111122223333:root"'],
    ['a principal that is no text', trust({ Principal: { AWS: 111122223333 } }), 'Principal.AWS is 111122223333'],
    [
      'a short account id',
      trust({ Principal: { AWS: '11112222333' } }),
      'Invalid principal in policy: "AWS":"11112222333"',
    ],
    [
      'a wildcard in a role',
      trust({ Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } }),
      'Invalid principal in policy',
    ],
    [
      'a wildcard in a path',
      trust({ Principal: { AWS: 'arn:aws:iam::111122223333:role/*/orders' } }),
      'Invalid principal in policy',
    ],
    ['a wildcard for the account', trust({ Principal: { AWS: 'arn:aws:iam::*:root' } }), 'Invalid principal in policy'],
    ['a group', trust({ Principal: { AWS: 'arn:aws:iam::111122223333:group/team' } }), 'Invalid principal in policy'],
    ['a queue', trust({ Principal: { AWS: 'arn:aws:sqs::111122223333:queue' } }), 'Invalid principal in policy'],
    ['a bucket', trust({ Principal: { AWS: 'arn:aws:s3:::bucket' } }), 'Invalid principal in policy'],
    [
      'a role of a region',
      trust({ Principal: { AWS: 'arn:aws:iam:us-west-2:111122223333:role/orders' } }),
      'Invalid principal in policy',
    ],
    [
      'a role without a name',
      trust({ Principal: { AWS: 'arn:aws:iam::111122223333:role/' } }),
      'Invalid principal in policy',
    ],
    ['the id of a deleted role', trust({ Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } }), 'Invalid principal in policy'],
    ['every service', trust({ Principal: { Service: '*' } }), 'Invalid principal in policy: "SERVICE":"*"'],
    [
      'a service without a domain',
      trust({ Principal: { Service: 'pods.eks' } }),
      'Invalid principal in policy: "SERVICE":"pods.eks"',
    ],
    [
      'a misspelt service',
      trust({ Principal: { Service: 'pod.eks.amazonaws.com' } }),
      'Invalid principal in policy: "SERVICE":"pod.eks.amazonaws.com" Statement.0.Principal.Service: "pod.eks.amazonaws.com" is no such principal; wanted "pods.eks.amazonaws.com"',
    ],
    [
      'a service in capital letters',
      trust({ Principal: { Service: ['ec2.amazonaws.com', 'EKS.amazonaws.com'] } }),
      'Statement.0.Principal.Service.1: "EKS.amazonaws.com" is no such principal; wanted "eks.amazonaws.com"',
    ],
    [
      'an issuer for a provider',
      trust({ Principal: { Federated: 'https://oidc.eks.us-west-2.amazonaws.com/id/A' } }),
      'Invalid principal in policy: "FEDERATED"',
    ],
    [
      'a role for a provider',
      trust({ Principal: { Federated: 'arn:aws:iam::111122223333:role/orders' } }),
      'Invalid principal in policy: "FEDERATED"',
    ],
    ['a Sid with a dash', trust({ Sid: 'pod-identity' }), 'Statement IDs (SID) must be alpha-numeric'],
    ['a Sid that is no text', trust({ Sid: 1 }), 'Syntax errors in policy. Statement.0.Sid: Sid is 1'],
    [
      'the same Sid twice',
      trust({ Sid: 'A' }, { Sid: 'B' }, { Sid: 'A' }),
      'Statement IDs (SID) in a single policy must be unique. Statement.2.Sid: "A" occurs twice',
    ],
    [
      'an unknown operator',
      trust({ Condition: { StringMatches: { 'aws:a': 'x' } } }),
      'Syntax errors in policy. Statement.0.Condition.StringMatches: StringMatches is no condition operator',
    ],
    [
      'Null with IfExists',
      trust({ Condition: { NullIfExists: { 'aws:a': 'true' } } }),
      'Syntax errors in policy. Statement.0.Condition.NullIfExists: NullIfExists is no condition operator',
    ],
    ['conditions that are no object', trust({ Condition: 'x' }), 'Condition is "x"'],
    [
      'an operator without keys',
      trust({ Condition: { StringEquals: 'x' } }),
      'Condition.StringEquals: StringEquals is "x"; wanted an object',
    ],
    [
      'a key without a vendor',
      trust({ Condition: { StringEquals: { team: 'x' } } }),
      'must be prefaced by a vendor, e.g., iam, sdb, ec2, etc. Statement.0.Condition.StringEquals.team',
    ],
    [
      'a value that is an object',
      trust({ Condition: { StringEquals: { 'aws:a': { b: 'c' } } } }),
      'StringEquals aws:a is {"b":"c"}',
    ],
  ])('has %s', (_, document, message) => {
    const problems = validateDocument(document, 'trust');
    expect(problems).toHaveLength(1);
    expect(`${problems[0]?.message} ${problems[0]?.path.join('.')}: ${problems[0]?.detail}`).toContain(message);
  });
});
