import { objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import { podCredentials } from '../../../src/sandbox/podCredentials';
import { kubectlOf } from '../testCluster';
import { APPS, irsaTrust, ISSUER, MAIN, policy, roleArn, seedWith, useSandbox } from '../testSandbox';
import { apiOf, metadataOf, nameOf, terminates } from './testApi';

const TERMINATION = 10_000;
const ROLE = { account: APPS, name: 'app', trust: policy(irsaTrust('shop', 'orders')) };
const CLUSTER = {
  ...MAIN,
  version: '1.33',
  issuer: ISSUER,
  nodes: ['one', 'two'].map((name) => ({ name, compute: 'ec2' as const })),
  serviceAccounts: [
    { namespace: 'shop', name: 'orders', annotations: { 'eks.amazonaws.com/role-arn': roleArn('app') } },
  ],
};
const labels = { app: 'orders' };
const template = {
  metadata: { labels },
  spec: { serviceAccountName: 'orders', containers: [{ name: 'app', image: 'i' }] },
};
const workload = (kind: string, name: string, spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: { ...(kind === 'DaemonSet' ? {} : { replicas: 2 }), selector: { matchLabels: labels }, template, ...spec },
});

describe('A pod that is deleted', () => {
  let now = Date.now();
  const at = useSandbox(() => ({
    seed: seedWith([ROLE], { clusters: [CLUSTER] }),
    clock: () => new Date(now),
    podTerminationMs: TERMINATION,
  }));
  const { create, get, list, merge, path, remove, send } = apiOf(at);
  const tick = (ms: number) => {
    now += ms;
  };
  const pods = async () => (await list('pods')).map((pod) => [nameOf(pod), terminates(pod)] as const);
  const restart = (plural: string, name: string, value: string) =>
    merge(plural, name, { spec: { template: { metadata: { annotations: { restarted: value } } } } });
  afterEach(async () => {
    for (const kind of ['deployments', 'statefulsets', 'daemonsets']) {
      for (const object of await list(kind)) await remove(kind, nameOf(object));
    }
    await send('DELETE', path('pods'), { gracePeriodSeconds: 0 });
  });
  const admit = (name: string) =>
    at.sandbox.kubernetes.admitPod({ cluster: MAIN, namespace: 'shop', serviceAccount: 'orders', name });

  it('stays until its termination is over, with its credentials', async () => {
    const pod = admit('hand');
    const { status, body } = await remove('pods', 'hand');
    expect([status, metadataOf(body).deletionGracePeriodSeconds]).toEqual([200, 30]);
    expect(metadataOf(body).deletionTimestamp).toBe(new Date(now + 30_000).toISOString().replace(/\.\d+/, ''));
    tick(TERMINATION - 1);
    expect(at.sandbox.kubernetes.pods(MAIN, 'shop').map(({ name }) => name)).toEqual(['hand']);
    expect((await podCredentials(pod, { endpoint: at.sandbox.endpoint })).source).toMatchObject({ ok: true });
    tick(1);
    expect(at.sandbox.kubernetes.pods(MAIN, 'shop')).toEqual([]);
  });

  it('is gone at once without a grace period, and after a short one earlier', async () => {
    admit('forced');
    await remove('pods', 'forced', { gracePeriodSeconds: 0 });
    admit('short');
    await remove('pods', 'short');
    await remove('pods', 'short', { gracePeriodSeconds: 2 });
    await remove('pods', 'short');
    expect(await pods()).toEqual([['short', true]]);
    tick(2000);
    expect(await pods()).toEqual([]);
    admit('again');
    await remove('pods', 'again');
    await remove('pods', 'again', { gracePeriodSeconds: 0 });
    expect(await pods()).toEqual([]);
  });

  it('keeps its name until it is removed, and a dry run or a precondition does not delete it', async () => {
    admit('kept');
    const dry = await send('DELETE', `${path('pods', 'kept')}?dryRun=All`);
    expect([dry.status, await pods()]).toEqual([200, [['kept', false]]]);
    const other = await remove('pods', 'kept', { preconditions: { uid: 'other' } });
    expect([other.status, textAt(other.body, 'message')]).toEqual([
      400,
      'the podlift sandbox does not implement the delete option preconditions',
    ]);
    await remove('pods', 'kept');
    await expect(
      create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'kept' }, spec: template.spec }),
    ).rejects.toThrow('object is being deleted: pods "kept" already exists');
  });

  it('of a Deployment has its successor at once', async () => {
    await create('deployments', workload('Deployment', 'web'));
    await restart('deployments', 'web', '1');
    expect((await pods()).map(([, gone]) => gone).sort()).toEqual([false, false, true, true]);
    expect(objectAt(await get('deployments', 'web'), 'status').readyReplicas).toBe(2);
    tick(TERMINATION);
    expect((await pods()).map(([, gone]) => gone)).toEqual([false, false]);
  });

  it('of a Deployment that is recreated has its successor when the last old one is gone', async () => {
    await create('deployments', workload('Deployment', 'web', { strategy: { type: 'Recreate' } }));
    await restart('deployments', 'web', '1');
    expect((await pods()).map(([, gone]) => gone)).toEqual([true, true]);
    tick(TERMINATION);
    expect((await pods()).map(([, gone]) => gone)).toEqual([false, false]);
  });

  it('of a StatefulSet has its successor when it is gone, one after the other', async () => {
    await create('statefulsets', workload('StatefulSet', 'db'));
    await restart('statefulsets', 'db', '1');
    expect(await pods()).toEqual([
      ['db-0', false],
      ['db-1', true],
    ]);
    tick(TERMINATION);
    expect(await pods()).toEqual([
      ['db-0', true],
      ['db-1', false],
    ]);
    // Nobody looked meanwhile: what was due happened at its time.
    tick(10 * TERMINATION);
    expect((await pods()).map(([, gone]) => gone)).toEqual([false, false]);
    expect(objectAt(await get('statefulsets', 'db'), 'status')).toMatchObject({ updatedReplicas: 2, readyReplicas: 2 });
  });

  it('of a DaemonSet has its successor on the node when it is gone, one node after the other', async () => {
    await create('daemonsets', workload('DaemonSet', 'ds'));
    expect(await pods()).toHaveLength(2);
    await restart('daemonsets', 'ds', '1');
    expect((await pods()).filter(([, gone]) => gone)).toHaveLength(1);
    tick(TERMINATION);
    expect((await pods()).filter(([, gone]) => gone)).toHaveLength(1);
    expect(objectAt(await get('daemonsets', 'ds'), 'status')).toMatchObject({ updatedNumberScheduled: 1 });
    tick(TERMINATION);
    expect((await pods()).map(([, gone]) => gone)).toEqual([false, false]);
  });

  it('of an owner that is deleted terminates too', async () => {
    await create('deployments', workload('Deployment', 'web'));
    await remove('deployments', 'web');
    expect((await pods()).map(([, gone]) => gone)).toEqual([true, true]);
    tick(TERMINATION);
  });

  it('holds its namespace, which takes nothing new', async () => {
    const inOther = (name: string) => ({ cluster: MAIN, namespace: 'other', serviceAccount: 'default', name });
    at.sandbox.kubernetes.admitPod(inOther('last'));
    const { body } = await send('DELETE', '/api/v1/namespaces/other');
    expect(body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'late' } };
    const late = await send('POST', '/api/v1/namespaces/other/serviceaccounts', account);
    expect([late.status, textAt(late.body, 'message')]).toEqual([
      403,
      'serviceaccounts "late" is forbidden: unable to create new content in namespace other because it is being terminated',
    ]);
    tick(TERMINATION);
    expect((await send('GET', '/api/v1/namespaces/other')).status).toBe(404);
  });

  it('is told to a watch of its name when it is gone; other watches are refused', async () => {
    at.sandbox.setTiming({ podTerminationMs: 20 });
    admit('watched');
    const watch = (selector: string) => send('GET', `${path('pods')}?watch=true&fieldSelector=${selector}`);
    expect((await watch('metadata.name=watched')).status).toBe(405);
    await remove('pods', 'watched');
    const { status, body } = await watch('metadata.name=watched');
    expect([status, body]).toMatchObject([200, { type: 'DELETED', object: { metadata: { name: 'watched' } } }]);
    tick(20);
    expect((await watch('metadata.name=watched')).status).toBe(410);
    expect((await watch('spec.nodeName=one')).status).toBe(405);
    at.sandbox.setTiming({ podTerminationMs: TERMINATION });
  });

  it('needs the verb watch of whoever waits for it', async () => {
    at.sandbox.kubernetes.limit(MAIN, [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }]);
    const { status, body } = await send('GET', `${path('pods')}?watch=true`);
    at.sandbox.kubernetes.limit(MAIN);
    expect([status, textAt(body, 'message')]).toEqual([403, expect.stringContaining('cannot watch resource "pods"')]);
  });
});

describe('kubectl that deletes a pod', () => {
  const at = useSandbox(() => ({ seed: seedWith([ROLE], { clusters: [CLUSTER] }), podTerminationMs: 300 }));
  const { kubectl } = kubectlOf(at);

  it('waits until it is gone, and shows it terminating meanwhile', async () => {
    for (const name of ['waited', 'shown']) {
      at.sandbox.kubernetes.admitPod({ cluster: MAIN, namespace: 'shop', serviceAccount: 'orders', name });
    }
    expect(await kubectl(['delete', 'pod', 'waited', '-n', 'shop'])).toEqual({
      code: 0,
      out: 'pod "waited" deleted\n',
      err: '',
    });
    expect((await kubectl(['get', 'pod', 'waited', '-n', 'shop'])).err).toContain('not found');
    at.sandbox.setTiming({ podTerminationMs: 600_000 });
    await kubectl(['delete', 'pod', 'shown', '-n', 'shop', '--wait=false']);
    expect((await kubectl(['get', 'pods', '-n', 'shop'])).out).toMatch(/shown +1\/1 +Terminating/);
    expect((await kubectl(['delete', 'pod', 'shown', '-n', 'shop', '--grace-period=0', '--force'])).code).toBe(0);
    expect((await kubectl(['get', 'pod', 'shown', '-n', 'shop'])).err).toContain('not found');
  });
});
