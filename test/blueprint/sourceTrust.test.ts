import fc from 'fast-check';
import { sourceTrust } from '../../src/blueprint/sourceTrust';
import { type Cluster, STAGES } from '../../src/inventory/Inventory';
import type { Statement } from '../../src/iam/PolicyDocument';
import { clusterOf, clusterWithout, environmentOf, workloadOf } from './inventoryOf';

const keysOf = (clusters: readonly Cluster[]) => clusters.map(({ key }) => key);

const statements = (document: ReturnType<typeof sourceTrust>) => document.Statement as readonly Statement[];
const federated = (document: ReturnType<typeof sourceTrust>) =>
  statements(document).filter(({ Action }) => Action === 'sts:AssumeRoleWithWebIdentity');
const podIdentity = (document: ReturnType<typeof sourceTrust>) =>
  statements(document).filter(({ Principal }) => JSON.stringify(Principal) === '{"Service":"pods.eks.amazonaws.com"}');

describe('the trust policy of a source role', () => {
  it.each([
    ['irsa', 1, 0],
    ['prepared', 1, 1],
    ['dual', 1, 1],
    ['cutover', 1, 1],
    ['pod-identity', 0, 1],
  ] as const)('at %s has %i statements for OIDC and %i for Pod Identity', (stage, oidc, pods) => {
    const trust = sourceTrust(environmentOf(), workloadOf({ stage }), [clusterOf()]);
    expect([federated(trust).length, podIdentity(trust).length]).toEqual([oidc, pods]);
  });

  it('names the service account and the audience at the OIDC provider of the role’s own account', () => {
    const [statement] = federated(sourceTrust(environmentOf(), workloadOf(), [clusterOf()]));
    const issuer = 'oidc.eks.us-west-2.amazonaws.com/id/MAIN0000000000000000000000000000';
    expect(statement).toEqual({
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::333333333333:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${issuer}:sub`]: 'system:serviceaccount:production:orders-api',
          [`${issuer}:aud`]: 'sts.amazonaws.com',
        },
      },
    });
  });

  it('ties Pod Identity to the account, every cluster, the namespace and the service account', () => {
    const clusters = [clusterOf(), clusterOf({ key: 'batch' })];
    const [statement] = podIdentity(
      sourceTrust(environmentOf(), workloadOf({ stage: 'dual', clusters: keysOf(clusters) }), clusters),
    );
    expect(statement).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: {
        StringEquals: {
          'aws:SourceAccount': '333333333333',
          'aws:RequestTag/eks-cluster-arn': clusters.map(({ arn }) => arn),
          'aws:RequestTag/kubernetes-namespace': 'production',
          'aws:RequestTag/kubernetes-service-account': 'orders-api',
        },
      },
    });
  });

  it('asks for no request tag where session tags are off, and for the source account all the same', () => {
    const trust = sourceTrust(environmentOf(), workloadOf({ stage: 'dual', sessionTags: false }), [clusterOf()]);
    expect(podIdentity(trust)[0]?.Condition).toEqual({ StringEquals: { 'aws:SourceAccount': '333333333333' } });
  });

  it('trusts no OIDC provider for a cluster without one', () => {
    const clusters = [clusterWithout('oidc'), clusterOf({ key: 'batch' })];
    const trust = sourceTrust(environmentOf(), workloadOf({ clusters: keysOf(clusters) }), clusters);
    expect(trust).toEqual(sourceTrust(environmentOf(), workloadOf({ clusters: keysOf(clusters) }), clusters.slice(1)));
  });

  it('has one statement for each OIDC provider, and one for two clusters that share one', () => {
    const shared = clusterOf().oidc!;
    const clusters = [clusterOf(), clusterOf({ key: 'blue', oidc: shared }), clusterOf({ key: 'batch' })];
    expect(federated(sourceTrust(environmentOf(), workloadOf({ clusters: keysOf(clusters) }), clusters))).toHaveLength(
      2,
    );
  });

  it.each([
    [3, true],
    [4, false],
  ])('with %i OIDC providers and Pod Identity fits the default quota: %s', (count, fits) => {
    const clusters = ['main', 'batch', 'blue', 'green'].slice(0, count).map((key) => clusterOf({ key }));
    const trust = sourceTrust(environmentOf(), workloadOf({ stage: 'dual', clusters: keysOf(clusters) }), clusters);
    expect(JSON.stringify(trust).length <= 2048).toBe(fits);
  });

  it.each([
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ] as const)('in %s names OIDC providers in the partition %s', (region, partition) => {
    const [statement] = federated(sourceTrust(environmentOf({ region, partition }), workloadOf(), [clusterOf()]));
    expect(JSON.stringify(statement?.Principal)).toContain(`"arn:${partition}:iam::333333333333:oidc-provider/`);
  });

  it('names no namespace, service account or cluster but the workload’s, whatever they are called', () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
    fc.assert(
      fc.property(label, label, fc.constantFrom(...STAGES), fc.boolean(), (namespace, name, stage, sessionTags) => {
        const workload = workloadOf({ namespace, serviceAccount: { name, manage: 'create' }, stage, sessionTags });
        for (const { Condition } of statements(sourceTrust(environmentOf(), workload, [clusterOf()]))) {
          for (const [key, value] of Object.entries(Condition?.StringEquals ?? {})) {
            if (key.endsWith(':sub')) expect(value).toBe(`system:serviceaccount:${namespace}:${name}`);
            if (key.endsWith('kubernetes-namespace')) expect(value).toBe(namespace);
            if (key.endsWith('kubernetes-service-account')) expect(value).toBe(name);
          }
          expect(Object.keys(Condition ?? {})).toEqual(['StringEquals']);
        }
      }),
    );
  });
});
