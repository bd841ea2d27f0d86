import { compile } from '../../src/blueprint/compile';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { type Addon, type Stage, STAGES } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, inventoryOf, workloadOf } from './inventoryOf';

const EBS: Addon = {
  name: 'aws-ebs-csi-driver',
  version: 'v1.40.0-eksbuild.1',
  serviceAccounts: { 'ebs-csi-controller-sa': 'ebs-csi' },
  adopt: false,
};

function compiledAt(stage: Stage, addon = EBS) {
  const clusters = [clusterOf({ addons: [addon] }), clusterOf({ key: 'batch' })];
  const workload = workloadOf({
    key: 'ebs-csi',
    namespace: 'kube-system',
    serviceAccount: { name: 'ebs-csi-controller-sa', manage: 'create' },
    stage,
    clusters: ['main', 'batch'],
  });
  return compile(inventoryOf(environmentOf({ clusters, workloads: [workload, workloadOf({ stage })] })), 'prod');
}

describe('an add-on whose service account is a workload', () => {
  it.each(STAGES)(
    'has at %s the IRSA role where the stage annotates, and the association where it has one',
    (stage) => {
      const { addons, roles } = compiledAt(stage);
      const { annotation, association } = STAGE_TABLE[stage];
      const { arn } = roles[0]!;
      expect(addons).toHaveLength(1);
      expect(addons[0]!.serviceAccountRoleArn).toBe(annotation ? arn : undefined);
      expect(addons[0]!.associations).toEqual(
        association ? [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: arn }] : [],
      );
      expect(addons[0]!.workloads).toEqual(['ebs-csi']);
    },
  );

  it('owns the association on its cluster, and no other', () => {
    const owners = compiledAt('dual').associations.map(({ workload, cluster, addon }) => [workload, cluster, addon]);
    expect(owners).toEqual([
      ['ebs-csi', 'main', 'aws-ebs-csi-driver'],
      ['ebs-csi', 'batch', undefined],
      ['orders-api', 'main', undefined],
    ]);
  });

  it('can have several service accounts of one workload, each with its association', () => {
    const on = { namespace: 'kube-system', manage: 'none' as const, clusters: ['main'] };
    const subjects = ['ebs-csi-controller-sa', 'ebs-csi-node-sa', 'snapshotter'].map((name, index) => ({
      ...on,
      name,
      isFirst: index === 0,
    }));
    const serviceAccounts = { 'ebs-csi-controller-sa': 'ebs-csi', 'ebs-csi-node-sa': 'ebs-csi' };
    const workload = workloadOf({ key: 'ebs-csi', stage: 'dual', clusters: ['main'], subjects });
    const clusters = [clusterOf({ addons: [{ ...EBS, serviceAccounts }] })];
    const { addons, associations, roles } = compile(
      inventoryOf(environmentOf({ clusters, workloads: [workload] })),
      'prod',
    );
    const { arn: roleArn } = roles[0]!;
    expect(addons).toMatchObject([
      {
        workloads: ['ebs-csi'],
        serviceAccountRoleArn: roleArn,
        associations: Object.keys(serviceAccounts).map((serviceAccount) => ({ serviceAccount, roleArn })),
      },
    ]);
    expect(associations.map(({ serviceAccount, addon }) => [serviceAccount, addon])).toEqual([
      ['ebs-csi-controller-sa', EBS.name],
      ['ebs-csi-node-sa', EBS.name],
      ['snapshotter', undefined],
    ]);
  });

  it('makes its service account itself', () => {
    const made = compiledAt('irsa').serviceAccounts.map(({ workload, cluster, manage }) => [workload, cluster, manage]);
    expect(made).toEqual([
      ['ebs-csi', 'main', 'none'],
      ['ebs-csi', 'batch', 'create'],
      ['orders-api', 'main', 'create'],
    ]);
  });

  it('has its configuration as JSON text', () => {
    const configuration = { controller: { replicaCount: 3 } };
    expect(compiledAt('irsa', { ...EBS, configuration }).addons[0]!.configuration).toBe(JSON.stringify(configuration));
  });
});
