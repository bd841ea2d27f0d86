import { sourceTrust } from '../../../src/blueprint/sourceTrust';
import type { Statement } from '../../../src/iam/PolicyDocument';
import type { Subject, SubjectPattern } from '../../../src/inventory/Inventory';
import { ownCallersOf, strangersThrough } from '../../../src/proof/attacks/sourceStrangers';
import { stagedWorkloadOf } from '../../../src/proof/stagedWorkload';
import { clusterOf, environmentOf, workloadOf } from '../../blueprint/inventoryOf';

const CLUSTERS = [clusterOf(), clusterOf({ key: 'batch' })];
const KEYS = CLUSTERS.map(({ key }) => key);
const ARNS = CLUSTERS.map(({ arn }) => arn);
const ENVIRONMENT = environmentOf({ clusters: CLUSTERS });

const account = (namespace: string, name: string, clusters = KEYS): Omit<Subject, 'isFirst'> => ({
  namespace,
  name,
  manage: 'none',
  clusters,
});

/** One statement for every combination of these values. */
function allOf(clusters: readonly string[], namespaces: readonly string[], names: readonly string[]): Statement {
  return {
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: {
      StringEquals: { 'aws:SourceAccount': '333333333333', 'aws:RequestTag/eks-cluster-arn': clusters },
      StringLike: {
        'aws:RequestTag/kubernetes-namespace': namespaces,
        'aws:RequestTag/kubernetes-service-account': names,
      },
    },
  };
}

type Case = readonly [
  what: string,
  subjects: readonly Omit<Subject, 'isFirst'>[],
  patterns: readonly SubjectPattern[],
  statement: Statement,
];

const CASES: readonly Case[] = [
  [
    'the service accounts of two namespaces',
    [account('a', 'x'), account('b', 'y')],
    [],
    allOf(ARNS, ['a', 'b'], ['x', 'y']),
  ],
  [
    'other names on each cluster',
    [account('a', 'x', ['main']), account('a', 'y', ['batch'])],
    [],
    allOf(ARNS, ['a'], ['x', 'y']),
  ],
  [
    'another namespace on each cluster',
    [account('a', 'x', ['main']), account('b', 'x', ['batch'])],
    [],
    allOf(ARNS, ['a', 'b'], ['x']),
  ],
  [
    'a pattern, and one name of it',
    [account('pr-1', 'web')],
    [{ namespaces: ['pr-*'], serviceAccounts: ['app'], clusters: KEYS }],
    allOf(ARNS, ['pr-*'], ['app', 'web']),
  ],
  [
    'two patterns',
    [],
    [
      { namespaces: ['pr-*'], serviceAccounts: ['app'], clusters: KEYS },
      { namespaces: ['qa-*'], serviceAccounts: ['web'], clusters: KEYS },
    ],
    allOf(ARNS, ['pr-*', 'qa-*'], ['app', 'web']),
  ],
];

/** Whom a role of these service accounts lets in through Pod Identity that nobody asked for. */
function strangers([, subjects, patterns]: Case, statements?: readonly Statement[]): readonly string[] {
  const workload = workloadOf({
    stage: 'pod-identity',
    clusters: KEYS,
    subjects: subjects.map((one, index) => ({ ...one, isFirst: index === 0 })),
    ...(patterns.length > 0 && { patterns }),
  });
  const own = sourceTrust(ENVIRONMENT, workload, CLUSTERS);
  const role = {
    name: 'shared',
    arn: 'arn:aws:iam::333333333333:role/shared',
    trust: statements === undefined ? own : { Statement: statements },
  };
  const { admitted } = strangersThrough(role, ownCallersOf(stagedWorkloadOf(ENVIRONMENT, workload)), () => false);
  return admitted.map(({ stranger }) => (stranger.kind === 'pods' ? stranger.other : stranger.kind));
}

describe('one statement for every combination lets in what nobody asked for', () => {
  it.each(CASES)('%s', (...one) => {
    expect(new Set(strangers(one, [one[3]]))).toEqual(new Set(['combinations']));
  });
});

describe('the statements of podlift let in nobody else', () => {
  it.each(CASES)('%s', (...one) => {
    expect(strangers(one)).toEqual([]);
  });
});
