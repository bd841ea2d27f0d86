import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribePodIdentityAssociationCommand,
  ListNodegroupsCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { SeedCluster } from '../../src/sandbox/Seed';
import { podCredentials } from '../../src/sandbox/podCredentials';
import { seedDeployment } from './seedDeployment';
import { startSandbox } from '../../src/sandbox/startSandbox';
import { kubectlOf } from './testCluster';
import {
  allow,
  APPS,
  clients,
  errorOf,
  ISSUER,
  MAIN,
  podTrust,
  policy,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const NODE_TRUST = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const inGroup = (name: string) => ({ 'eks.amazonaws.com/nodegroup': name });

const CLUSTER: SeedCluster = {
  ...MAIN,
  version: '1.33',
  issuer: ISSUER,
  nodeGroups: [
    { name: 'good', nodeRole: roleArn('node') },
    { name: 'poor', nodeRole: roleArn('poor-node') },
    { name: 'gone', nodeRole: roleArn('no-such-node') },
  ],
  nodes: [
    ...['good', 'poor', 'gone'].map((name) => ({ name, compute: 'ec2' as const, labels: inGroup(name) })),
    { name: 'own', compute: 'ec2' },
  ],
  addons: [
    { name: 'eks-pod-identity-agent', version: 'v1.2.0-eksbuild.1', configuration: '{}', tags: { team: 'platform' } },
    { name: 'vpc-cni', serviceAccountRoleArn: roleArn('cni') },
    {
      name: 'aws-ebs-csi-driver',
      podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: roleArn('app') }],
    },
  ],
  associations: [
    { namespace: 'shop', serviceAccount: 'orders', roleArn: roleArn('app'), tags: { by: 'hand' } },
    {
      namespace: 'shop',
      serviceAccount: 'ledger',
      roleArn: roleArn('app'),
      targetRoleArn: roleArn('ledger'),
      disableSessionTags: true,
    },
  ],
  serviceAccounts: [
    {
      namespace: 'shop',
      name: 'orders',
      annotations: { 'eks.amazonaws.com/role-arn': roleArn('app') },
      labels: { 'app.kubernetes.io/managed-by': 'eksctl' },
      imagePullSecrets: ['registry'],
    },
  ],
  manifests: [
    seedDeployment({
      namespace: 'shop',
      name: 'orders',
      serviceAccount: 'orders',
      image: 'registry.example/orders:1',
      labels: { 'app.kubernetes.io/name': 'orders' },
      env: { AWS_PROFILE: 'old' },
    }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'closed' },
      spec: { podSelector: { matchLabels: { app: 'orders' } }, policyTypes: ['Egress'] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name: 'by-hand' },
      spec: {
        hostNetwork: true,
        containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80, hostPort: 80 }] }],
      },
    },
  ],
};

const ROLES = [
  {
    account: APPS,
    name: 'app',
    trust: policy(podTrust()),
    description: 'what orders may do',
    lastUsed: '2026-11-01T00:00:00Z',
  },
  { account: APPS, name: 'node', trust: NODE_TRUST, attached: ['arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy'] },
  { account: APPS, name: 'poor-node', trust: NODE_TRUST, inline: { own: allow('ec2:DescribeInstances') } },
];
const SEED = seedWith(ROLES, { clusters: [CLUSTER] });

describe('A cluster that its seed describes', () => {
  const at = useSandbox(() => ({ seed: SEED }));
  const { kubectl, read } = kubectlOf(at);
  const eks = () => clients(at.sandbox).eks;

  it('has its add-ons, ACTIVE, with their roles', async () => {
    const addon = async (addonName: string) =>
      (await eks().send(new DescribeAddonCommand({ clusterName: 'main', addonName }))).addon;
    expect(await addon('eks-pod-identity-agent')).toMatchObject({
      status: 'ACTIVE',
      addonVersion: 'v1.2.0-eksbuild.1',
      configurationValues: '{}',
      tags: { team: 'platform' },
    });
    expect(await addon('vpc-cni')).toMatchObject({ serviceAccountRoleArn: roleArn('cni') });
    expect(await read('get', 'sa', 'aws-node', '-n', 'kube-system')).toMatchObject({
      metadata: { annotations: { 'eks.amazonaws.com/role-arn': roleArn('cni') } },
    });
    expect((await addon('aws-ebs-csi-driver'))?.podIdentityAssociations).toHaveLength(1);
  });

  it('has its associations, those of add-ons with their owner', async () => {
    const listed = await eks().send(new ListPodIdentityAssociationsCommand({ clusterName: 'main' }));
    expect(
      listed.associations?.map(({ serviceAccount, ownerArn }) => [serviceAccount, ownerArn !== undefined]),
    ).toEqual(
      expect.arrayContaining([
        ['orders', false],
        ['ledger', false],
        ['ebs-csi-controller-sa', true],
      ]),
    );
    const ledger = listed.associations?.find(({ serviceAccount }) => serviceAccount === 'ledger');
    const { association } = await eks().send(
      new DescribePodIdentityAssociationCommand({ clusterName: 'main', associationId: ledger?.associationId }),
    );
    expect(association).toMatchObject({
      targetRoleArn: roleArn('ledger'),
      disableSessionTags: true,
      externalId: `us-west-2/${APPS}/main/shop/ledger`,
    });
  });

  it('has its node groups with their roles', async () => {
    const group = (nodegroupName: string) =>
      eks().send(new DescribeNodegroupCommand({ clusterName: 'main', nodegroupName }));
    expect(
      (await eks().send(new ListNodegroupsCommand({ clusterName: 'main', maxResults: 2 }))).nodegroups,
    ).toHaveLength(2);
    expect((await group('poor')).nodegroup).toMatchObject({ nodeRole: roleArn('poor-node'), status: 'ACTIVE' });
    expect(await errorOf(group('none'))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
  });

  it('has its roles with description and last use', async () => {
    const { Role } = await clients(at.sandbox).iam.send(new GetRoleCommand({ RoleName: 'app' }));
    expect(Role).toMatchObject({
      Description: 'what orders may do',
      RoleLastUsed: { LastUsedDate: new Date('2026-11-01T00:00:00Z'), Region: 'us-west-2' },
    });
  });

  it('shows kubectl its service accounts, pods and network policies over all namespaces', async () => {
    const accounts = (await read('get', 'serviceaccounts', '-A')) as { items: { metadata: { name: string } }[] };
    expect(accounts.items.find(({ metadata }) => metadata.name === 'orders')).toMatchObject({
      metadata: { namespace: 'shop', labels: { 'app.kubernetes.io/managed-by': 'eksctl' } },
      imagePullSecrets: [{ name: 'registry' }],
    });
    const pods = (await read('get', 'pods', '-A')) as { items: { metadata: { name: string } }[] };
    expect(pods.items.find(({ metadata }) => metadata.name.startsWith('orders-'))).toMatchObject({
      metadata: { namespace: 'shop', labels: { app: 'orders', 'app.kubernetes.io/name': 'orders' } },
      spec: { containers: [{ image: 'registry.example/orders:1' }] },
    });
    expect(pods.items.find(({ metadata }) => metadata.name === 'by-hand')).toMatchObject({
      spec: { hostNetwork: true, containers: [{ ports: [{ containerPort: 80, hostPort: 80 }] }] },
    });
    expect((await kubectl(['get', 'netpol', '-n', 'shop'])).out).toMatch(/closed +\d+s/);
    const policies = (await read('get', 'networkpolicies.networking.k8s.io', '-A')) as { items: object[] };
    expect(policies.items).toMatchObject([{ spec: { policyTypes: ['Egress'] } }]);
  });

  it('takes a network policy from kubectl, and lets it go', async () => {
    const manifest = JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'open' },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
    });
    expect((await kubectl(['apply', '-f', '-'], manifest)).out).toMatch(
      /networkpolicy.networking.k8s.io\/open created/,
    );
    expect((await kubectl(['delete', 'netpol', 'open', '-n', 'shop'])).code).toBe(0);
  });

  it.each([
    ['good', true, ''],
    ['own', true, ''],
    ['poor', false, `${roleArn('poor-node')} is not authorized to perform: eks-auth:AssumeRoleForPodIdentity`],
    ['gone', false, `${roleArn('no-such-node')} is not authorized`],
  ])('lets the agent on a node of "%s" do what the node’s role may do: %s', async (node, ok, message) => {
    const pod = at.sandbox.kubernetes.admitPod({ cluster: MAIN, namespace: 'shop', serviceAccount: 'orders', node });
    const { source } = await podCredentials(pod, { endpoint: at.sandbox.endpoint });
    expect(source.ok).toBe(ok);
    expect(at.sandbox.denials().at(-1)?.message ?? '').toContain(message);
  });

  it('counts its calls by action', async () => {
    const before = at.sandbox.callCounts()['eks:DescribeCluster'] ?? 0;
    await eks().send(new DescribeClusterCommand({ name: 'main' }));
    expect(at.sandbox.callCounts()['eks:DescribeCluster']).toBe(before + 1);
  });
});

describe('A seed', () => {
  const start = (cluster: Partial<SeedCluster>, world?: string) =>
    startSandbox({
      seed: seedWith(ROLES, { clusters: [{ ...MAIN, version: '1.33', ...cluster }] }),
      ...(world === undefined ? {} : { world }),
    });

  it.each<[string, Partial<SeedCluster>, RegExp]>([
    ['an add-on that nobody knows', { addons: [{ name: 'nonsense' }] }, /nonsense, which the sandbox does not know/],
    ['an add-on twice', { addons: [{ name: 'vpc-cni' }, { name: 'vpc-cni' }] }, /vpc-cni twice/],
    [
      'two associations of one service account',
      { associations: [1, 2].map(() => ({ namespace: 'a', serviceAccount: 'b', roleArn: roleArn('app') })) },
      /two associations of a\/b/,
    ],
    [
      'a Deployment without its service account',
      { manifests: [seedDeployment({ namespace: 'a', name: 'b', serviceAccount: 'c' })] },
      /Deployment a\/b uses service account c, which the seed does not have/,
    ],
    [
      'a kind that there is not',
      { manifests: [{ apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'x' } }] },
      /a Endpoints of v1, which the sandbox does not know/,
    ],
  ])('is refused for %s', async (_, cluster, message) => {
    await expect(start(cluster)).rejects.toThrow(message);
  });

  it('says nothing more of a cluster that was saved: what was deleted there stays so, and its nodes’ roles follow', async () => {
    const first = await start(CLUSTER);
    const { eks } = clients(first);
    expect(first.kubernetes.pods(MAIN, 'shop')).toHaveLength(2);
    for (const pod of first.kubernetes.pods(MAIN, 'shop')) first.kubernetes.deletePod(pod);
    await first.kubernetes.request(MAIN, {
      method: 'DELETE',
      path: '/api/v1/namespaces/shop/serviceaccounts/orders',
    });
    const listed = await eks.send(new ListPodIdentityAssociationsCommand({ clusterName: 'main' }));
    const world = first.save();
    await first.stop();
    const again = await start({ ...CLUSTER, nodeGroups: [{ name: 'good', nodeRole: roleArn('poor-node') }] }, world);
    try {
      const other = clients(again).eks;
      expect(await other.send(new ListPodIdentityAssociationsCommand({ clusterName: 'main' }))).toMatchObject({
        associations: listed.associations,
      });
      expect((await other.send(new ListNodegroupsCommand({ clusterName: 'main' }))).nodegroups).toEqual(['good']);
      expect(again.kubernetes.pods(MAIN, 'shop').map(({ name }) => name)).not.toContain('by-hand');
    } finally {
      await again.stop();
    }
  });

  it('gives Auto Mode’s nodes their role', async () => {
    const sandbox = await start({
      autoMode: true,
      nodeRoleArn: roleArn('poor-node'),
      associations: [{ namespace: 'a', serviceAccount: 'b', roleArn: roleArn('app') }],
    });
    try {
      const { cluster } = await clients(sandbox).eks.send(new DescribeClusterCommand({ name: 'main' }));
      expect(cluster?.computeConfig).toMatchObject({ enabled: true, nodeRoleArn: roleArn('poor-node') });
      const pod = sandbox.kubernetes.admitPod({ cluster: MAIN, namespace: 'a', serviceAccount: 'b' });
      expect((await podCredentials(pod, { endpoint: sandbox.endpoint })).source.ok).toBe(false);
    } finally {
      await sandbox.stop();
    }
  });
});
