import type { Workload } from '../../src/inventory/Inventory';
import { newEvaluator } from '../../src/proof/evaluator';
import { podsOnCluster, sourceOf } from '../../src/proof/credentialPath';
import { proveWorkload } from '../../src/proof/proveWorkload';
import { stagedWorkloadOf, stagePairsOf } from '../../src/proof/stagedWorkload';
import {
  clusterOf,
  clusterWithout,
  environmentOf,
  subjectOf,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';
import { provedWith } from './proofFixtures';

const MIXED = environmentOf({ clusters: [clusterOf(), clusterWithout('oidc', { key: 'bare' })] });

describe('the stages of a workload are those that it can have', () => {
  it.each<[string, WorkloadParts, readonly string[]]>([
    ['all', {}, ['irsa', 'prepared', 'dual', 'cutover', 'pod-identity']],
    ['irsa on compute without an agent', { compute: 'fargate' }, ['irsa']],
    ['irsa and its own on compute without an agent', { compute: 'windows', stage: 'dual' }, ['irsa', 'dual']],
    [
      'pod-identity where one cluster of two has no OIDC issuer',
      { clusters: ['main', 'bare'], stage: 'pod-identity' },
      ['pod-identity'],
    ],
    ['pod-identity and its own there', { clusters: ['main', 'bare'] }, ['irsa', 'pod-identity']],
  ])('%s', (_, parts, stages) => {
    expect(stagedWorkloadOf(MIXED, workloadOf(parts)).stages.map(({ stage }) => stage)).toEqual(stages);
  });

  it('and a step leads from one to the next of the table alone', () => {
    const steps = (parts: WorkloadParts) =>
      stagePairsOf(stagedWorkloadOf(MIXED, workloadOf(parts))).map(
        ({ earlier, later }) => `${earlier.stage} → ${later.stage}`,
      );
    expect(steps({})).toEqual(['irsa → prepared', 'prepared → dual', 'dual → cutover', 'cutover → pod-identity']);
    expect(steps({ compute: 'fargate', stage: 'dual' })).toEqual([]);
  });
});

it('a role without permissions has no inline policy at any stage', () => {
  const none = { managedPolicies: [], statements: [], inlinePolicies: {} };
  const { stages } = stagedWorkloadOf(environmentOf(), workloadOf({ permissions: none }));
  expect(stages.map(({ role }) => Object.keys(role).includes('inline'))).toEqual(stages.map(() => false));
});

it('a workload on IRSA on a cluster without an OIDC issuer gets no role there', () => {
  const { failures } = proveWorkload(stagedWorkloadOf(MIXED, workloadOf({ clusters: ['main', 'bare'] })));
  expect(failures.filter(({ rule }) => rule === 'proof-path').map(({ message }) => message)).toEqual([
    'in prod at irsa, on bare: a new pod of production/orders-api on IRSA does not get role prod-orders-api: cluster bare has no OIDC issuer',
  ]);
});

it('a workload on no cluster has no path to prove, and no attack', () => {
  const { counts } = proveWorkload(stagedWorkloadOf(MIXED, workloadOf({ clusters: [] })));
  expect(counts).toEqual({ paths: 0, mixtures: 0, attacks: 0, decisions: 0 });
});

it('a workload that was compiled at no stage is an error', () => {
  const staged = { ...stagedWorkloadOf(MIXED, workloadOf()), stages: [] };
  expect(() => sourceOf(staged)).toThrow('workload orders-api was compiled at no stage');
  expect(() => podsOnCluster(staged, clusterOf(), subjectOf(staged.workload), newEvaluator())).toThrow(
    'workload orders-api was compiled at no stage',
  );
});

describe('what one cluster has is not taken for another one', () => {
  it('the annotation', () => {
    const { failures } = provedWith('plain', (parts) => ({
      ...parts,
      serviceAccounts: parts.serviceAccounts.map((one) =>
        one.cluster === 'batch' ? { ...one, annotations: {} } : one,
      ),
    }));
    const [failure] = failures.filter(({ rule }) => rule === 'proof-new-pod');
    expect(failure).toMatchObject({ clusters: ['batch'], stages: ['irsa', 'prepared'] });
  });
});

describe('an app whose association names a target role gets its session from EKS', () => {
  const environment = environmentOf();
  const second = targetOf({
    key: 'second',
    account: { key: 'other', id: '555555555555' },
    role: { name: 'second', path: '/' },
  });
  const chained = targetOf({ via: 'association' });
  const proved = (targets: Workload['targets'], trusts: boolean, allows: boolean) => {
    const staged = stagedWorkloadOf(environment, workloadOf({ targets }));
    const [own] = staged.stages[0]!.targetRoles.filter(({ target }) => target === 'ledger');
    const stages = staged.stages.map((parts) => ({
      ...parts,
      targetRoles: parts.targetRoles.map((role) => {
        const statement = { Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
        const by = { ...statement, Principal: { AWS: own!.arn } };
        const to = { ...statement, Resource: '*' };
        return role.target === 'second'
          ? {
              ...role,
              trust: { ...role.trust, Statement: [...[role.trust.Statement].flat(), ...(trusts ? [by] : [])] },
            }
          : { ...role, inline: { Version: '2012-10-17', Statement: allows ? [to] : [] } as const };
      }),
    }));
    return proveWorkload({ ...staged, stages }).failures.filter(({ rule }) => rule === 'proof-path');
  };

  it.each([
    ['in this order', [chained, second]],
    ['in the other order', [second, chained]],
  ])('and needs the right of that role to assume another target: %s', (_, targets) => {
    expect(proved(targets, true, true)).toEqual([]);
    expect(proved(targets, true, false).map(({ message }) => message)).toEqual([
      'in prod at dual, cutover and pod-identity, on main: a new pod of production/orders-api on Pod Identity cannot assume role second in other (target second): by its association EKS gives role prod-orders-api-ledger instead of the source role: sts:AssumeRole is denied: no identity policy allows it. No Allow statement applies to it.',
    ]);
  });
});

describe('the permissions of the source role for a hop', () => {
  it('are none where it has no inline policy', () => {
    const { failures } = provedWith('hops', (parts) => {
      const { inline, ...role } = parts.role;
      expect(inline).toBeDefined();
      return { ...parts, role };
    });
    expect(new Set(failures.map(({ rule, target }) => `${rule} ${target ?? ''}`))).toEqual(
      new Set(['proof-path ledger', 'proof-path second']),
    );
  });

  it('are also those of its own inline policies', () => {
    const statements = [{ actions: ['s3:GetObject'], resources: ['*'] }];
    const permissions = (inlinePolicies: Workload['permissions']['inlinePolicies']) => ({
      managedPolicies: [],
      statements,
      inlinePolicies,
    });
    const denies = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }],
    } as const;
    const { failures } = proveWorkload(
      stagedWorkloadOf(environmentOf(), workloadOf({ targets: [targetOf()], permissions: permissions({ denies }) })),
    );
    expect(failures[0]!.message).toMatch(/explicit deny by inline policy denies of prod-orders-api, statement 0\.$/);
  });

  it('are of no use where the association sends no tags that the target reads', () => {
    const { failures } = provedWith('hops', (parts) => ({
      ...parts,
      associations: parts.associations.map((one) => ({ ...one, disableSessionTags: true })),
    }));
    const [lost] = failures.filter(({ target, stages }) => target === 'ledger' && stages.includes('pod-identity'));
    expect(lost!.failedConditions!.map(({ key, found }) => [key, found])).toEqual(
      ['eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-service-account'].map((tag) => [
        `aws:PrincipalTag/${tag}`,
        undefined,
      ]),
    );
  });
});
