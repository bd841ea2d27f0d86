import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DeleteAddonCommand,
  DeletePodIdentityAssociationCommand,
  DescribeAddonCommand,
  ListPodIdentityAssociationsCommand,
  UpdateAddonCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { startSandbox, type Sandbox } from '../../src/sandbox/startSandbox';
import { kubectlOf } from './testCluster';
import { APPS, clients, errorOf, OTHER, OTHER_ISSUER, podTrust, policy, roleArn, seedWith } from './testSandbox';

const EBS = { clusterName: 'other', addonName: 'aws-ebs-csi-driver' };
const SA = { namespace: 'kube-system', serviceAccount: 'ebs-csi-controller-sa' };
const BOTH = [roleArn('csi'), roleArn('csi-2')] as const;
const at = {} as { sandbox: Sandbox };

beforeEach(async () => {
  const trust = policy(podTrust());
  const roles = ['csi', 'csi-2', 'untrusting'].map((name) => ({
    account: APPS,
    name,
    trust: name === 'untrusting' ? policy() : trust,
  }));
  const seed = seedWith(roles, { clusters: [{ ...OTHER, version: '1.33', issuer: OTHER_ISSUER }] });
  at.sandbox = await startSandbox({ seed });
});
afterEach(() => at.sandbox.stop());

const { read, kubectl } = kubectlOf(at, OTHER);
const eks = () => clients(at.sandbox).eks;
const give = (roleArnGiven: string, serviceAccount = SA.serviceAccount) => ({ roleArn: roleArnGiven, serviceAccount });
const create = (more: object) => eks().send(new CreateAddonCommand({ ...EBS, ...more }));
const update = (more: object) => eks().send(new UpdateAddonCommand({ ...EBS, ...more }));
const addon = async () => (await eks().send(new DescribeAddonCommand(EBS))).addon;
const associations = async () =>
  (await eks().send(new ListPodIdentityAssociationsCommand({ clusterName: 'other' }))).associations ?? [];
const pods = () => at.sandbox.kubernetes.pods(OTHER, 'kube-system');
const uses = () => pods().map((pod) => pod.uses);
const annotations = async () =>
  ((await read('get', 'sa', SA.serviceAccount, '-n', SA.namespace)) as { metadata: { annotations?: object } }).metadata
    .annotations ?? {};

describe('An add-on of IRSA', () => {
  it('annotates its service account, and its pods take web identity', async () => {
    await create({ serviceAccountRoleArn: BOTH[0] });
    expect(await annotations()).toEqual({ 'eks.amazonaws.com/role-arn': BOTH[0] });
    expect(uses()).toEqual(['irsa', 'irsa']);
    expect(pods()[0]?.env.AWS_ROLE_ARN).toBe(BOTH[0]);
  });

  it('restarts its pods with another role, and not with another version of the same', async () => {
    await create({ serviceAccountRoleArn: BOTH[0] });
    const first = pods().map(({ uid }) => uid);
    await update({ serviceAccountRoleArn: BOTH[0], configurationValues: '{}' });
    expect(pods().map(({ uid }) => uid)).toEqual(first);
    await update({ serviceAccountRoleArn: BOTH[1] });
    expect(pods().map(({ env }) => env.AWS_ROLE_ARN)).toEqual([BOTH[1], BOTH[1]]);
  });

  it('loses role and annotation with an update that leaves its role out', async () => {
    await create({ serviceAccountRoleArn: BOTH[0] });
    await update({ addonVersion: 'v1.37.0-eksbuild.1' });
    expect(await addon()).not.toHaveProperty('serviceAccountRoleArn');
    expect(await annotations()).toEqual({});
    expect(uses()).toEqual(['nothing', 'nothing']);
  });

  it('keeps what a person annotates while its own role stays as it is', async () => {
    await create({});
    await kubectl(['annotate', 'sa', SA.serviceAccount, '-n', SA.namespace, `eks.amazonaws.com/role-arn=${BOTH[1]}`]);
    await update({ configurationValues: '{}' });
    expect(await annotations()).toEqual({ 'eks.amazonaws.com/role-arn': BOTH[1] });
  });

  it.each([
    ['role of another account', 'arn:aws:iam::222222222222:role/csi'],
    ['empty role', ''],
  ])('takes no %s', async (_, serviceAccountRoleArn) => {
    const refused = {
      name: 'AccessDeniedException',
      status: 403,
      message: 'Cross-account pass role is not allowed.',
    };
    expect(await errorOf(create({ serviceAccountRoleArn }))).toEqual(refused);
    expect(await errorOf(addon())).toMatchObject({ status: 404 });
    await create({ serviceAccountRoleArn: BOTH[0] });
    expect(await errorOf(update({ serviceAccountRoleArn }))).toEqual(refused);
    expect((await addon())?.serviceAccountRoleArn).toBe(BOTH[0]);
  });
});

describe('An add-on with associations', () => {
  it('owns them, and its pods take Pod Identity, whatever its IRSA role is', async () => {
    await create({ podIdentityAssociations: [give(BOTH[0])], serviceAccountRoleArn: BOTH[1] });
    const [association] = await associations();
    expect(association).toMatchObject({ ...SA, ownerArn: (await addon())?.addonArn });
    expect((await addon())?.podIdentityAssociations).toEqual([association?.associationArn]);
    expect(uses()).toEqual(['pod-identity', 'pod-identity']);
  });

  it('puts them into its own namespace', async () => {
    await eks().send(
      new CreateAddonCommand({
        clusterName: 'other',
        addonName: 'amazon-cloudwatch-observability',
        podIdentityAssociations: [give(BOTH[0], 'cloudwatch-agent')],
      }),
    );
    expect(await associations()).toMatchObject([
      { namespace: 'amazon-cloudwatch', serviceAccount: 'cloudwatch-agent' },
    ]);
  });

  it('moves from IRSA in one update that names no role', async () => {
    await create({ serviceAccountRoleArn: BOTH[0] });
    const before = pods().map(({ uid }) => uid);
    await update({ podIdentityAssociations: [give(BOTH[0])] });
    expect(await annotations()).toEqual({});
    expect(uses()).toEqual(['pod-identity', 'pod-identity']);
    expect(pods().some(({ uid }) => before.includes(uid))).toBe(false);
  });

  it('keeps them when an update leaves the list out, and another role stands in the place of the one before', async () => {
    await create({ podIdentityAssociations: [give(BOTH[0])] });
    const [first] = await associations();
    await update({ configurationValues: '{}' });
    expect(await associations()).toEqual([first]);
    await update({ podIdentityAssociations: [give(BOTH[1])] });
    expect(await associations()).toEqual([first]);
    expect(JSON.parse(at.sandbox.save())).toMatchObject({
      clusters: {
        [`arn:aws:eks:us-west-2:${APPS}:cluster/other`]: {
          associations: { [first!.associationId!]: { roleArn: BOTH[1] } },
        },
      },
    });
  });

  it('loses them to an empty list', async () => {
    await create({ podIdentityAssociations: [give(BOTH[0])] });
    await update({ podIdentityAssociations: [] });
    expect([await associations(), (await addon())?.podIdentityAssociations, uses()]).toEqual([
      [],
      undefined,
      ['nothing', 'nothing'],
    ]);
  });

  it.each([
    ['create', () => create({ podIdentityAssociations: [give(BOTH[0])] })],
    ['update', () => create({}).then(() => update({ podIdentityAssociations: [give(BOTH[0])] }))],
  ])('cannot take over an association that is there: %s', async (_, change) => {
    await eks().send(new CreatePodIdentityAssociationCommand({ clusterName: 'other', ...SA, roleArn: BOTH[0] }));
    expect(await errorOf(change())).toMatchObject({ name: 'ResourceInUseException', status: 409 });
    expect((await associations()).map(({ ownerArn }) => ownerArn)).toEqual([undefined]);
  });

  it.each([
    ['a service account that is not its own', give(BOTH[0], 'aws-node'), /aws-node .* not supported for addon/],
    ['a role without the trust', give(roleArn('untrusting')), /Trust policy/],
  ])('is left as it was by an update with %s', async (_, wrong, message) => {
    await create({ podIdentityAssociations: [give(BOTH[0])] });
    const before = at.sandbox.save();
    const error = await errorOf(update({ podIdentityAssociations: [wrong] }));
    expect(error).toMatchObject({ name: 'InvalidParameterException', message: expect.stringMatching(message) });
    expect(at.sandbox.save()).toBe(before);
  });

  it('forgets one that is deleted directly, as EKS lets anyone do', async () => {
    await create({ podIdentityAssociations: [give(BOTH[0])] });
    const [{ associationId } = {}] = await associations();
    const one = { clusterName: 'other', associationId };
    await eks().send(new UpdatePodIdentityAssociationCommand({ ...one, roleArn: BOTH[1] }));
    await eks().send(new DeletePodIdentityAssociationCommand(one));
    expect((await addon())?.podIdentityAssociations).toBeUndefined();
  });

  it('goes with everything that it made, unless that is to be preserved', async () => {
    await create({ podIdentityAssociations: [give(BOTH[0])] });
    expect(uses()).toHaveLength(2);
    await eks().send(new DeleteAddonCommand({ ...EBS, preserve: true }));
    expect([uses().length, (await associations()).length]).toEqual([2, 1]);
    const [{ associationId } = {}] = await associations();
    await eks().send(new DeletePodIdentityAssociationCommand({ clusterName: 'other', associationId }));
    await kubectl(['delete', 'deployment', 'ebs-csi-controller', '-n', 'kube-system']);
    await create({ podIdentityAssociations: [give(BOTH[0])] });
    expect(uses()).toEqual(['pod-identity', 'pod-identity']);
    await eks().send(new DeleteAddonCommand(EBS));
    expect([uses(), await associations()]).toEqual([[], []]);
    expect((await kubectl(['get', 'sa', SA.serviceAccount, '-n', SA.namespace])).code).toBe(1);
  });

  it('lets its Deployment be restarted by hand', async () => {
    await create({});
    const before = pods().map(({ uid }) => uid);
    await kubectl(['rollout', 'restart', 'deployment/ebs-csi-controller', '-n', 'kube-system']);
    const after = pods().map(({ uid }) => uid);
    expect(after.some((uid) => before.includes(uid))).toBe(false);
    expect(pods().map(({ uid }) => uid)).toEqual(after);
  });
});
