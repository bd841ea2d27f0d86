import {
  CreateAddonCommand,
  DescribeAddonCommand,
  DescribeAddonConfigurationCommand,
  DescribeAddonVersionsCommand,
  UpdateAddonCommand,
} from '@aws-sdk/client-eks';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { APPS, clients, errorOf, podTrust, policy, REGION, roleArn, seedWith } from './testSandbox';

const AGENT = 'eks-pod-identity-agent';
const CLUSTERS = ['1.23', '1.33', '1.35', '1.36'];
const nameOf = (version: string) => `on-${version.replace('.', '-')}`;

const at = {} as { sandbox: Sandbox };
beforeEach(async () => {
  const roles = [{ account: APPS, name: 'app', trust: policy(podTrust()) }];
  const clusters = CLUSTERS.map((version) => ({ account: APPS, name: nameOf(version), region: REGION, version }));
  at.sandbox = await startSandbox({ seed: seedWith(roles, { clusters, oidcProviders: [] }) });
});
afterEach(() => at.sandbox.stop());

const eks = () => clients(at.sandbox).eks;
const create = (cluster: string, addonName: string, more: object = {}) =>
  eks().send(new CreateAddonCommand({ clusterName: nameOf(cluster), addonName, ...more }));
const describe1 = async (cluster: string, addonName: string) =>
  (await eks().send(new DescribeAddonCommand({ clusterName: nameOf(cluster), addonName }))).addon;
const association = (serviceAccount: string) => ({
  podIdentityAssociations: [{ serviceAccount, roleArn: roleArn('app') }],
});
const INVALID = { name: 'InvalidParameterException', status: 400 };

describe('The version of an add-on', () => {
  it.each([
    ['never existed', '1.33', AGENT, 'v9.9.9-eksbuild.1'],
    ['is between two that exist', '1.33', AGENT, 'v1.3.3-eksbuild.1'],
    ['exists for older clusters only', '1.35', AGENT, 'v1.3.4-eksbuild.1'],
    ['has another build', '1.33', AGENT, 'v1.3.4-eksbuild.2'],
    ['is newer than the newest', '1.33', 'vpc-cni', 'v1.99.0-eksbuild.1'],
    ['is older than the oldest that the cluster takes', '1.36', 'aws-ebs-csi-driver', 'v1.37.0-eksbuild.1'],
    ['is of newer clusters', '1.33', 'kube-proxy', 'v1.35.3-eksbuild.18'],
  ])('is refused when it %s', async (_, cluster, addonName, addonVersion) => {
    const message = 'Addon version specified is not supported';
    expect(await errorOf(create(cluster, addonName, { addonVersion }))).toEqual({ ...INVALID, message });
    await create(cluster, addonName);
    const update = new UpdateAddonCommand({ clusterName: nameOf(cluster), addonName, addonVersion });
    expect(await errorOf(eks().send(update))).toEqual({ ...INVALID, message });
  });

  it.each([
    ['1.33', AGENT, 'v1.3.4-eksbuild.1'],
    ['1.36', AGENT, 'v1.4.0-eksbuild.1'],
    ['1.33', 'aws-ebs-csi-driver', 'v1.40.0-eksbuild.1'],
  ])('is installed on %s: %s %s', async (cluster, addonName, addonVersion) => {
    await create(cluster, addonName, { addonVersion });
    expect(await describe1(cluster, addonName)).toMatchObject({ status: 'ACTIVE', addonVersion });
  });

  it('is the default of the cluster version when the request names none, which is not the newest', async () => {
    await create('1.36', AGENT);
    await create('1.33', 'coredns');
    expect((await describe1('1.36', AGENT))?.addonVersion).toBe('v1.3.10-eksbuild.3');
    expect((await describe1('1.33', 'coredns'))?.addonVersion).toBe('v1.12.4-eksbuild.18');
  });

  it('is no question for an add-on that EKS does not have, or not for this cluster', async () => {
    expect(await errorOf(create('1.33', 'nonsense'))).toEqual({
      ...INVALID,
      message: 'Addon specified is not supported',
    });
    expect(await errorOf(create('1.23', AGENT))).toEqual({
      ...INVALID,
      message: 'Addon eks-pod-identity-agent specified is not supported in 1.23 kubernetes version',
    });
  });
});

describe('DescribeAddonVersions', () => {
  const versions = async (input: object) =>
    (await eks().send(new DescribeAddonVersionsCommand(input))).addons?.map(
      ({ addonName, addonVersions }) => [addonName, addonVersions?.map(({ addonVersion }) => addonVersion)] as const,
    );

  it('lists what the cluster version takes, the newest first, and marks the default', async () => {
    const input = { addonName: AGENT, kubernetesVersion: '1.36' };
    expect(await versions(input)).toEqual([
      [
        AGENT,
        [
          'v1.4.0-eksbuild.1',
          'v1.3.10-eksbuild.3',
          'v1.3.10-eksbuild.2',
          'v1.3.10-eksbuild.1',
          'v1.3.9-eksbuild.5',
          'v1.3.9-eksbuild.3',
        ],
      ],
    ]);
    const { addons } = await eks().send(new DescribeAddonVersionsCommand(input));
    const defaults = addons?.[0]?.addonVersions?.filter(({ compatibilities }) => compatibilities?.[0]?.defaultVersion);
    expect(defaults?.map(({ addonVersion }) => addonVersion)).toEqual(['v1.3.10-eksbuild.3']);
  });

  it('lists every cluster version of a version when the request names none', async () => {
    const { addons } = await eks().send(new DescribeAddonVersionsCommand({ addonName: AGENT }));
    const first = addons?.[0]?.addonVersions?.find(({ addonVersion }) => addonVersion === 'v1.3.7-eksbuild.2');
    expect(first?.compatibilities).toHaveLength(12);
    expect(first?.compatibilities?.filter(({ defaultVersion }) => defaultVersion)).toHaveLength(3);
  });

  it.each([
    [{ owners: ['community'] }, ['external-dns', 'metrics-server']],
    [{ publishers: ['s3'] }, ['aws-mountpoint-s3-csi-driver']],
    [{ types: ['storage'], owners: ['community'] }, []],
    [{ types: ['security'] }, [AGENT]],
  ])('filters by %j', async (input, names) => {
    expect((await versions(input))?.map(([name]) => name).sort()).toEqual(names);
  });

  it.each([
    ['vpc-cni', true],
    ['external-dns', true],
    ['coredns', false],
    [AGENT, false],
    ['metrics-server', false],
    ['snapshot-controller', false],
    ['aws-fsx-csi-driver', true],
  ])('says whether %s needs permissions: %s', async (addonName, requiresIamPermissions) => {
    const { addons } = await eks().send(new DescribeAddonVersionsCommand({ addonName }));
    expect(addons?.[0]?.addonVersions?.[0]).toMatchObject({ requiresIamPermissions });
  });
});

describe('The configuration of an add-on', () => {
  const PREFIX = 'ConfigurationValue provided in request is not supported: Json schema validation failed with error: ';
  const UNDEFINED = 'is not defined in the schema and the schema does not allow additional properties';

  it.each([
    ['a misspelt member', AGENT, '{"agnt": {}}', `[$.agnt: ${UNDEFINED}]`],
    ['a member that a part lacks', AGENT, 'agent: { env: [] }', `[$.agent.env: ${UNDEFINED}]`],
    ['two mistakes', AGENT, '{"a": 1, "b": 2}', `[$.a: ${UNDEFINED}, $.b: ${UNDEFINED}]`],
    [
      'another type',
      AGENT,
      '{"agent": {"additionalArgs": "-b"}}',
      '[$.agent.additionalArgs: string found, [object, null] expected]',
    ],
    ['a list of texts', AGENT, '{"tolerations": ["all"]}', '[$.tolerations[0]: string found, object expected]'],
    ['nothing', AGENT, 'null', '[$: null found, object expected]'],
    ['a list', AGENT, '[1]', '[$: array found, object expected]'],
    ['a member of another add-on', 'coredns', '{"agent": {}}', `[$.agent: ${UNDEFINED}]`],
  ])('is refused for %s', async (_, addonName, configurationValues, errors) => {
    const refused = { ...INVALID, message: `${PREFIX}${errors}` };
    expect(await errorOf(create('1.33', addonName, { configurationValues }))).toEqual(refused);
    await create('1.33', addonName);
    const update = new UpdateAddonCommand({ clusterName: nameOf('1.33'), addonName, configurationValues });
    expect(await errorOf(eks().send(update))).toEqual(refused);
  });

  it.each([
    ['v1.3.2-eksbuild.2', { agent: { additionalArgs: { '-b': '169.254.170.23' } }, priorityClassName: 'high' }, true],
    ['v1.3.2-eksbuild.2', { daemonsets: { hybrid: { create: true } } }, false],
    ['v1.3.4-eksbuild.1', { daemonsets: { 'hybrid-bottlerocket': { create: true } } }, true],
    ['v1.3.9-eksbuild.5', { podLabels: { team: 'a' } }, false],
    ['v1.3.10-eksbuild.3', { podLabels: { team: 'a' } }, true],
    ['v1.3.10-eksbuild.3', { podLabels: { team: {} } }, false],
  ])('follows the version %s: %j', async (addonVersion, values, isTaken) => {
    const result = create('1.33', AGENT, { addonVersion, configurationValues: JSON.stringify(values) });
    expect(isTaken ? (await result).addon?.status : (await errorOf(result)).name).toBe(
      isTaken ? 'CREATING' : 'InvalidParameterException',
    );
  });

  it('is described by a schema, with the accounts of Pod Identity', async () => {
    const ofAgent = await eks().send(
      new DescribeAddonConfigurationCommand({ addonName: AGENT, addonVersion: 'v1.3.10-eksbuild.3' }),
    );
    expect(JSON.parse(ofAgent.configurationSchema ?? '')).toMatchObject({
      additionalProperties: false,
      properties: { agent: { properties: { additionalArgs: { type: ['object', 'null'] } } } },
    });
    expect(ofAgent.podIdentityConfiguration).toBeUndefined();
    const ofEbs = await eks().send(
      new DescribeAddonConfigurationCommand({ addonName: 'aws-ebs-csi-driver', addonVersion: 'v1.35.0-eksbuild.1' }),
    );
    expect(ofEbs.podIdentityConfiguration).toEqual([
      {
        serviceAccount: 'ebs-csi-controller-sa',
        recommendedManagedPolicies: ['arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy'],
      },
    ]);
    const wrong = new DescribeAddonConfigurationCommand({ addonName: AGENT, addonVersion: 'v9.0.0-eksbuild.1' });
    expect(await errorOf(eks().send(wrong))).toMatchObject(INVALID);
  });
});

describe('An association of an add-on without Pod Identity', () => {
  it.each([
    ['the version is too old', 'aws-mountpoint-s3-csi-driver', 'v1.11.0-eksbuild.1', 's3-csi-driver-sa'],
    ['the add-on has no permissions', 'metrics-server', 'v0.8.1-eksbuild.15', 'metrics-server'],
  ])('is refused: %s', async (_, addonName, addonVersion, account) => {
    const message = `Pod Identity feature is not supported for addon version: ${addonVersion}`;
    const refused = { ...INVALID, message };
    expect(await errorOf(create('1.33', addonName, { addonVersion, ...association(account) }))).toEqual(refused);
    await create('1.33', addonName, { addonVersion });
    const update = { clusterName: nameOf('1.33'), addonName, ...association(account) };
    expect(await errorOf(eks().send(new UpdateAddonCommand(update)))).toEqual(refused);
    expect((await describe1('1.33', addonName))?.podIdentityAssociations).toBeUndefined();
  });

  it.each([
    ['aws-efs-csi-driver', 'efs-csi-node-sa'],
    ['amazon-cloudwatch-observability', 'amazon-cloudwatch'],
  ])('is refused for an account that the version does not have: %s %s', async (addonName, account) => {
    expect(await errorOf(create('1.33', addonName, association(account)))).toEqual({
      ...INVALID,
      message: `Service account ${account} in pod identity configuration is not supported for addon ${addonName}`,
    });
  });

  it('is taken from the first version that has Pod Identity, also in the update to it', async () => {
    const s3 = 'aws-mountpoint-s3-csi-driver';
    await create('1.33', s3, { addonVersion: 'v1.11.0-eksbuild.1' });
    const update = { clusterName: nameOf('1.33'), addonName: s3, ...association('s3-csi-driver-sa') };
    await eks().send(new UpdateAddonCommand({ ...update, addonVersion: 'v2.0.0-eksbuild.1' }));
    expect((await describe1('1.33', s3))?.podIdentityAssociations).toHaveLength(1);
  });
});
