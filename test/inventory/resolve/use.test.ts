import { compileLoaded } from '../../../src/blueprint/compileLoaded';
import { compileWorkload } from '../../../src/blueprint/compileWorkload';
import { managedPolicyPath, statementPath } from '../../../src/inventory/permissionPath';
import { listOf } from '../../../src/iam/PolicyDocument';
import type { Inventory, Permissions } from '../../../src/inventory/Inventory';
import { BASE, checkMarked } from '../marked';

const TWO_CLUSTERS = BASE.replace(
  '    values: { bucket: acme-dev }',
  '      west:\n        name: dev-west\n        region: us-east-1\n        version: "1.33"\n        oidc: { issuer: "https://oidc.eks.us-east-1.amazonaws.com/id/E1E1" }\n        agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }',
);

function inventoryOf(fields: string, base = BASE): Inventory {
  const { loaded } = checkMarked({ 'inventory.yaml': `${base}${fields}` });
  expect(loaded.findings).toEqual([]);
  return loaded.inventory!;
}

/** The role of the workload in the environment dev, as it is compiled. */
function roleOf(permissions: string, base = BASE) {
  const [environment] = inventoryOf(`    permissions:\n${permissions}`, base).environments;
  const [workload] = environment!.workloads;
  return { ...compileWorkload(environment!, workload!), permissions: workload!.permissions };
}

const statementsOf = ({ role }: ReturnType<typeof roleOf>) => listOf(role.inline?.Statement ?? []);

describe('A controller in `use`', () => {
  it('adds its statements to the inline policy, behind those of the file', () => {
    const found = roleOf(
      '      statements: [{ sid: Own, actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"] }]\n      use: [{ name: external-dns, parameters: { zones: [Z1] } }]\n',
    );
    expect(statementsOf(found).map(({ Sid }) => Sid)).toEqual(['Own', 'ChangeRecords', 'ListZones']);
    expect(statementsOf(found)[1]).toEqual({
      Sid: 'ChangeRecords',
      Effect: 'Allow',
      Action: expect.arrayContaining(['route53:ChangeResourceRecordSets']) as unknown,
      Resource: 'arn:aws:route53:::hostedzone/Z1',
    });
  });

  it('attaches its managed policies once', () => {
    const arn = 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy';
    expect(roleOf('      use: [vpc-cni]\n').role.managedPolicies).toEqual([arn]);
    const both = roleOf('      managedPolicies: [AmazonEKS_CNI_Policy]\n      use: [vpc-cni, ebs-csi]\n');
    expect(both.role.managedPolicies).toEqual([arn, 'arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2']);
  });

  it('has the account, and the names and regions of all clusters of the workload', () => {
    const text = JSON.stringify(
      roleOf('      use: [{ name: karpenter, parameters: { nodeRoles: "{bucket}" } }]\n', TWO_CLUSTERS).role.inline,
    );
    for (const wanted of [
      'arn:aws:eks:us-west-2:111111111111:cluster/dev-main',
      'arn:aws:eks:us-east-1:111111111111:cluster/dev-west',
      'arn:aws:iam::111111111111:role/acme-dev',
      'arn:aws:ec2:us-east-1::image/*',
    ])
      expect(text).toContain(wanted);
  });

  it('has the account of a target in the role of the target', () => {
    const { targetRoles } = roleOf(
      '      statements: [{ actions: [s3:ListAllMyBuckets], resources: ["*"] }]\n    targets:\n      keys:\n        account: data\n        environments: [dev]\n        permissions: { use: [{ name: keda, parameters: { tables: [orders] } }] }\n',
    );
    expect(JSON.stringify(targetRoles[0]?.inline)).toContain('arn:aws:dynamodb:us-west-2:222222222222:table/orders');
  });

  it('keeps sids apart: a statement whose sid is taken has none', () => {
    const found = roleOf(
      '      use: [{ name: fluent-bit, parameters: { logGroups: a } }, { name: aws-for-fluent-bit, parameters: { logGroups: b } }]\n',
    );
    const sids = statementsOf(found).flatMap(({ Sid }) => Sid ?? []);
    expect(new Set(sids).size).toBe(sids.length);
    expect(statementsOf(found).length).toBeGreaterThan(sids.length);
  });

  it('is the same at each run', () => {
    const once = () => JSON.stringify(roleOf('      use: [cluster-autoscaler, cert-manager, adot]\n').role);
    expect(once()).toBe(once());
  });

  it('gets the values of the environment', () => {
    const { environments } = inventoryOf(
      '    permissions: { use: [{ name: loki, parameters: { buckets: "{bucket}" } }] }\n',
    );
    const buckets = environments.map((one) => one.workloads[0]?.permissions.statements[0]?.resources);
    expect(buckets.map((all) => JSON.stringify(all))).toEqual([
      expect.stringContaining('acme-dev'),
      expect.stringContaining('acme-prod'),
    ]);
  });

  it('can differ in one environment', () => {
    const { environments } = inventoryOf(
      '    permissions: { use: [vpc-cni] }\n    overrides: { prod: { permissions: { use: [ebs-csi] } } }\n',
    );
    expect(environments.map((one) => one.workloads[0]?.permissions.use?.map(({ name }) => name))).toEqual([
      ['vpc-cni'],
      ['ebs-csi'],
    ]);
  });

  it('is refused where its statements exceed the quota of the role', () => {
    const zones = Array.from({ length: 300 }, (_, index) => `Z${index}ABCDEFGHIJKLMNOP`);
    const { loaded } = checkMarked({
      'inventory.yaml': `${BASE}    permissions: { use: [{ name: external-dns, parameters: { zones: [${zones.join(', ')}] } }] }\n`,
    });
    expect(loaded.findings).toEqual([]);
    expect(compileLoaded(loaded).findings.map(({ severity, rule }) => [severity, rule])).toContainEqual([
      'error',
      'quota',
    ]);
  });
});

describe('The place of a permission in the file', () => {
  it('is the entry of `use` that it comes from, or its own', () => {
    const { permissions } = roleOf(
      '      managedPolicies: [ReadOnlyAccess]\n      statements: [{ actions: [s3:ListAllMyBuckets], resources: ["*"] }]\n      use: [ebs-csi, cert-manager]\n',
    );
    const paths = (all: readonly unknown[], of: (permissions: Permissions, index: number) => unknown) =>
      all.map((_, index) => of(permissions, index));
    expect(paths(permissions.statements, statementPath)).toEqual([
      ['statements', 0],
      ['use', 1],
      ['use', 1],
      ['use', 1],
    ]);
    expect(paths(permissions.managedPolicies, managedPolicyPath)).toEqual([
      ['managedPolicies', 0],
      ['use', 0],
    ]);
  });
});
