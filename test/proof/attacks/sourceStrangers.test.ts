import type { Statement } from '../../../src/iam/PolicyDocument';
import type { OwnCallers } from '../../../src/iam/strangers/CallerClass';
import { kindText, ownCallersOf, strangersThrough } from '../../../src/proof/attacks/sourceStrangers';
import { isConditional, reasonOf } from '../../../src/proof/evaluator';
import { stagedWorkloadOf } from '../../../src/proof/stagedWorkload';
import { clusterOf, clusterWithout, environmentOf, workloadOf } from '../../blueprint/inventoryOf';

const HOME = '333333333333';
const CLUSTER = clusterOf();
const ISSUER = CLUSTER.oidc!.issuer.slice('https://'.length);
const PROVIDER = `arn:aws:iam::${HOME}:oidc-provider/${ISSUER}`;
const SUBJECT = 'system:serviceaccount:production:orders-api';
const OWN: OwnCallers = {
  partition: 'aws',
  accountId: HOME,
  providers: [PROVIDER],
  clusterArns: [CLUSTER.arn],
  subjects: [{ clusterArn: CLUSTER.arn, provider: PROVIDER, namespace: 'production', serviceAccount: 'orders-api' }],
  tagged: true,
};

const token = { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithWebIdentity' } as const;
const pods = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
} as const;
const TAGS = {
  'aws:RequestTag/eks-cluster-arn': CLUSTER.arn,
  'aws:RequestTag/kubernetes-namespace': 'production',
  'aws:RequestTag/kubernetes-service-account': 'orders-api',
};
const everyone = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } as const;

function through(statements: readonly Statement[], isAuthored: (statement: Statement) => boolean = () => true) {
  const role = { name: 'legacy', arn: `arn:aws:iam::${HOME}:role/legacy`, trust: { Statement: statements } };
  return strangersThrough(role, OWN, isAuthored).admitted;
}

describe('the callers that a source role is for', () => {
  const of = (cluster = CLUSTER) =>
    ownCallersOf(stagedWorkloadOf(environmentOf({ clusters: [cluster] }), workloadOf({ stage: 'pod-identity' })));

  it('are the workload’s pods on its clusters', () => {
    expect(of()).toEqual(OWN);
  });

  it('have no token of a cluster without an OIDC issuer', () => {
    expect(of(clusterWithout('oidc'))).toEqual({
      ...OWN,
      providers: [],
      subjects: OWN.subjects.map(({ provider: _provider, ...subject }) => subject),
    });
  });
});

describe('strangers are named with the values of the statement that admit them beside the workload', () => {
  it.each<[string, Statement, readonly string[]]>([
    [
      'tokens, by their subjects, without the workload’s own',
      { ...token, Condition: { StringEquals: { [`${ISSUER}:sub`]: [SUBJECT, 'system:serviceaccount:a:b'] } } },
      [`tokens of ${ISSUER} with other subjects, by sub "system:serviceaccount:a:b"`],
    ],
    [
      'tokens, by a key in other letters and several operators',
      {
        ...token,
        Condition: {
          StringLike: { [`${ISSUER}:SUB`]: 'system:serviceaccount:a:*', [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
          StringNotLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:a:c' },
        },
      },
      [`tokens of ${ISSUER} with other subjects, by sub "system:serviceaccount:a:*"`],
    ],
    [
      'of many values the first five',
      {
        ...token,
        Condition: {
          StringLike: { [`${ISSUER}:sub`]: [1, 2, 3, 4, 5, 6, 7].map((n) => `system:serviceaccount:n${n}:*`) },
        },
      },
      [
        `tokens of ${ISSUER} with other subjects, by sub ${[1, 2, 3, 4, 5].map((n) => `"system:serviceaccount:n${n}:*"`).join(', ')} and 2 more`,
      ],
    ],
    [
      'five values are all named',
      {
        ...token,
        Condition: {
          StringLike: { [`${ISSUER}:sub`]: [1, 2, 3, 4, 5].map((n) => `system:serviceaccount:n${n}:*`) },
        },
      },
      [
        `tokens of ${ISSUER} with other subjects, by sub ${[1, 2, 3, 4, 5].map((n) => `"system:serviceaccount:n${n}:*"`).join(', ')}`,
      ],
    ],
    [
      'pods of other service accounts',
      {
        ...pods,
        Condition: {
          StringEquals: { ...TAGS, 'aws:RequestTag/kubernetes-service-account': ['orders-api', 'invoices'] },
        },
      },
      ['pods of other service accounts through Pod Identity, by aws:RequestTag/kubernetes-service-account "invoices"'],
    ],
    [
      'pods of other namespaces',
      {
        ...pods,
        Condition: { StringLike: { ...TAGS, 'aws:RequestTag/kubernetes-namespace': ['production', 'dev-*'] } },
      },
      ['pods of other namespaces through Pod Identity, by aws:RequestTag/kubernetes-namespace "dev-*"'],
    ],
    [
      'pods of other clusters',
      {
        ...pods,
        Condition: {
          StringLike: {
            ...TAGS,
            'aws:RequestTag/eks-cluster-arn': [CLUSTER.arn, `arn:aws:eks:us-west-2:${HOME}:cluster/dev-*`],
          },
        },
      },
      [
        `pods of other clusters through Pod Identity, by aws:RequestTag/eks-cluster-arn "arn:aws:eks:us-west-2:${HOME}:cluster/dev-*"`,
      ],
    ],
    [
      'pods of other accounts',
      {
        ...pods,
        Condition: {
          StringEquals: { 'aws:SourceAccount': [HOME, '666666666666'] },
          StringLike: {
            ...TAGS,
            'aws:RequestTag/eks-cluster-arn': 'arn:aws:eks:us-west-2:666666666666:cluster/*',
          },
        },
      },
      [
        'pods of other clusters through Pod Identity, by aws:RequestTag/eks-cluster-arn "arn:aws:eks:us-west-2:666666666666:cluster/*"',
        'pods of other accounts through Pod Identity, by aws:SourceAccount "666666666666"',
      ],
    ],
    [
      'members of an organisation, by its paths',
      { ...everyone, Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1234567890/*' } } },
      [
        'principals of organisation o-1234567890 whose own permissions allow it, by aws:PrincipalOrgPaths "o-1234567890/*"',
      ],
    ],
    [
      'a service, which differs in no key that a condition names',
      { ...pods, Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ['ec2.amazonaws.com for any account'],
    ],
  ])('%s', (_, statement, who) => {
    expect([...new Set(through([statement]).map((one) => one.who))]).toEqual(who);
  });
});

it('kinds of strangers are named on one line', () => {
  expect(
    (
      [
        { kind: 'any provider' },
        { kind: 'any service' },
        { kind: 'untagged pods' },
        { kind: 'any account' },
        { kind: 'principal', arn: 'arn:aws:iam::333333333333:role/a\nb' },
      ] as const
    ).map(kindText),
  ).toEqual([
    'tokens of any identity provider',
    'any AWS service',
    'pods whose association sends no session tags',
    'principals of any account whose own permissions allow it',
    'arn:aws:iam::333333333333:role/a\\nb',
  ]);
});

describe('the decision on strangers', () => {
  it('does not depend on the condition by which they differ', () => {
    const [stranger] = through([
      { ...token, Condition: { StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:a:*' } } },
    ]);
    expect(isConditional(stranger!.result)).toBe(false);
    expect(reasonOf(stranger!.result)).toBe(
      'sts:AssumeRoleWithWebIdentity is allowed by trust policy of legacy, statement 0.',
    );
  });

  it('depends on further conditions, and on these alone', () => {
    const [stranger] = through([
      {
        ...token,
        Condition: {
          StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:a:*' },
          IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
        },
      },
    ]);
    expect(isConditional(stranger!.result)).toBe(true);
    expect(stranger!.result.decision!.dependsOn!.map(({ key }) => key)).toEqual(['aws:SourceIp']);
  });
});

describe('statements of podlift', () => {
  const anyNamespace: Statement = { ...pods, Condition: { StringEquals: { 'aws:SourceAccount': HOME } } };
  const [first, second]: readonly Statement[] = [
    { ...everyone, Principal: { AWS: `arn:aws:iam::${HOME}:role/admin` } },
    anyNamespace,
  ];

  it('are for the workload’s pods alone: whom they name exactly is a stranger', () => {
    expect(through([first!]).map(({ who }) => who)).toEqual([]);
    expect(through([first!], () => false).map(({ who }) => who)).toEqual([`arn:aws:iam::${HOME}:role/admin`]);
  });

  it('keep their position beside authored ones', () => {
    const found = through([first!, second!], (statement) => statement === first);
    expect(new Set(found.map(({ result }) => result.decision!.decidedBy!.index))).toEqual(new Set([1]));
  });

  it('are closed by an authored Deny', () => {
    const deny: Statement = { Effect: 'Deny', Principal: '*', Action: '*' };
    expect(through([anyNamespace, deny], (statement) => statement === deny)).toEqual([]);
  });
});
