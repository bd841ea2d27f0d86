import { targetTrust } from '../../src/blueprint/targetTrust';
import type { Statement } from '../../src/iam/PolicyDocument';
import { STAGES } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, targetOf, workloadOf } from './inventoryOf';

const SOURCE = 'arn:aws:iam::333333333333:role/prod-orders-api';
const trustOf = (
  workload: Parameters<typeof workloadOf>[0],
  target: Parameters<typeof targetOf>[0] = {},
  clusters = [clusterOf()],
) =>
  targetTrust(
    environmentOf(),
    workloadOf({ clusters: clusters.map(({ key }) => key), ...workload }),
    targetOf(target),
    clusters,
    SOURCE,
  ).Statement as readonly Statement[];
const sids = (statements: readonly Statement[]) => statements.map(({ Sid }) => Sid);

describe('the trust policy of a target role', () => {
  it.each([
    ['irsa', ['UntaggedHop']],
    ['prepared', ['UntaggedHop', 'TaggedHop']],
    ['dual', ['UntaggedHop', 'TaggedHop']],
    ['cutover', ['UntaggedHop', 'TaggedHop']],
    ['pod-identity', ['TaggedHop']],
  ] as const)('at %s has the statements %j', (stage, expected) => {
    expect(sids(trustOf({ stage }))).toEqual(expected);
  });

  it.each(STAGES)('at %s lets nobody in but the source role, by its account’s root and its ARN', (stage) => {
    for (const sessionTags of [true, false])
      for (const via of ['workload', 'association'] as const)
        for (const statement of trustOf({ stage, sessionTags }, { via })) {
          expect(statement.Principal).toEqual({ AWS: 'arn:aws:iam::333333333333:root' });
          expect(statement.Condition?.ArnEquals).toEqual({ 'aws:PrincipalArn': SOURCE });
        }
  });

  it('takes the tagged hop with sts:TagSession and the tags that the session carries', () => {
    const [statement] = trustOf({ stage: 'pod-identity' });
    expect(statement?.Action).toEqual(['sts:AssumeRole', 'sts:TagSession']);
    expect(statement?.Condition?.StringEquals).toEqual({
      'aws:PrincipalTag/eks-cluster-arn': 'arn:aws:eks:us-west-2:333333333333:cluster/prod-main',
      'aws:PrincipalTag/kubernetes-namespace': 'production',
      'aws:PrincipalTag/kubernetes-service-account': 'orders-api',
    });
  });

  it.each(STAGES)('at %s tells a workload without session tags apart by principal alone', (stage) => {
    expect(sids(trustOf({ stage, sessionTags: false }))).toEqual(['UntaggedHop']);
  });

  it.each([
    ['irsa', ['UntaggedHop']],
    ['dual', ['UntaggedHop', 'ExternalIdHop', 'TagSession']],
    ['pod-identity', ['ExternalIdHop', 'TagSession']],
  ] as const)('at %s, chained by EKS without session tags, has the statements %j', (stage, expected) => {
    expect(sids(trustOf({ stage, sessionTags: false }, { via: 'association' }))).toEqual(expected);
  });

  it('computes the external ids of all clusters, and asks for none at sts:TagSession', () => {
    const clusters = [clusterOf(), clusterOf({ key: 'batch', region: 'eu-west-1' })];
    const statements = trustOf({ stage: 'pod-identity', sessionTags: false }, { via: 'association' }, clusters);
    expect(statements[0]?.Condition?.StringEquals).toEqual({
      'sts:ExternalId': [
        'us-west-2/333333333333/prod-main/production/orders-api',
        'eu-west-1/333333333333/prod-batch/production/orders-api',
      ],
    });
    expect(statements[1]?.Action).toBe('sts:TagSession');
    expect(statements[1]?.Condition?.StringEquals).toBeUndefined();
  });
});
