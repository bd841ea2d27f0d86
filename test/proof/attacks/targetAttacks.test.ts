import type { Statement } from '../../../src/iam/PolicyDocument';
import { proveWorkload } from '../../../src/proof/proveWorkload';
import { stagedWorkloadOf } from '../../../src/proof/stagedWorkload';
import { clusterWithout, environmentOf, targetOf, workloadOf } from '../../blueprint/inventoryOf';
import { onTargets, provedWith, without } from '../proofFixtures';

const TAGS = ['eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-service-account'];

/** Who gets the target at pod-identity, where only the tagged hop is served. */
function admitted(key: string, edit: (statement: Statement) => Statement | undefined): readonly string[] {
  const { failures } = provedWith(key, onTargets(edit));
  return failures
    .filter(
      ({ rule, target, stages }) => rule === 'proof-attack' && target === 'ledger' && stages.includes('pod-identity'),
    )
    .flatMap(({ who, also = [] }) => [who, ...also]);
}

function demanding(statement: Statement, condition: NonNullable<Statement['Condition']>): Statement {
  return { ...statement, Condition: { ...statement.Condition, ...condition } };
}

describe('a target role that cannot tell the workload’s pods from others is open to sessions of the source role', () => {
  const others = (...kinds: readonly string[]) => kinds.map((kind) => `sessions of prod-hops of pods of other ${kind}`);
  const untagged = 'an untagged session of prod-hops that puts the tags into its request';

  it.each<[string, (statement: Statement) => Statement, readonly string[]]>([
    [
      'that do not say the service account',
      (s) => without(s, 'kubernetes-service-account'),
      others('service accounts'),
    ],
    ['that do not say the namespace', (s) => without(s, 'kubernetes-namespace'), others('namespaces')],
    ['that do not say the cluster', (s) => without(s, 'eks-cluster-arn'), others('clusters')],
    [
      'that only have such tags at all',
      (s) => demanding(without(s, ...TAGS), { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'kubernetes-namespace' } }),
      [...others('service accounts', 'namespaces', 'clusters'), untagged],
    ],
    [
      'whose tags are transitive',
      (s) =>
        demanding(without(s, ...TAGS), {
          'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'kubernetes-namespace' },
        }),
      others('service accounts', 'namespaces', 'clusters'),
    ],
    [
      'that say the namespace in their request',
      (s) => demanding(without(s, ...TAGS), { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'production' } }),
      [...others('service accounts', 'clusters'), untagged],
    ],
  ])('%s', (_, edit, who) => {
    expect(admitted('hops', (s) => (s.Sid === 'TaggedHop' ? edit(s) : s))).toEqual(who);
  });
});

describe('a target role that reads the external id is open to the sessions of other pods', () => {
  it.each([
    ['where it takes any', '*'],
    ['where it takes those of the namespace', 'us-west-2/333333333333/*/production/*'],
  ])('%s', (_, id) => {
    const edit = (s: Statement) =>
      s.Sid === 'ExternalIdHop' ? demanding(without(s, 'ExternalId'), { StringLike: { 'sts:ExternalId': id } }) : s;
    expect(admitted('untagged-chained', edit)).toEqual([
      'a session of prod-untagged-chained with the external id of other pods',
    ]);
  });
});

describe('a target role that trusts more than the source role is open', () => {
  const open = { Effect: 'Allow', Sid: 'Open' } as const;
  const provider =
    'arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/MAIN0000000000000000000000000000';

  it('to the account, named with the statement of the target’s trust policy', () => {
    const { failures } = provedWith(
      'hops',
      onTargets((s) => without(s, 'aws:PrincipalArn')),
    );
    const [first] = failures.filter(({ rule }) => rule === 'proof-attack');
    expect(first).toMatchObject({
      who: 'principals of account 333333333333 whose own permissions allow it',
      what: 'can get role prod-hops-ledger',
      decidedBy: { policy: 'trust policy of prod-hops-ledger', index: 0, sid: 'UntaggedHop' },
    });
  });

  it('to the pods’ own tokens, which must go through the source role', () => {
    const statement: Statement = {
      ...open,
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
    };
    expect(admitted('untagged-hops', () => statement)).toContain('the pods with their token, without the source role');
  });

  it('to the pods’ own associations', () => {
    const statement: Statement = {
      ...open,
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        StringEquals: {
          'aws:RequestTag/kubernetes-service-account': 'hops',
          'aws:RequestTag/kubernetes-namespace': 'production',
          'aws:RequestTag/eks-cluster-arn': [
            'arn:aws:eks:us-west-2:333333333333:cluster/prod-main',
            'arn:aws:eks:us-west-2:333333333333:cluster/prod-batch',
          ],
        },
      },
    };
    expect(admitted('hops', () => statement)).toEqual(['the pods through Pod Identity, without the source role']);
  });
});

it('one target that was tampered with is no failure of the others', () => {
  const { failures } = provedWith('hops', (parts) => ({
    ...parts,
    targetRoles: parts.targetRoles.map((role) =>
      role.target === 'second'
        ? {
            ...role,
            trust: {
              ...role.trust,
              Statement: [role.trust.Statement].flat().map((s) => without(s, 'aws:PrincipalArn')),
            },
          }
        : role,
    ),
  }));
  expect(failures.length).toBeGreaterThan(0);
  expect(new Set(failures.map(({ target, path }) => `${target ?? ''} at ${path}`))).toEqual(
    new Set(['second at workloads.hops.targets.second']),
  );
});

it('pods of a cluster without an OIDC issuer have no token that could get a target role', () => {
  const environment = environmentOf({ clusters: [clusterWithout('oidc')] });
  const workload = workloadOf({ stage: 'pod-identity', targets: [targetOf()] });
  const { failures, counts } = proveWorkload(stagedWorkloadOf(environment, workload));
  expect(failures).toEqual([]);
  expect(counts).toMatchObject({ paths: 2, mixtures: 0 });
});
