import {
  admitted,
  AUD,
  CLUSTER,
  cluster,
  everyone,
  github,
  HOME,
  ISSUER,
  pods,
  ROLE,
  SUB,
  token,
  assume,
  type Written,
} from './trust';

const OWN_TAGS = {
  'aws:SourceAccount': HOME,
  'aws:RequestTag/eks-cluster-arn': CLUSTER,
  'aws:RequestTag/kubernetes-namespace': 'shop',
  'aws:RequestTag/kubernetes-service-account': 'w',
};
const OTHER_TAGS = { ...OWN_TAGS, 'aws:RequestTag/kubernetes-namespace': ['shop', 'SHOP'] };
const ALL_PODS = ['service accounts', 'namespaces', 'clusters'].map((other) => `pods of other ${other}`);

describe('a statement that admits nobody but whom it names', () => {
  it.each<[string, readonly Written[]]>([
    ['a role', [{ Principal: { AWS: `arn:aws:iam::${HOME}:role/admin` }, ...assume }]],
    ['a subject with a character that is elsewhere a wildcard', [github({ StringEquals: { [SUB]: 'repo:acme/x:*' } })]],
    ['a subject with an escaped wildcard', [github({ StringLike: { [SUB]: 'repo:acme/x:${*}' } })]],
    [
      'a service for the account of the role, by its variable',
      [
        {
          Principal: { Service: 'sns.amazonaws.com' },
          ...assume,
          Condition: { StringEquals: { 'aws:SourceAccount': '${aws:ResourceAccount}' } },
        },
      ],
    ],
    ['roles and users', [{ Principal: { AWS: [ROLE, 'arn:aws:iam::444455556666:user/ana'] }, ...assume }]],
    ['a session', [{ Principal: { AWS: `arn:aws:sts::${HOME}:assumed-role/admin/ana` }, ...assume }]],
    [
      'the account, for one role',
      [{ Principal: { AWS: HOME }, ...assume, Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } }],
    ],
    ['everyone, for one role', [{ ...everyone, Condition: { StringEquals: { 'aws:PrincipalArn': ROLE } } }]],
    [
      'a branch of a repository',
      [github({ StringEquals: { [SUB]: 'repo:acme/shop:ref:refs/heads/main', [AUD]: 'sts.amazonaws.com' } })],
    ],
    [
      'two branches, no audience',
      [github({ 'ForAnyValue:StringLike': { [SUB]: ['repo:acme/a:ref:x', 'repo:acme/b:ref:x'] } })],
    ],
    [
      'a service for an account',
      [
        {
          Principal: { Service: 'lambda.amazonaws.com' },
          ...assume,
          Condition: { StringEquals: { 'aws:SourceAccount': HOME } },
        },
      ],
    ],
    [
      'a service for resources of an account',
      [
        {
          Principal: { Service: 'sns.amazonaws.com' },
          ...assume,
          Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${HOME}:*` } },
        },
      ],
    ],
    ['the own pods', [pods({ StringEquals: OWN_TAGS })]],
    [
      'the own pods, in capitals',
      [pods({ StringEquals: OTHER_TAGS, StringEqualsIgnoreCase: { 'aws:RequestTag/kubernetes-namespace': 'SHOP' } })],
    ],
    [
      'the own tokens',
      [
        cluster({
          StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:shop:w', [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
        }),
      ],
    ],
    ['the own tokens, no audience', [cluster({ StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:shop:w' } })]],
    [
      'the own tokens from some addresses',
      [
        cluster({
          StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:shop:w' },
          IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
        }),
      ],
    ],
    [
      'the own account, but denied to all roles but one',
      [
        { Principal: { AWS: HOME }, ...assume },
        { Effect: 'Deny', ...everyone, Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE } } },
      ],
    ],
    ['nobody', []],
  ])('%s', (_, statements) => {
    expect(admitted(...statements)).toEqual([]);
  });
});

describe('a statement that admits strangers', () => {
  it.each<[string, readonly Written[], readonly string[]]>([
    ['the account', [{ Principal: { AWS: HOME }, ...assume }], [`account ${HOME}`]],
    ['an account', [{ Principal: { AWS: 'arn:aws:iam::444455556666:root' }, ...assume }], ['account 444455556666']],
    [
      'roles of an account by a pattern',
      [
        {
          Principal: { AWS: HOME },
          ...assume,
          Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:role/ci-*` } },
        },
      ],
      [`account ${HOME}`],
    ],
    [
      'roles of an account by a pattern of everyone',
      [{ ...everyone, Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:role/ci-*` } } }],
      [`account ${HOME}`],
    ],
    [
      'one account of all',
      [{ ...everyone, Condition: { StringEquals: { 'aws:PrincipalAccount': '444455556666' } } }],
      ['account 444455556666'],
    ],
    [
      'an organisation',
      [{ Principal: { AWS: '*' }, ...assume, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
      ['organisation o-1'],
    ],
    [
      'a part of an organisation',
      [{ ...everyone, Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/r-ab/ou-ab-1/*' } } }],
      ['organisation o-1'],
    ],
    [
      'whoever is not of an organisation',
      [{ ...everyone, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
      ['untagged pods', 'pods of other accounts', 'any service', 'any account'],
    ],
    [
      'all but those denied who are not of an organisation',
      [
        { Principal: { AWS: '*' }, ...assume },
        { Effect: 'Deny', ...everyone, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } },
      ],
      ['organisation o-1'],
    ],
    [
      'whoever is not one role',
      [{ ...everyone, Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE } } }],
      ['untagged pods', 'pods of other accounts', 'any service', `account ${HOME}`, 'any account'],
    ],
    [
      'a subject with a star, and all that its pattern would match',
      [
        github({ StringEquals: { [SUB]: 'repo:acme/deploy:*' } }),
        github({ StringLike: { [SUB]: 'repo:acme/deploy:*' } }),
      ],
      ['tokens token.actions.githubusercontent.com'],
    ],
    [
      'a repository',
      [github({ StringLike: { [SUB]: 'repo:acme/deploy:*' } })],
      ['tokens token.actions.githubusercontent.com'],
    ],
    ...['repo:*/deploy:*', 'repo:acme*:*', 'repo:*:ref:refs/heads/prod', '*:environment:prod'].map(
      (sub): [string, Written[], string[]] => [
        sub,
        [github({ StringLike: { [SUB]: sub } })],
        ['tokens token.actions.githubusercontent.com'],
      ],
    ),
    [
      'all of GitHub with an audience',
      [github({ StringEquals: { [AUD]: 'sts.amazonaws.com' } })],
      ['tokens token.actions.githubusercontent.com'],
    ],
    [
      'all of Google',
      [
        {
          Principal: { Federated: 'accounts.google.com' },
          ...token,
          Condition: { StringEquals: { 'accounts.google.com:aud': 'x' } },
        },
      ],
      ['tokens accounts.google.com'],
    ],
    [
      'a directory',
      [{ Principal: { Federated: `arn:aws:iam::${HOME}:saml-provider/x` }, Action: 'sts:AssumeRoleWithSAML' }],
      [`tokens arn:aws:iam::${HOME}:saml-provider/x`],
    ],
    ['a service', [{ Principal: { Service: 'ec2.amazonaws.com' }, ...assume }], ['service ec2.amazonaws.com']],
    [
      'a service, if it says so',
      [
        {
          Principal: { Service: 'ec2.amazonaws.com' },
          ...assume,
          Condition: { StringEqualsIfExists: { 'aws:SourceAccount': HOME } },
        },
      ],
      ['service ec2.amazonaws.com'],
    ],
    [
      'a service for any account',
      [
        {
          Principal: { Service: 'sns.amazonaws.com' },
          ...assume,
          Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } },
        },
      ],
      ['service sns.amazonaws.com'],
    ],
    [
      'a service for a bucket, whose ARN has no account',
      [
        {
          Principal: { Service: 's3.amazonaws.com' },
          ...assume,
          Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } },
        },
      ],
      ['service s3.amazonaws.com'],
    ],
    [
      'a service that names an account and no resource',
      [
        {
          Principal: { Service: 'ec2.amazonaws.com' },
          ...assume,
          Condition: { Null: { 'aws:SourceAccount': 'false', 'aws:SourceArn': 'true' } },
        },
      ],
      ['service ec2.amazonaws.com'],
    ],
    ['everyone of any directory', [{ Principal: '*', Action: 'sts:AssumeRoleWithSAML' }], ['any provider']],
    [
      'pods whose association sends no session tags, with conditions on the tags for sts:TagSession alone',
      [
        { ...pods({ StringEquals: { 'aws:SourceAccount': HOME } }), ...assume },
        { ...pods({ StringEquals: OWN_TAGS }), Action: 'sts:TagSession' },
      ],
      ['untagged pods'],
    ],
    [
      'untagged pods of other accounts',
      [pods({ StringNotEquals: { 'aws:SourceAccount': HOME }, Null: { 'aws:TagKeys': 'true' } })],
      ['pods of other accounts'],
    ],
    [
      'clusters whose names have capital letters',
      [
        pods({
          StringEquals: {
            'aws:RequestTag/kubernetes-namespace': 'shop',
            'aws:RequestTag/kubernetes-service-account': 'w',
          },
          StringLike: {
            'aws:RequestTag/eks-cluster-arn': `arn:aws:eks:eu-west-1:${HOME}:cluster/Mai?`,
            'aws:RequestTag/eks-cluster-name': 'M*',
          },
        }),
      ],
      ['pods of other clusters'],
    ],
    [
      'everyone that is a service of China by its name',
      [{ ...everyone, Condition: { StringLike: { 'aws:PrincipalServiceName': '*.amazonaws.com.c?' } } }],
      ['any service'],
    ],
    [
      'everyone with a claim of a provider that no principal names',
      [{ Principal: '*', ...token, Condition: { StringEquals: { [AUD]: 'sts.amazonaws.com' } } }],
      ['tokens token.actions.githubusercontent.com'],
    ],
    [
      'everyone that is a service by its name',
      [{ ...everyone, Condition: { StringEquals: { 'aws:PrincipalServiceName': 'sns.amazonaws.com' } } }],
      ['service sns.amazonaws.com'],
    ],
    [
      'users of an account by their names',
      [{ Principal: { AWS: HOME }, ...assume, Condition: { StringEquals: { 'aws:username': 'ana' } } }],
      [`account ${HOME}`],
    ],
    ['all pods', [pods()], [...ALL_PODS, 'untagged pods', 'pods of other accounts']],
    [
      'all pods of a cluster',
      [pods({ StringEquals: { 'aws:RequestTag/eks-cluster-arn': CLUSTER } })],
      ['pods of other service accounts', 'pods of other namespaces'],
    ],
    [
      'two accounts',
      [pods({ StringEquals: { ...OWN_TAGS, 'aws:RequestTag/kubernetes-service-account': ['w', 'admin'] } })],
      ['pods of other service accounts'],
    ],
    [
      'accounts by a pattern',
      [pods({ StringLike: { ...OWN_TAGS, 'aws:RequestTag/kubernetes-service-account': ['w', 'a*'] } })],
      ['pods of other service accounts'],
    ],
    [
      'two namespaces and accounts',
      [
        pods({
          StringEquals: {
            ...OWN_TAGS,
            'aws:RequestTag/kubernetes-namespace': ['shop', 'kube-system'],
            'aws:RequestTag/kubernetes-service-account': ['w', 'default'],
          },
        }),
      ],
      ['pods of other service accounts', 'pods of other namespaces'],
    ],
    [
      'two subjects',
      [
        cluster({
          'ForAnyValue:StringEquals': {
            [`${ISSUER}:sub`]: ['system:serviceaccount:shop:w', 'system:serviceaccount:shop:admin'],
          },
        }),
      ],
      [`tokens ${ISSUER}`],
    ],
    [
      'all subjects but some',
      [
        cluster({
          StringNotEquals: { [`${ISSUER}:sub`]: ['system:serviceaccount:shop:other', 'system:serviceaccount:other:w'] },
        }),
      ],
      [`tokens ${ISSUER}`],
    ],
    [
      'all subjects but some patterns',
      [cluster({ StringNotLike: { [`${ISSUER}:sub`]: ['system:serviceaccount:shop:x*'] } })],
      [`tokens ${ISSUER}`],
    ],
    [
      'a Deny whose variable has no value',
      [
        { Principal: { AWS: HOME }, ...assume },
        {
          Effect: 'Deny',
          ...everyone,
          Condition: { StringNotEquals: { 'aws:PrincipalTag/team': '${aws:ResourceTag/team}' } },
        },
      ],
      [`account ${HOME}`],
    ],
    ...(
      [
        ['DateGreaterThan', 'aws:CurrentTime', '2020-01-01T00:00:00Z'],
        ['DateLessThan', 'aws:CurrentTime', '2099-01-01T00:00:00Z'],
        ['NumericGreaterThan', 'aws:EpochTime', '1'],
        ['Null', 'aws:TokenIssueTime', 'false'],
        ['StringLike', 'aws:userid', '*'],
        ['StringLike', 'aws:PrincipalOrgID', 'o-*'],
        ['ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*'],
        ['ForAnyValue:IpAddress', 'aws:SourceIp', '0.0.0.0/0'],
      ] as const
    ).map(([operator, key, value]): [string, Written[], string[]] => [
      `everyone under ${operator} ${key} ${value}`,
      [{ ...everyone, Condition: { [operator]: { [key]: value } } }],
      key.startsWith('aws:PrincipalOrg')
        ? ['any account']
        : ['untagged pods', 'pods of other accounts', 'any service', 'any account'],
    ]),
  ])('%s', (_, statements, expected) => {
    expect(admitted(...statements)).toEqual(expected);
  });
});
