import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DescribeAddonCommand,
  DescribeUpdateCommand,
  ListPodIdentityAssociationsCommand,
  UpdateAddonCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { kubectlOf } from './testCluster';
import { APPS, clients, errorOf, OTHER, OTHER_ISSUER, podTrust, policy, roleArn, seedWith } from './testSandbox';

const AGENT = { clusterName: 'other', addonName: 'eks-pod-identity-agent' };
const NEVER = 3_600_000;
const at = {} as { sandbox: Sandbox };

/** An agent that somebody installed with kubectl. */
const SELF_MANAGED = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: AGENT.addonName, namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { 'app.kubernetes.io/name': AGENT.addonName } },
    template: {
      metadata: { labels: { 'app.kubernetes.io/name': AGENT.addonName } },
      spec: { containers: [{ name: AGENT.addonName, image: 'mirror.example.com/agent:1' }] },
    },
  },
};

async function start(manifests: (typeof SELF_MANAGED)[] = []) {
  const roles = [{ account: APPS, name: 'app', trust: policy(podTrust()) }];
  const clusters = [{ ...OTHER, version: '1.33', issuer: OTHER_ISSUER, manifests }];
  at.sandbox = await startSandbox({ seed: seedWith(roles, { clusters }) });
}
afterEach(() => at.sandbox.stop());

const eks = () => clients(at.sandbox).eks;
const create = (more: object = {}) => eks().send(new CreateAddonCommand({ ...AGENT, ...more }));
const update = (more: object = {}) => eks().send(new UpdateAddonCommand({ ...AGENT, ...more }));
const addon = async () => (await eks().send(new DescribeAddonCommand(AGENT))).addon;
const INVALID = { name: 'InvalidParameterException', status: 400 };
const { read } = kubectlOf(at, OTHER);
const image = async () => {
  const daemonSet = (await read('get', 'daemonset', AGENT.addonName, '-n', 'kube-system')) as typeof SELF_MANAGED;
  return daemonSet.spec.template.spec.containers[0]?.image;
};

describe('An add-on that changes', () => {
  beforeEach(() => start());

  it('cannot be updated before it is ready', async () => {
    at.sandbox.setTiming({ addonMs: NEVER });
    await create();
    const busy = (state: string) => ({
      name: 'ResourceInUseException',
      status: 409,
      message: `Addon eks-pod-identity-agent cannot be updated as it is currently in ${state} state`,
    });
    expect(await errorOf(update())).toEqual(busy('CREATING'));
  });

  it('has an update in progress until it is ready, which only a request with the add-on finds', async () => {
    await create();
    at.sandbox.setTiming({ addonMs: NEVER });
    const { id: updateId } = (await update({ configurationValues: '{}' })).update ?? {};
    const describeUpdate = (more: object) =>
      eks().send(new DescribeUpdateCommand({ name: 'other', updateId, ...more }));
    expect((await describeUpdate({ addonName: AGENT.addonName })).update?.status).toBe('InProgress');
    expect((await addon())?.status).toBe('UPDATING');
    expect((await errorOf(update())).message).toMatch(/currently in UPDATING state$/);
    for (const more of [{}, { addonName: 'vpc-cni' }]) {
      expect(await errorOf(describeUpdate(more))).toEqual({
        name: 'ResourceNotFoundException',
        status: 404,
        message: `No update found for ID: ${String(updateId)}`,
      });
    }
  });

  it.each([
    ['create', 'PRESERVE', 'Resolve conflicts option preserve is not supported for operation CreateAddon'],
    ['create', 'FORCE', expect.stringContaining('resolveConflicts')],
    ['update', 'FORCE', expect.stringContaining('resolveConflicts')],
  ] as const)('refuses in %s resolveConflicts %s', async (action, resolveConflicts, message) => {
    if (action === 'update') await create();
    const result = action === 'create' ? create({ resolveConflicts }) : update({ resolveConflicts });
    expect(await errorOf(result)).toEqual({ ...INVALID, message });
  });

  it('answers its namespace, and puts its associations there', async () => {
    const ebs = { clusterName: 'other', addonName: 'aws-ebs-csi-driver' };
    const podIdentityAssociations = [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: roleArn('app') }];
    await create();
    expect((await addon())?.namespaceConfig).toEqual({ namespace: 'kube-system' });
    const more = { namespaceConfig: { namespace: 'storage' }, podIdentityAssociations };
    const made = await eks().send(new CreateAddonCommand({ ...ebs, ...more }));
    expect(made.addon?.namespaceConfig).toEqual({ namespace: 'storage' });
    const { associations } = await eks().send(new ListPodIdentityAssociationsCommand({ clusterName: 'other' }));
    expect(associations?.map(({ namespace }) => namespace)).toEqual(['storage']);
    const wrong = new CreateAddonCommand({
      clusterName: 'other',
      addonName: 'vpc-cni',
      namespaceConfig: { namespace: 'Not_A_Label' },
    });
    expect(await errorOf(eks().send(wrong))).toMatchObject(INVALID);
  });
});

describe('An agent that somebody installed', () => {
  beforeEach(() => start([SELF_MANAGED]));

  it.each([
    ['names no mode', {}],
    ['says NONE', { resolveConflicts: 'NONE' as const }],
  ])('stops an add-on whose request %s', async (_, more) => {
    expect((await create(more)).addon?.status).toBe('CREATING');
    const { status, health } = (await addon()) ?? {};
    expect(status).toBe('CREATE_FAILED');
    expect(health?.issues?.[0]).toMatchObject({
      code: 'ConfigurationConflict',
      message: expect.stringMatching(
        /^Conflicts found when trying to apply\. Will not continue due to resolve conflicts mode\. Conflicts:\n(.*\n)*DaemonSet\.apps eks-pod-identity-agent - \.spec\.template\.spec\.containers\[name="eks-pod-identity-agent"\]\.image/,
      ),
    });
    expect(await image()).toBe('mirror.example.com/agent:1');
    await update({ resolveConflicts: 'OVERWRITE' });
    expect((await addon())?.status).toBe('ACTIVE');
    expect(await image()).toMatch(/^eks\/eks-pod-identity-agent:v1/);
  });

  it('is replaced by an add-on that says OVERWRITE', async () => {
    await create({ resolveConflicts: 'OVERWRITE' });
    expect((await addon())?.status).toBe('ACTIVE');
    expect(await image()).toMatch(/^eks\/eks-pod-identity-agent:v1/);
  });

  it('fails the update that says NONE, and stays under PRESERVE', async () => {
    await create();
    const { id: updateId } = (await update({ resolveConflicts: 'NONE' })).update ?? {};
    const { update: done } = await eks().send(
      new DescribeUpdateCommand({ name: 'other', updateId, addonName: AGENT.addonName }),
    );
    expect(done).toMatchObject({ status: 'Failed', errors: [{ errorCode: 'ConfigurationConflict' }] });
    expect((await addon())?.status).toBe('UPDATE_FAILED');
    await update({ resolveConflicts: 'PRESERVE' });
    expect([(await addon())?.status, await image()]).toEqual(['ACTIVE', 'mirror.example.com/agent:1']);
  });
});

describe('An association', () => {
  beforeEach(() => start());

  it('refuses an update that names no change, and a role of another account', async () => {
    const of = { clusterName: 'other', namespace: 'shop', serviceAccount: 'api' };
    const made = await eks().send(new CreatePodIdentityAssociationCommand({ ...of, roleArn: roleArn('app') }));
    const change = (more: object) =>
      eks().send(
        new UpdatePodIdentityAssociationCommand({
          clusterName: 'other',
          associationId: made.association?.associationId,
          ...more,
        }),
      );
    expect(await errorOf(change({}))).toMatchObject(INVALID);
    expect((await change({ roleArn: roleArn('app') })).association?.roleArn).toBe(roleArn('app'));
    expect(await errorOf(change({ roleArn: 'arn:aws:iam::222222222222:role/app' }))).toEqual({
      name: 'AccessDeniedException',
      status: 403,
      message: 'Cross-account pass role is not allowed.',
    });
  });
});
