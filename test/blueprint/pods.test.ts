import { externalIdOf, podOf, tokenOf } from '../../src/blueprint/pods';
import { clusterOf, environmentOf, subjectOf, workloadOf } from './inventoryOf';

const POD = {
  accountId: '333333333333',
  clusterArn: 'arn:aws:eks:us-west-2:333333333333:cluster/prod-main',
  clusterName: 'prod-main',
  namespace: 'production',
  serviceAccount: 'orders-api',
};

describe('a workload’s pod', () => {
  it('is described by its account, cluster, namespace and service account', () => {
    expect(podOf(environmentOf(), subjectOf(workloadOf()), clusterOf())).toEqual(POD);
  });

  it.each([
    ['aws', 'arn:aws:iam'],
    ['aws-cn', 'arn:aws-cn:iam'],
  ] as const)('has a token of its account’s OIDC provider in the partition %s', (partition, prefix) => {
    expect(tokenOf(partition, POD, 'https://oidc.eks.us-west-2.amazonaws.com/id/MAIN')).toEqual({
      provider: `${prefix}::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/MAIN`,
      subject: 'system:serviceaccount:production:orders-api',
      audience: 'sts.amazonaws.com',
    });
  });

  it('has the external id that EKS sends: region, account, cluster, namespace and service account', () => {
    expect(externalIdOf(POD)).toBe('us-west-2/333333333333/prod-main/production/orders-api');
  });
});
