import { CreateAddonCommand, CreatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { awsPorts } from '../../../src/estate/aws/awsPorts';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  ISSUER,
  MAIN,
  OTHER,
  podTrust,
  policy,
  PROVIDER,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from '../../sandbox/testSandbox';

const apps = { key: 'apps', id: APPS };
const data = { key: 'data', id: DATA, deployRole: roleArn('podlift-deploy', DATA) };
const trust = policy(podTrust());
const before = { ...process.env };
const READER = `arn:aws:iam::${APPS}:policy/team/reader`;
const READ = allow('s3:GetObject', 'arn:aws:s3:::logs/ä b/*');
const WRITE = allow('s3:PutObject');
const ADDONS = [
  { name: 'coredns', version: 'v1.11.3-eksbuild.1', configuration: '{"replicaCount":2}', tags: { team: 'net' } },
  { name: 'vpc-cni', serviceAccountRoleArn: roleArn('cni') },
  {
    name: 'aws-ebs-csi-driver',
    podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: roleArn('csi') }],
  },
];
/** A time of AWS. */
const A_TIME: unknown = expect.stringMatching(/^\d{4}-.*Z$/);
const ORDERS = {
  name: 'orders',
  path: '/podlift/',
  arn: `arn:aws:iam::${APPS}:role/podlift/orders`,
  trust,
  description: 'what orders may do',
  permissionsBoundary: READER,
  maxSessionDuration: 7200,
  tags: { team: 'shop', empty: '' },
  createdAt: A_TIME,
  lastUsed: '2026-11-01T00:00:00.000Z',
};
const LIMITED = {
  namespace: 'shop',
  serviceAccount: 'limited',
  roleArn: roleArn('x'),
  disableSessionTags: true,
  policy: JSON.stringify(READ),
};
const TAGGED = { namespace: 'shop', serviceAccount: 'orders', roleArn: roleArn('x'), tags: { by: 'hand' } };

const holder = useSandbox(() => ({
  seed: seedWith(
    [
      {
        account: APPS,
        name: 'orders',
        path: '/podlift/',
        description: 'what orders may do',
        trust,
        inline: { read: READ, 'write=1': WRITE },
        attached: [READER, 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
        permissionsBoundary: READER,
        maxSessionDuration: 7200,
        tags: { team: 'shop', empty: '' },
        lastUsed: '2026-11-01T00:00:00.000Z',
      },
      { account: APPS, name: 'bare', trust: policy() },
      { account: DATA, name: 'ledger', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) },
      {
        account: DATA,
        name: 'podlift-deploy',
        trust: policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession'])),
        inline: { read: allow('iam:GetRole') },
      },
      {
        account: DATA,
        name: 'podlift-read',
        trust: policy(accountTrust(APPS, 'sts:AssumeRole')),
        inline: { read: allow('iam:GetOpenIDConnectProvider') },
      },
    ],
    {
      policies: [{ arn: READER, document: READ }],
      clusters: [
        { ...MAIN, version: '1.33', issuer: ISSUER, autoMode: true, nodeRoleArn: roleArn('auto-node') },
        {
          ...OTHER,
          version: '1.33',
          nodeGroups: Array.from({ length: 105 }, (_, index) => ({
            name: `group-${index}`,
            nodeRole: roleArn('node'),
          })),
        },
        { ...OTHER, name: 'grown', version: '1.33', addons: ADDONS, associations: [TAGGED, LIMITED] },
      ],
    },
  ),
}));

beforeAll(() => {
  Object.assign(process.env, holder.sandbox.environment());
});
afterAll(() => {
  process.env = before;
});

const port = () => awsPorts()(apps, REGION);
/** An answer with AWS's time. */
const answer = (value: unknown) => ({ ok: true, value, at: A_TIME });

describe('the adapter of AWS, at the sandbox', () => {
  it('describes a cluster, and knows when there is none', async () => {
    expect(await port().describeCluster('main')).toEqual(
      answer(expect.objectContaining({ version: '1.33', platformVersion: 'eks.1', autoMode: true, issuer: ISSUER })),
    );
    expect(await port().describeCluster('nowhere')).toEqual(answer(undefined));
  });

  it('reads a role with its path and its trust as a document', async () => {
    expect(await port().role('orders')).toMatchObject({
      ok: true,
      value: { arn: `arn:aws:iam::${APPS}:role/podlift/orders`, trust },
    });
    expect(await port().role('nobody')).toEqual(answer(undefined));
  });

  it('reads all that there is to know of a role', async () => {
    expect(await port().role('orders')).toEqual(answer(ORDERS));
    expect(await port().role('bare')).toEqual(
      answer({
        name: 'bare',
        path: '/',
        arn: roleArn('bare'),
        trust: policy(),
        maxSessionDuration: 3600,
        tags: {},
        createdAt: A_TIME,
      }),
    );
  });

  it('reads what is attached to a role and what stands in it', async () => {
    expect(await port().rolePolicies('orders')).toEqual(
      answer({
        attached: [READER, 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess'],
        inline: { read: READ, 'write=1': WRITE },
      }),
    );
    expect(await port().rolePolicies('bare')).toEqual(answer({ attached: [], inline: {} }));
    expect(await port().rolePolicies('nobody')).toEqual(answer(undefined));
  });

  it('reads managed policies, AWS’s own too', async () => {
    expect(await port().managedPolicy(READER)).toEqual(answer(READ));
    expect(await port().managedPolicy('arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess')).toMatchObject({
      ok: true,
      value: { Statement: [{ Action: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'] }] },
    });
    expect(await port().managedPolicy(`${READER}-2`)).toEqual(answer(undefined));
  });

  it('reads all roles of an account with their policies, each as it is read by itself', async () => {
    const found = await port().accountRoles();
    const roles = found.ok ? found.value : [];
    expect(roles.map(({ role: { name } }) => name).sort()).toEqual(['bare', 'orders']);
    for (const { role, policies } of roles) {
      expect(await port().role(role.name)).toMatchObject({ ok: true, value: role });
      expect(await port().rolePolicies(role.name)).toMatchObject({ ok: true, value: policies });
    }
    expect(roles.find(({ role: { name } }) => name === 'orders')?.role).toEqual(ORDERS);
  });

  it('reads all managed policies of an account, in their default versions', async () => {
    const { iam } = clients(holder.sandbox);
    const found = await port().accountPolicies();
    expect(found.ok && found.value).toEqual({ [READER]: READ });
    const version = { PolicyArn: READER, PolicyDocument: JSON.stringify(WRITE) };
    const { PolicyVersion } = await iam.send(new CreatePolicyVersionCommand({ ...version, SetAsDefault: true }));
    const changed = await port().accountPolicies();
    expect(changed.ok && changed.value).toEqual({ [READER]: WRITE });
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: READER, VersionId: 'v1' }));
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: READER, VersionId: PolicyVersion?.VersionId ?? '' }));
  });

  it('reads OIDC providers', async () => {
    expect(await port().oidcProvider(PROVIDER)).toEqual(
      answer({ arn: PROVIDER, audiences: ['sts.amazonaws.com'], tags: {} }),
    );
    expect(await port().oidcProvider(`${PROVIDER}0`)).toEqual(answer(undefined));
  });

  it('lists node groups with their roles, however many pages they have, and knows the role of Auto Mode', async () => {
    const groups = await port().nodeGroups('other');
    expect(groups.ok && new Set(groups.value.map(({ name }) => name)).size).toBe(105);
    expect(groups.ok && groups.value[0]).toEqual({ name: 'group-0', nodeRole: roleArn('node') });
    expect(await port().describeCluster('main')).toMatchObject({ value: { nodeRoleArn: roleArn('auto-node') } });
  });

  it('lists add-ons with their roles, and associations with tags and owner', async () => {
    const addons = await port().addons('grown');
    const byName = Object.fromEntries(addons.ok ? addons.value.map((addon) => [addon.name, addon]) : []);
    expect(byName).toEqual({
      coredns: {
        name: 'coredns',
        arn: expect.stringContaining(':addon/grown/coredns/'),
        status: 'ACTIVE',
        version: 'v1.11.3-eksbuild.1',
        issues: [],
        configuration: '{"replicaCount":2}',
        associationArns: [],
        tags: { team: 'net' },
      },
      'vpc-cni': expect.objectContaining({ serviceAccountRoleArn: roleArn('cni') }),
      'aws-ebs-csi-driver': expect.objectContaining({ associationArns: [expect.stringContaining('/a-')] }),
    });
    const associations = await port().associations('grown');
    const ofAccount = Object.fromEntries(
      associations.ok ? associations.value.map((one) => [one.serviceAccount, one]) : [],
    );
    expect(ofAccount.orders).toMatchObject({ tags: { by: 'hand' } });
    expect(ofAccount.orders).not.toHaveProperty('ownerArn');
    expect(ofAccount.orders).not.toHaveProperty('sessionPolicy');
    expect(ofAccount.limited).toMatchObject({ disableSessionTags: true, sessionPolicy: READ });
    expect(ofAccount['ebs-csi-controller-sa']).toMatchObject({ ownerArn: byName['aws-ebs-csi-driver']?.arn, tags: {} });
  });

  it('reads the agent’s add-on', async () => {
    expect(await port().addon('other', 'eks-pod-identity-agent')).toEqual(answer(undefined));
    await clients(holder.sandbox).eks.send(
      new CreateAddonCommand({ clusterName: 'other', addonName: 'eks-pod-identity-agent' }),
    );
    expect(await port().addon('other', 'eks-pod-identity-agent')).toMatchObject({
      ok: true,
      value: { version: expect.stringMatching(/^v/) },
    });
  });

  it('lists more than a hundred associations, each with its role', async () => {
    const { eks } = clients(holder.sandbox);
    const arn = `arn:aws:iam::${APPS}:role/podlift/orders`;
    for (let index = 0; index < 105; index++)
      await eks.send(
        new CreatePodIdentityAssociationCommand({
          clusterName: 'other',
          namespace: index < 103 ? 'shop' : 'media',
          serviceAccount: `worker-${index}`,
          roleArn: arn,
        }),
      );
    const all = await port().associations('other');
    expect(all.ok && all.value.length).toBe(105);
    expect(all.ok && all.value.every(({ roleArn: role }) => role === arn)).toBe(true);
  });

  it('describes the associations that are wanted, and no others', async () => {
    const asked = async (...wanted: { namespace: string; serviceAccount: string }[]) => {
      const before = holder.sandbox.callCounts();
      const associations = await port().associations('other', wanted);
      const after = holder.sandbox.callCounts();
      const calls = (action: string) => (after[`eks:${action}`] ?? 0) - (before[`eks:${action}`] ?? 0);
      const found = associations.ok && associations.value.map(({ serviceAccount }) => serviceAccount);
      return { found, lists: calls('ListPodIdentityAssociations'), reads: calls('DescribePodIdentityAssociation') };
    };
    const of = (index: number, namespace = 'shop') => ({ namespace, serviceAccount: `worker-${index}` });
    expect(await asked(of(7))).toEqual({ found: ['worker-7'], lists: 1, reads: 1 });
    // Two pages of the cluster's list; worker-104 is of another namespace.
    expect(await asked(of(7), of(99), of(104), of(104, 'media'))).toEqual({
      found: expect.arrayContaining(['worker-7', 'worker-99', 'worker-104']),
      lists: 2,
      reads: 3,
    });
    expect(await asked(of(500))).toEqual({ found: [], lists: 1, reads: 0 });
    expect(await asked()).toEqual({ found: [], lists: 0, reads: 0 });
  });

  it('reaches another account by its deploy role, with the rights of that role', async () => {
    const other = awsPorts()(data, REGION);
    expect(await other.role('ledger')).toMatchObject({ ok: true, value: { arn: roleArn('ledger', DATA) } });
    expect(await other.describeCluster('main')).toMatchObject({ ok: false, why: 'denied' });
  });

  it('reads by the read role where there is one, with the rights of that role', async () => {
    const reader = awsPorts()({ ...data, readRole: roleArn('podlift-read', DATA) }, REGION);
    expect(await reader.oidcProvider(PROVIDER.replace(APPS, DATA))).toEqual(answer(undefined));
    expect(await reader.role('ledger')).toMatchObject({ ok: false, why: 'denied' });
  });

  it('refuses to ask one account with the credentials of another', async () => {
    expect(await awsPorts()({ key: 'data', id: DATA }, REGION).role('ledger')).toMatchObject({
      ok: false,
      why: 'denied',
    });
  });
});
