import type { Addon, Cluster, Stage } from '../../src/inventory/Inventory';
import {
  clusterOf,
  environmentOf,
  NO_IMPORTS,
  roleSettingsOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';
import { resources, synthesized } from './synthesized';

const POLICY = 'arn:aws:iam::333333333333:policy/read';
const DOCUMENT = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '${aws:x}' },
} as const;

function stackOf(parts: WorkloadParts, cluster: Partial<Cluster> = {}) {
  return synthesized([environmentOf({ clusters: [clusterOf(cluster)], workloads: [workloadOf(parts)] })])[
    'prod-identity'
  ]!;
}
function adopted(stage: Stage = 'dual') {
  return stackOf({
    stage,
    role: roleSettingsOf({
      name: 'legacy',
      adopt: true,
      description: 'Reads ${orders}.',
      tags: { Team: 'shop' },
      imports: { managedPolicies: [POLICY], inlinePolicies: ['s3-read'], associations: { main: 'a-1' } },
    }),
    permissions: {
      managedPolicies: [POLICY, 'arn:aws:iam::aws:policy/New'],
      statements: [],
      inlinePolicies: { 's3-read': DOCUMENT },
    },
  });
}

describe('what was found with a role', () => {
  it('is imported, each part at its own address, by the id that the provider asks for', () => {
    const stack = adopted();
    const imported = stack.import!.map(({ to, id }) => {
      const [type, name] = to.split('.') as [string, string];
      expect(stack.resource[type]?.[name]).toBeDefined();
      return [type, id];
    });
    expect(imported).toEqual([
      ['aws_iam_role', 'legacy'],
      ['aws_iam_role_policy', 'legacy:s3-read'],
      ['aws_iam_role_policy_attachment', `legacy/${POLICY}`],
      ['aws_eks_pod_identity_association', 'prod-main,a-1'],
    ]);
  });

  it('is not imported where the stage has none of it: such a block would stop the plan', () => {
    expect(adopted('prepared').import!.map(({ id }) => id)).not.toContain('prod-main,a-1');
  });

  it('stays as it is: description, tags of others, and the inline policy word for word', () => {
    const [role] = resources(adopted(), 'aws_iam_role');
    expect(role).toMatchObject({
      description: 'Reads ${"$"}{orders}.',
      tags: { Team: 'shop', 'podlift:workload': 'orders-api' },
    });
    const [policy] = resources(adopted(), 'aws_iam_role_policy');
    expect(policy.name).toBe('s3-read');
    expect(policy.policy).toBe(JSON.stringify(DOCUMENT).replace('${', '${"$"}{'));
  });

  it('leaves the tags of an imported association to whoever made it', () => {
    const [association] = resources(adopted(), 'aws_eks_pod_identity_association');
    // `tags_all` is computed only: Terraform would warn of it.
    expect(association.lifecycle.ignore_changes).toEqual(['tags']);
  });

  it('takes the association of an environment with tags to a provider that adds none; a new one gets them as its own', () => {
    const workload = workloadOf({ stage: 'dual', role: roleSettingsOf({ name: 'legacy', adopt: true }) });
    const environment = environmentOf({ tags: { team: 'shop' }, workloads: [workload] });
    const stack = synthesized([environment])['prod-identity']!;
    const untagged = stack.provider.aws!.find(({ alias }) => alias === 'untagged');
    expect(untagged).toEqual({ alias: 'untagged', region: 'us-west-2', allowed_account_ids: ['333333333333'] });
    const [association] = resources(stack, 'aws_eks_pod_identity_association');
    expect(association).toMatchObject({
      provider: 'aws.untagged',
      tags: { team: 'shop', 'podlift:environment': 'prod' },
    });
  });
});

describe('an agent and an OIDC provider that are adopted', () => {
  const stack = stackOf(
    { stage: 'irsa' },
    {
      agent: { version: 'v1.3.4-eksbuild.1', adopt: true },
      oidc: { issuer: 'https://oidc.eks.us-west-2.amazonaws.com/id/A1', provider: 'managed', adopt: true },
    },
  );

  it('are imported, and never removed', () => {
    expect(stack.import!.map(({ id }) => id)).toEqual([
      'prod-main:eks-pod-identity-agent',
      'arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/A1',
    ]);
    for (const type of ['aws_eks_addon', 'aws_iam_openid_connect_provider'])
      expect(resources(stack, type)[0].lifecycle.prevent_destroy).toBe(true);
  });

  it('carry nothing that would show as a change after the import', () => {
    const [addon] = resources(stack, 'aws_eks_addon');
    expect(Object.keys(addon).filter((key) => key.startsWith('resolve_conflicts'))).toEqual([]);
  });
});

describe('an add-on whose service account is a workload', () => {
  const EBS: Addon = {
    name: 'aws-ebs-csi-driver',
    version: 'v1.40.0-eksbuild.1',
    serviceAccounts: { sa: 'ebs' },
    adopt: false,
  };
  const at = (stage: Stage, addon = EBS) =>
    stackOf(
      {
        key: 'ebs',
        stage,
        serviceAccount: { name: 'sa', manage: 'create' },
        role: roleSettingsOf({ name: 'ebs', imports: NO_IMPORTS }),
      },
      { addons: [addon], kubernetes: { context: 'prod-main' } },
    );
  const addonAt = (stage: Stage, addon = EBS) =>
    resources(at(stage, addon), 'aws_eks_addon').find(({ addon_name: name }) => name === EBS.name);
  const ARN = 'arn:aws:iam::333333333333:role/ebs';
  const BLOCK = [{ role_arn: ARN, service_account: 'sa' }];

  it.each<[Stage, string | undefined, object[] | undefined]>([
    ['irsa', ARN, undefined],
    ['prepared', ARN, undefined],
    ['dual', ARN, BLOCK],
    ['cutover', undefined, BLOCK],
    ['pod-identity', undefined, BLOCK],
  ])('has at %s the role of IRSA (%s) and its own association as the stage says', (stage, role, block) => {
    const addon = addonAt(stage);
    expect(addon.service_account_role_arn).toBe(role);
    expect(addon.pod_identity_association).toEqual(block);
    // What it had before is left as it is: the provider would send an empty ARN.
    expect(addon.lifecycle?.ignore_changes).toEqual(role === undefined ? ['service_account_role_arn'] : undefined);
    expect(resources(at(stage), 'aws_eks_pod_identity_association')).toEqual([]);
  });

  it('waits for its role and for the agent', () => {
    const [role] = Object.keys(at('dual').resource.aws_iam_role!);
    expect(addonAt('dual').depends_on).toEqual(
      expect.arrayContaining([`aws_iam_role.${role}`, expect.stringContaining('aws_eks_addon.agents_main')]),
    );
  });

  it('is imported when it is adopted', () => {
    expect(at('irsa', { ...EBS, adopt: true }).import!.map(({ id }) => id)).toEqual(['prod-main:aws-ebs-csi-driver']);
  });
});
