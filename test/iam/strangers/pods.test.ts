import { CLUSTER, HOME, admitted, admittedWhere, github, pods, requestsOf, type Written } from './trust';

const AWAY = '444455556666';
const THERE = `arn:aws:eks:eu-west-1:${HOME}:cluster/there`;
const AFAR = `arn:aws:eks:eu-west-1:${AWAY}:cluster/afar`;
const tags = (cluster: string | string[], namespace?: string, account?: string): Written =>
  pods({
    StringEquals: {
      'aws:RequestTag/eks-cluster-arn': cluster,
      ...(namespace === undefined ? {} : { 'aws:RequestTag/kubernetes-namespace': namespace }),
      ...(account === undefined ? {} : { 'aws:RequestTag/kubernetes-service-account': account }),
    },
  });
const NAME = { like: '*', except: [], lowerCase: true };
const ANY = { like: '*', except: [] };
const KEYS = [
  'eks-cluster-arn',
  'eks-cluster-name',
  'kubernetes-namespace',
  'kubernetes-service-account',
  'kubernetes-pod-name',
  'kubernetes-pod-uid',
];
const setsOf = (kind: string, ...statements: Written[]) => requestsOf(kind, statements).map(({ sets }) => sets);

describe('the requests of other pods', () => {
  const here = { like: `arn:aws:eks:*:${HOME}:cluster/*`, except: [], exceptTexts: [] };
  const all = {
    'aws:SourceArn': here,
    'aws:RequestTag/eks-cluster-arn': here,
    'aws:RequestTag/eks-cluster-name': ANY,
    'aws:RequestTag/kubernetes-namespace': NAME,
    'aws:RequestTag/kubernetes-service-account': NAME,
    'aws:RequestTag/kubernetes-pod-name': NAME,
    'aws:RequestTag/kubernetes-pod-uid': NAME,
  };

  it('of the account differ from the workload’s in one tag', () => {
    const elsewhere = { ...here, except: [CLUSTER] };
    expect(setsOf('pods of other service accounts')).toEqual([
      { ...all, 'aws:RequestTag/kubernetes-service-account': { ...NAME, except: ['w'] } },
    ]);
    expect(setsOf('pods of other namespaces')).toEqual([
      { ...all, 'aws:RequestTag/kubernetes-namespace': { ...NAME, except: ['shop'] } },
    ]);
    expect(setsOf('pods of other clusters')).toEqual([
      { ...all, 'aws:SourceArn': elsewhere, 'aws:RequestTag/eks-cluster-arn': elsewhere },
    ]);
  });

  it('have all session tags of EKS as transitive ones, and need sts:TagSession', () => {
    const [attempt] = requestsOf('pods of other namespaces', []);
    expect(attempt).toMatchObject({
      caller: { kind: 'service', service: 'pods.eks.amazonaws.com' },
      operation: 'sts:AssumeRole',
      context: { 'aws:SourceAccount': HOME, 'aws:TagKeys': KEYS, 'sts:TransitiveTagKeys': KEYS },
      completeKeys: ['aws:requesttag/', 'aws:tagkeys', 'sts:transitivetagkeys', 'sts:externalid', 'sts:sourceidentity'],
      requiresTagSession: true,
    });
  });

  it('have no session tags where the association disables them', () => {
    const [attempt] = requestsOf('untagged pods', []);
    const { exceptTexts: _, ...anyCluster } = here;
    expect(attempt).toMatchObject({ context: { 'aws:SourceAccount': HOME }, requiresTagSession: false });
    expect(attempt?.context).not.toHaveProperty('aws:TagKeys');
    expect(attempt?.sets).toEqual({ 'aws:SourceArn': anyCluster });
  });

  it('of other accounts are on clusters of any account and partition, with session tags or without', () => {
    const foreign = { like: '*', except: [HOME] };
    const clusters = { like: 'arn:*:eks:*:*:cluster/*', except: [`arn:*:eks:*:${HOME}:cluster/*`] };
    const [tagged, untagged] = requestsOf('pods of other accounts', [tags(AFAR, 'x', 'y')]).filter(
      ({ context }) => context?.['aws:SourceAccount'] === undefined,
    );
    const named = { ...clusters, exceptTexts: [AFAR] };
    expect(tagged?.sets).toEqual({
      ...all,
      'aws:SourceAccount': foreign,
      'aws:SourceArn': named,
      'aws:RequestTag/eks-cluster-arn': named,
    });
    expect(untagged?.sets).toEqual({ 'aws:SourceAccount': foreign, 'aws:SourceArn': { ...clusters, exceptTexts: [] } });
  });
});

describe('pods of a cluster that statements name', () => {
  const NAMED: readonly [string, Written][] = [
    ['of the account', tags(THERE, 'ops', 'x')],
    ['of another account', tags(AFAR, 'ops', 'x')],
    [
      'by the source of the request',
      pods({
        StringEquals: {
          'aws:SourceArn': THERE,
          'aws:RequestTag/kubernetes-namespace': 'ops',
          'aws:RequestTag/kubernetes-service-account': 'x',
        },
      }),
    ],
  ];
  it.each(NAMED)('are no strangers with namespace and service account: %s', (_, statement) => {
    expect(admitted(statement)).toEqual([]);
  });

  it.each<[string, readonly Written[], readonly string[]]>([
    ['any pod of the cluster', [tags(THERE)], ['pods of other clusters']],
    ['any pod of a foreign cluster', [tags(AFAR)], ['pods of other accounts']],
    ['any namespace', [tags(THERE, undefined, 'x')], ['pods of other clusters']],
    ['any service account', [tags(THERE, 'ops')], ['pods of other clusters']],
    [
      'a pattern of service accounts',
      [
        pods({
          StringEquals: { 'aws:RequestTag/eks-cluster-arn': AFAR, 'aws:RequestTag/kubernetes-namespace': 'ops' },
          StringLike: { 'aws:RequestTag/kubernetes-service-account': 'x*' },
        }),
      ],
      ['pods of other accounts'],
    ],
    ['pods of one of two clusters', [tags(THERE, 'ops', 'x'), tags(AFAR, 'ops')], ['pods of other accounts']],
  ])('are strangers where a statement admits %s', (_, statements, expected) => {
    expect(admitted(...statements)).toEqual(expected);
  });

  it('are meant only where people wrote the statement', () => {
    const statement = tags(THERE, 'ops', 'x');
    expect(admittedWhere({ authored: [statement] }, statement)).toEqual([]);
    expect(admittedWhere({ authored: [] }, statement)).not.toEqual([]);
  });

  it('differ from those that any statement names on that cluster', () => {
    const statements = [tags(THERE, 'ops', 'x'), tags(THERE, 'dev', 'y'), tags(AFAR, 'far', 'z'), github({})];
    const found = requestsOf('pods of other clusters', statements).slice(1);
    const cluster = { like: THERE, except: [] };
    expect(found.map(({ context }) => context?.['aws:SourceAccount'])).toEqual([HOME, HOME]);
    expect(found.map(({ sets }) => sets?.['aws:SourceArn'])).toEqual([cluster, cluster]);
    expect(found.map(({ sets }) => sets?.['aws:RequestTag/eks-cluster-arn'])).toEqual([cluster, cluster]);
    const [byNamespace, byAccount] = found;
    expect(byNamespace?.sets).toMatchObject({
      'aws:RequestTag/kubernetes-namespace': { ...NAME, except: ['ops', 'dev'] },
      'aws:RequestTag/kubernetes-service-account': NAME,
    });
    expect(byAccount?.sets).toMatchObject({
      'aws:RequestTag/kubernetes-namespace': NAME,
      'aws:RequestTag/kubernetes-service-account': { ...NAME, except: ['x', 'y'] },
    });
  });

  it.each<[string, Written]>([
    ['the own cluster', tags(CLUSTER, 'ops', 'x')],
    ['a pattern of clusters', tags(`${THERE}*`, 'ops', 'x')],
    ['a cluster of no account', tags('arn:aws:eks:eu-west-1::cluster/x', 'ops', 'x')],
    ['a node group', tags(`${THERE}/x`, 'ops', 'x')],
    ['a text around the ARN of a cluster', tags(`x${THERE}`, 'ops', 'x')],
    ['another service', { ...github({ StringEquals: { 'aws:SourceArn': THERE } }) }],
  ])('are not all that is named: not for %s', (_, statement) => {
    expect(requestsOf('pods of other clusters', [statement])).toHaveLength(1);
  });
});

describe('without session tags', () => {
  const given = { own: { tagged: false } };

  it('pods of the account are no strangers, and those of other accounts are', () => {
    expect(admittedWhere(given, pods())).toEqual(['pods of other accounts']);
    expect(admittedWhere(given, pods({ StringEquals: { 'aws:SourceAccount': HOME } }))).toEqual([]);
    expect(admittedWhere(given, pods({ StringEquals: { 'aws:SourceAccount': AWAY } }))).toEqual([
      'pods of other accounts',
    ]);
  });

  it('a foreign cluster that statements name has strangers too', () => {
    const foreign = pods({ ArnEquals: { 'aws:SourceArn': AFAR } });
    expect(admittedWhere(given, foreign)).toEqual(['pods of other accounts']);
    const [attempt] = requestsOf('pods of other accounts', [foreign], given);
    expect(attempt?.sets?.['aws:SourceArn']?.exceptTexts).toEqual([]);
    expect(attempt?.requiresTagSession).toBe(false);
  });
});
