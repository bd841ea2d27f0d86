import {
  CreateAddonCommand,
  DeleteAddonCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeUpdateCommand,
  ListAddonsCommand,
  ListClustersCommand,
  ListFargateProfilesCommand,
  ListPodIdentityAssociationsCommand,
  UpdateAddonCommand,
} from '@aws-sdk/client-eks';
import { APPS, clients, errorOf, ISSUER, podTrust, policy, roleArn, seedWith, useSandbox } from './testSandbox';

const AGENT = { clusterName: 'main', addonName: 'eks-pod-identity-agent' };

describe('EKS add-ons and clusters', () => {
  const at = useSandbox(() => ({ seed: seedWith([{ account: APPS, name: 'app', trust: policy(podTrust()) }]) }));
  const eks = () => clients(at.sandbox).eks;

  it('install, update and go, the configuration kept to the letter', async () => {
    const configurationValues = '{ "agent": {"additionalArgs": {"-b": "169.254.170.23"}} }';
    const made = await eks().send(
      new CreateAddonCommand({ ...AGENT, addonVersion: 'v1.3.2-eksbuild.2', configurationValues, tags: { a: '1' } }),
    );
    expect(made.addon?.status).toBe('CREATING');
    expect((await eks().send(new DescribeAddonCommand(AGENT))).addon).toMatchObject({
      status: 'ACTIVE',
      addonVersion: 'v1.3.2-eksbuild.2',
      configurationValues,
      tags: { a: '1' },
      health: { issues: [] },
    });
    expect(await errorOf(eks().send(new CreateAddonCommand(AGENT)))).toMatchObject({
      name: 'ResourceInUseException',
      status: 409,
    });
    const { update } = await eks().send(new UpdateAddonCommand({ ...AGENT, addonVersion: 'v1.3.4-eksbuild.1' }));
    expect(update?.status).toBe('InProgress');
    const done = await eks().send(
      new DescribeUpdateCommand({ name: 'main', addonName: AGENT.addonName, updateId: update?.id }),
    );
    expect(done.update).toMatchObject({
      status: 'Successful',
      params: [{ type: 'AddonVersion', value: 'v1.3.4-eksbuild.1' }],
    });

    expect((await eks().send(new DescribeAddonCommand(AGENT))).addon).toMatchObject({
      addonVersion: 'v1.3.4-eksbuild.1',
      configurationValues,
    });
    expect((await eks().send(new ListAddonsCommand({ clusterName: 'main' }))).addons).toEqual([AGENT.addonName]);
    await eks().send(new DeleteAddonCommand(AGENT));
    expect(await errorOf(eks().send(new DescribeAddonCommand(AGENT)))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
  });

  it.each([
    ['a version of another form', { addonVersion: '1.3.4' }, 'version'],
    ['a version without a build', { addonVersion: 'v1.3.4' }, 'version'],
    ['a version with more behind it', { addonVersion: 'v1.3.4-eksbuild.1-x' }, 'version'],
    ['an add-on that nobody knows', { addonName: 'nonsense' }, 'not supported'],
    ['an add-on called constructor', { addonName: 'constructor' }, 'not supported'],
    ['a configuration that is no object', { configurationValues: '[1]' }, 'ConfigurationValue'],
  ])('are refused for %s', async (_reason, change, message) => {
    const error = await errorOf(eks().send(new CreateAddonCommand({ ...AGENT, ...change })));
    expect(error).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    expect(error.message).toContain(message);
  });

  it('own the associations they were made with, all of them or none', async () => {
    const cni = { clusterName: 'main', addonName: 'vpc-cni' };
    const wish = (serviceAccount: string, role: string) => ({ serviceAccount, roleArn: roleArn(role) });
    const owned = async () =>
      (await eks().send(new ListPodIdentityAssociationsCommand({ clusterName: 'main' }))).associations ?? [];
    const half = new CreateAddonCommand({
      ...cni,
      podIdentityAssociations: [wish('aws-node', 'app'), wish('second', 'none')],
    });
    expect(await errorOf(eks().send(half))).toMatchObject({ name: 'InvalidParameterException' });
    expect(await owned()).toEqual([]);
    const { addon } = await eks().send(
      new CreateAddonCommand({ ...cni, podIdentityAssociations: [wish('aws-node', 'app')] }),
    );
    expect(await owned()).toMatchObject([
      { namespace: 'kube-system', serviceAccount: 'aws-node', ownerArn: addon?.addonArn },
    ]);
    await eks().send(new DeleteAddonCommand(cni));
    expect(await owned()).toEqual([]);
  });

  it('stand on clusters that state their issuer', async () => {
    expect((await eks().send(new ListClustersCommand({}))).clusters).toEqual(['main', 'other']);
    const { cluster } = await eks().send(new DescribeClusterCommand({ name: 'main' }));
    expect(cluster).toMatchObject({
      status: 'ACTIVE',
      version: '1.33',
      identity: { oidc: { issuer: ISSUER } },
      computeConfig: { enabled: true },
    });
    expect(await errorOf(eks().send(new DescribeClusterCommand({ name: 'constructor' })))).toMatchObject({
      status: 404,
    });
    expect(await errorOf(eks().send(new DescribeAddonCommand({ ...AGENT, addonName: 'constructor' })))).toMatchObject({
      status: 404,
    });
  });

  it('leave what the sandbox does not have to a 501 that names it', async () => {
    expect(await errorOf(eks().send(new ListFargateProfilesCommand({ clusterName: 'main' })))).toEqual({
      name: 'NotImplemented',
      status: 501,
      message: 'the sandbox does not implement GET /clusters/main/fargate-profiles of eks',
    });
  });
});
