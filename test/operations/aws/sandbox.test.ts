import { CreateAddonCommand, CreatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { awsPorts } from '../../../operations/aws/awsPorts';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  ISSUER,
  podTrust,
  policy,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from '../../sandbox/testSandbox';

const apps = { key: 'apps', id: APPS };
const data = { key: 'data', id: DATA, deployRole: roleArn('podlift-deploy', DATA) };
const trust = policy(podTrust());
const before = { ...process.env };

const holder = useSandbox(() => ({
  seed: seedWith([
    { account: APPS, name: 'orders', path: '/podlift/', trust },
    { account: DATA, name: 'ledger', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) },
    {
      account: DATA,
      name: 'podlift-deploy',
      trust: policy(accountTrust(APPS, ['sts:AssumeRole', 'sts:TagSession'])),
      inline: { read: allow('iam:GetRole') },
    },
  ]),
}));

beforeAll(() => {
  Object.assign(process.env, holder.sandbox.environment());
});
afterAll(() => {
  process.env = before;
});

const port = () => awsPorts()(apps, REGION);

describe('the adapter of AWS, at the sandbox', () => {
  it('describes a cluster, and knows when there is none', async () => {
    expect(await port().describeCluster('main')).toEqual({
      ok: true,
      value: expect.objectContaining({ version: '1.33', platformVersion: 'eks.1', autoMode: true, issuer: ISSUER }),
    });
    expect(await port().describeCluster('nowhere')).toEqual({ ok: true, value: undefined });
  });

  it('reads a role with its path and its trust as a document', async () => {
    expect(await port().role('orders')).toMatchObject({
      ok: true,
      value: { arn: `arn:aws:iam::${APPS}:role/podlift/orders`, trust },
    });
    expect(await port().role('nobody')).toEqual({ ok: true, value: undefined });
  });

  it('reads the agent’s add-on', async () => {
    expect(await port().addon('other', 'eks-pod-identity-agent')).toEqual({ ok: true, value: undefined });
    await clients(holder.sandbox).eks.send(
      new CreateAddonCommand({ clusterName: 'other', addonName: 'eks-pod-identity-agent' }),
    );
    expect(await port().addon('other', 'eks-pod-identity-agent')).toMatchObject({
      ok: true,
      value: { version: expect.stringMatching(/^v/) },
    });
  });

  it('lists more than a hundred associations of a namespace, each with its role', async () => {
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
    const shop = await port().associations('other', 'shop');
    const one = await port().associations('other', 'shop', 'worker-7');
    expect([all, shop, one].map((answer) => (answer.ok ? answer.value.length : answer))).toEqual([105, 103, 1]);
    expect(shop.ok && shop.value.every(({ namespace, roleArn: role }) => namespace === 'shop' && role === arn)).toBe(
      true,
    );
  });

  it('reaches another account by its deploy role, with the rights of that role', async () => {
    const other = awsPorts()(data, REGION);
    expect(await other.role('ledger')).toMatchObject({ ok: true, value: { arn: roleArn('ledger', DATA) } });
    expect(await other.describeCluster('main')).toMatchObject({ ok: false, why: 'denied' });
  });

  it('refuses to ask one account with the credentials of another', async () => {
    expect(await awsPorts()({ key: 'data', id: DATA }, REGION).role('ledger')).toMatchObject({
      ok: false,
      why: 'denied',
    });
  });
});
