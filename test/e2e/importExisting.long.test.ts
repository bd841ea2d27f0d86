import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxEnvironment } from '../../src/rehearsal/sandboxEnvironment';
import { findTerraform } from '../../src/runners/terraformInstallation';
import { providerInstallation } from '../../src/runners/terraformInstallation';
import { runTerraform, type TerraformOptions } from '../../src/runners/stackCommands';
import type { Sandbox } from '../../src/sandbox/startSandbox';
import {
  allow,
  APPS,
  irsaTrust,
  ISSUER,
  MAIN,
  podTrust,
  policy,
  PROVIDER,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from '../sandbox/testSandbox';

const TRUST = policy(irsaTrust('kube-system', 'aws-node'), podTrust());
const READ = allow('s3:GetObject', 'arn:aws:s3:::logs/*');
const ATTACHED = `arn:aws:iam::${APPS}:policy/team/reader`;
const BOUNDARY = `arn:aws:iam::${APPS}:policy/boundary`;

const at = useSandbox(() => ({
  seed: seedWith(
    [
      {
        account: APPS,
        name: 'orders',
        path: '/team/',
        description: 'what orders may do',
        trust: TRUST,
        inline: { read: READ },
        attached: [ATTACHED],
        permissionsBoundary: BOUNDARY,
        maxSessionDuration: 7200,
        tags: { team: 'shop' },
      },
      { account: APPS, name: 'csi', trust: TRUST },
    ],
    {
      policies: [
        { arn: ATTACHED, document: READ },
        { arn: BOUNDARY, document: allow('*') },
      ],
      clusters: [
        {
          ...MAIN,
          version: '1.33',
          issuer: ISSUER,
          addons: [
            { name: 'eks-pod-identity-agent', configuration: '{"agent":{}}', tags: { team: 'platform' } },
            { name: 'vpc-cni', serviceAccountRoleArn: roleArn('csi') },
            {
              name: 'aws-ebs-csi-driver',
              podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: roleArn('csi') }],
            },
          ],
          associations: [
            { namespace: 'shop', serviceAccount: 'orders', roleArn: roleArn('team/orders'), tags: { team: 'shop' } },
          ],
        },
      ],
    },
  ),
}));

/** The resources as someone writes them who knows what stands there, each with its import. */
function configuration(associationId: string): string {
  const resource = (type: string, name: string, id: string, body: Record<string, unknown>) => ({
    resource: { [type]: { [name]: body } },
    import: { to: `${type}.${name}`, id },
  });
  const addon = (name: string, body: Record<string, unknown>) =>
    resource('aws_eks_addon', name, `main:${name}`, { cluster_name: 'main', addon_name: name, ...body });
  const parts = [
    resource('aws_iam_role', 'orders', 'orders', {
      name: 'orders',
      path: '/team/',
      description: 'what orders may do',
      assume_role_policy: JSON.stringify(TRUST),
      permissions_boundary: BOUNDARY,
      max_session_duration: 7200,
      tags: { team: 'shop' },
    }),
    resource('aws_iam_role_policy', 'read', 'orders:read', {
      role: 'orders',
      name: 'read',
      policy: JSON.stringify(READ),
    }),
    resource('aws_iam_role_policy_attachment', 'reader', `orders/${ATTACHED}`, {
      role: 'orders',
      policy_arn: ATTACHED,
    }),
    resource('aws_iam_openid_connect_provider', 'main', PROVIDER, {
      url: ISSUER,
      client_id_list: ['sts.amazonaws.com'],
    }),
    addon('eks-pod-identity-agent', { configuration_values: '{"agent":{}}', tags: { team: 'platform' } }),
    addon('vpc-cni', { service_account_role_arn: roleArn('csi') }),
    addon('aws-ebs-csi-driver', {
      pod_identity_association: [{ role_arn: roleArn('csi'), service_account: 'ebs-csi-controller-sa' }],
    }),
    resource('aws_eks_pod_identity_association', 'orders', `main,${associationId}`, {
      cluster_name: 'main',
      namespace: 'shop',
      service_account: 'orders',
      role_arn: roleArn('team/orders'),
      tags: { team: 'shop' },
    }),
  ];
  const resources: Record<string, Record<string, unknown>> = {};
  for (const { resource: entry } of parts)
    for (const [type, named] of Object.entries(entry)) resources[type] = { ...resources[type], ...named };
  return JSON.stringify({
    terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '5.100.0' } } },
    provider: { aws: { region: REGION } },
    resource: resources,
    import: parts.map((part) => part.import),
  });
}

function associationsOf(sandbox: Sandbox): readonly { id: string; serviceAccount: string }[] {
  const { clusters } = JSON.parse(sandbox.save()) as {
    clusters: Record<string, { associations: Record<string, { id: string; serviceAccount: string }> }>;
  };
  return Object.values(Object.values(clusters)[0]!.associations);
}

describe('The real Terraform, importing what someone else made', () => {
  let folder = '';
  let options: TerraformOptions;

  beforeAll(async () => {
    const terraform = await findTerraform();
    if ('missing' in terraform) throw new Error(terraform.missing);
    folder = mkdtempSync(join(tmpdir(), 'podlift-import-'));
    const { environment } = await providerInstallation(folder);
    options = { binary: terraform.binary, folder, environment: sandboxEnvironment(at.sandbox, environment, folder) };
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const run = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await runTerraform([...words, '-no-color'], options);
    expect([exitCode, stderr]).toEqual([0, '']);
    return stdout;
  };

  it('finds nothing to change in it, imports it, and then has nothing left to do', async () => {
    const { id = '' } = associationsOf(at.sandbox).find(({ serviceAccount }) => serviceAccount === 'orders') ?? {};
    writeFileSync(join(folder, 'main.tf.json'), configuration(id));
    await run('init');
    expect(await run('plan')).toContain('Plan: 8 to import, 0 to add, 0 to change, 0 to destroy.');
    expect(await run('apply', '-auto-approve')).toContain('8 imported, 0 added, 0 changed, 0 destroyed');
    expect(await run('plan')).toContain('No changes.');
    const changes = Object.keys(at.sandbox.callCounts()).filter((action) => !/:(Get|List|Describe)/.test(action));
    expect(changes).toEqual([]);
  });

  it('gives an add-on with an IRSA role an association of its own, in one apply', async () => {
    const file = join(folder, 'main.tf.json');
    const { id = '' } = associationsOf(at.sandbox).find(({ serviceAccount }) => serviceAccount === 'orders') ?? {};
    // To clear the role, the provider would send an empty ARN, which EKS refuses: the add-on keeps the role, as in modules/ClusterAddon.ts.
    const moved = configuration(id).replace(
      `"service_account_role_arn":"${roleArn('csi')}"`,
      `"lifecycle":{"ignore_changes":["service_account_role_arn"]},"pod_identity_association":[{"role_arn":"${roleArn('csi')}","service_account":"aws-node"}]`,
    );
    writeFileSync(file, moved);
    expect(await run('apply', '-auto-approve')).toContain('0 added, 1 changed, 0 destroyed');
    expect(await run('plan')).toContain('No changes.');
    expect(associationsOf(at.sandbox).map(({ serviceAccount }) => serviceAccount)).toContain('aws-node');
  });
});
