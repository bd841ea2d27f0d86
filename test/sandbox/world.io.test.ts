import {
  CreatePodIdentityAssociationCommand,
  DescribeClusterCommand,
  DescribePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import { CreateRoleCommand, GetRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { podCredentials } from '../../src/sandbox/podCredentials';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/startSandbox';
import {
  accountTrust,
  APPS,
  clients,
  DATA,
  errorOf,
  irsaTrust,
  ISSUER,
  MAIN,
  podTrust,
  policy,
  roleArn,
  seedWith,
} from './testSandbox';

const started: Sandbox[] = [];
async function start(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  started.push(sandbox);
  return sandbox;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((sandbox) => sandbox.stop()));
});

const SEED = seedWith([{ account: APPS, name: 'app', trust: policy(podTrust(), irsaTrust('n', 's')) }]);

const WITHOUT_ROLES = '{"version":1,"ambientAccount":"1","accounts":{"1":{"id":"1"}},"clusters":{}}';

describe('A saved sandbox', () => {
  it('goes on where it ended: ids, dates, associations and signing keys', async () => {
    const first = await start({ seed: SEED });
    const { association } = await clients(first).eks.send(
      new CreatePodIdentityAssociationCommand({
        clusterName: 'main',
        namespace: 'n',
        serviceAccount: 's',
        roleArn: roleArn('app'),
      }),
    );
    const { Role: before } = await clients(first).iam.send(new GetRoleCommand({ RoleName: 'app' }));
    const token = first.kubernetes.createToken(MAIN, {
      namespace: 'n',
      serviceAccount: 's',
      audience: 'sts.amazonaws.com',
      expiration: 600,
    });
    const world = first.save();

    const more = { account: APPS, name: 'third', region: 'us-west-2', version: '1.33' };
    const second = await start({ seed: { ...SEED, clusters: [...SEED.clusters, more], roles: [] }, world });
    const id = { clusterName: 'main', associationId: association?.associationId };
    expect((await clients(second).eks.send(new DescribePodIdentityAssociationCommand(id))).association).toEqual(
      association,
    );
    expect((await clients(second).iam.send(new GetRoleCommand({ RoleName: 'app' }))).Role).toEqual(before);
    expect(
      (await clients(second).eks.send(new DescribeClusterCommand({ name: 'third' }))).cluster?.identity?.oidc?.issuer,
    ).toMatch(/^https:\/\//);
    const assume = { RoleArn: roleArn('app'), RoleSessionName: 'again', WebIdentityToken: token };
    await expect(clients(second).sts.send(new AssumeRoleWithWebIdentityCommand(assume))).resolves.toBeDefined();
    const pod = second.kubernetes.admitPod({ cluster: MAIN, namespace: 'n', serviceAccount: 's' });
    expect((await podCredentials(pod, { endpoint: second.endpoint })).source.ok).toBe(true);
    await clients(second).iam.send(
      new CreateRoleCommand({ RoleName: '__proto__', AssumeRolePolicyDocument: JSON.stringify(policy(podTrust())) }),
    );
    const third = await start({ seed: SEED, world: second.save() });
    expect((await clients(third).iam.send(new GetRoleCommand({ RoleName: '__proto__' }))).Role?.RoleName).toBe(
      '__proto__',
    );
  });

  it('gains what the seed has and it does not, and keeps what stands in both', async () => {
    const first = await start({ seed: SEED });
    const { Role: before } = await clients(first).iam.send(new GetRoleCommand({ RoleName: 'app' }));
    const role = { account: APPS, name: 'deploy', trust: policy(podTrust()) };
    const later = await start({ seed: { ...SEED, roles: [...(SEED.roles ?? []), role] }, world: first.save() });
    const { iam } = clients(later);
    expect((await iam.send(new GetRoleCommand({ RoleName: 'deploy' }))).Role?.RoleName).toBe('deploy');
    expect((await iam.send(new GetRoleCommand({ RoleName: 'app' }))).Role).toEqual(before);
  });

  it('takes issuer, version and Auto Mode of a cluster from the seed, and keeps what stands on it', async () => {
    const first = await start({ seed: SEED });
    const ask = { clusterName: 'main', namespace: 'n', serviceAccount: 's', roleArn: roleArn('app') };
    await clients(first).eks.send(new CreatePodIdentityAssociationCommand(ask));
    const clusters = SEED.clusters.map((cluster) => ({
      ...cluster,
      version: '1.34',
      autoMode: false,
      ...(cluster.name === 'main' ? { issuer: `${ISSUER}FF` } : {}),
    }));
    const later = await start({ seed: { ...SEED, clusters }, world: first.save() });
    const { eks } = clients(later);
    expect((await eks.send(new DescribeClusterCommand({ name: 'main' }))).cluster).toMatchObject({
      version: '1.34',
      computeConfig: { enabled: false },
      identity: { oidc: { issuer: `${ISSUER}FF` } },
    });
    const list = new ListPodIdentityAssociationsCommand({ clusterName: 'main' });
    expect((await eks.send(list)).associations).toHaveLength(1);
  });

  it.each([
    '',
    '{}',
    '[]',
    '{"version":1,"accounts":[],"clusters":{}}',
    WITHOUT_ROLES,
    '{"version":2,"accounts":{},"clusters":{}}',
  ])('is refused when it is none: %s', async (world) => {
    await expect(start({ seed: SEED, world })).rejects.toThrow();
  });
});

describe('A seed', () => {
  it.each([
    ['a cluster twice', { clusters: [...SEED.clusters, ...SEED.clusters] }, 'twice'],
    ['a role twice', { roles: [...(SEED.roles ?? []), ...(SEED.roles ?? [])] }, 'twice'],
    ['a policy whose ARN is none', { policies: [{ arn: 'boundary', document: policy() }] }, 'boundary'],
    [
      'a role with a policy that is not there',
      {
        roles: [
          { account: APPS, name: 'x', trust: policy(podTrust()), attached: [`arn:aws:iam::${APPS}:policy/none`] },
        ],
      },
      'NoSuchEntity',
    ],
  ])('with %s is refused', async (_what, change, words) => {
    await expect(start({ seed: { ...SEED, ...change } })).rejects.toThrow(words);
  });

  it('may say that quotas of an account were raised; the others keep the default', async () => {
    const sandbox = await start({ seed: { ...SEED, quotas: { [DATA]: { trustPolicyLength: 4096 } } } });
    const trust = JSON.stringify(policy(podTrust({ 'aws:SourceAccount': 'x'.repeat(3000) })));
    const long = new CreateRoleCommand({ RoleName: 'long', AssumeRolePolicyDocument: trust });
    await expect(clients(sandbox, DATA).iam.send(long)).resolves.toBeDefined();
    expect(await errorOf(clients(sandbox, APPS).iam.send(long))).toMatchObject({ name: 'LimitExceededException' });
  });

  it('may be of another partition', async () => {
    const cluster = { account: '333333333333', name: 'gov', region: 'us-gov-west-1', version: '1.33' };
    const role = {
      account: '333333333333',
      name: 'app',
      trust: policy(accountTrust('333333333333', 'sts:AssumeRole')),
    };
    const sandbox = await start({
      seed: { ambientAccount: '333333333333', clusters: [cluster], roles: [role] },
    });
    const { Role } = await clients(sandbox, '333333333333').iam.send(new GetRoleCommand({ RoleName: 'app' }));
    expect(Role?.Arn).toBe('arn:aws-us-gov:iam::333333333333:role/app');
  });

  it('cannot be started on a port that is taken', async () => {
    const first = await start({ seed: SEED });
    await expect(start({ seed: SEED, port: Number(new URL(first.endpoint).port) })).rejects.toThrow('EADDRINUSE');
    await first.stop();
    const error = await errorOf(clients(first).iam.send(new GetRoleCommand({ RoleName: 'app' })));
    expect(error.message).toContain('ECONNREFUSED');
  });
});
