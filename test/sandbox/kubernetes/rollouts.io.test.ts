import { objectAt, textsAt } from '../../../src/sandbox/kubernetes/json';
import { kubectlOf } from '../testCluster';
import { ISSUER, MAIN, seedWith, useSandbox } from '../testSandbox';
import { apiOf, metadataOf, nameOf } from './testApi';

const CLUSTER = {
  ...MAIN,
  version: '1.33',
  issuer: ISSUER,
  nodes: [{ name: 'one', compute: 'ec2' as const }],
  serviceAccounts: [{ namespace: 'shop', name: 'orders' }],
};
const labels = { app: 'orders' };
const workload = (kind: string, spec: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'app' },
  spec: {
    replicas: 3,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { serviceAccountName: 'orders', containers: [{ name: 'app', image: 'i' }] },
    },
    ...spec,
  },
});
const next = { spec: { template: { metadata: { annotations: { version: 'next' } } } } };

describe('A rollout in the sandbox', () => {
  const at = useSandbox(() => ({ seed: seedWith([], { clusters: [CLUSTER] }) }));
  const { create, get, list, merge, remove } = apiOf(at);
  const { kubectl } = kubectlOf(at, MAIN);
  afterEach(async () => {
    for (const kind of ['deployments', 'statefulsets'])
      for (const object of await list(kind)) await remove(kind, nameOf(object));
  });
  /** The version of each pod's template. */
  const versions = async () =>
    (await list('pods'))
      .map((pod) => `${nameOf(pod)}: ${textsAt(metadataOf(pod), 'annotations').version ?? 'first'}`)
      .toSorted((a, b) => a.localeCompare(b));
  const statusOf = async (plural: string) => objectAt(await get(plural, 'app'), 'status');
  const rolloutStatus = async (name: string) => {
    const { code, out, err } = await kubectl(['-n', 'shop', 'rollout', 'status', name, '--timeout=20s']);
    return [code, `${out}${err}`] as const;
  };

  it('of a StatefulSet with a partition ends with the pods above it; those below come back from their own template', async () => {
    await create('statefulsets', workload('StatefulSet', { updateStrategy: { rollingUpdate: { partition: 2 } } }));
    await merge('statefulsets', 'app', next);
    const parted = ['app-0: first', 'app-1: first', 'app-2: next'];
    expect(await versions()).toEqual(parted);
    const { currentRevision, updateRevision, ...counts } = await statusOf('statefulsets');
    expect(counts).toMatchObject({ updatedReplicas: 1, currentReplicas: 2, replicas: 3 });
    expect(currentRevision).not.toBe(updateRevision);
    expect(await rolloutStatus('statefulset/app')).toEqual([
      0,
      expect.stringContaining('partitioned roll out complete: 1 new pods have been updated'),
    ]);
    await remove('pods', 'app-0');
    expect(await versions()).toEqual(parted);

    await merge('statefulsets', 'app', { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
    expect(await versions()).toEqual(['app-0: next', 'app-1: next', 'app-2: next']);
    expect((await statusOf('statefulsets')).currentRevision).toBe(updateRevision);
  });

  it('of a StatefulSet with OnDelete replaces deleted pods alone, and has no status for kubectl', async () => {
    await create('statefulsets', workload('StatefulSet', { updateStrategy: { type: 'OnDelete' } }));
    await merge('statefulsets', 'app', next);
    await remove('pods', 'app-1');
    expect(await versions()).toEqual(['app-0: first', 'app-1: next', 'app-2: first']);
    expect(await statusOf('statefulsets')).toMatchObject({ updatedReplicas: 1 });
    expect(await rolloutStatus('statefulset/app')).toEqual([
      1,
      expect.stringContaining('rollout status is only available for RollingUpdate strategy type'),
    ]);
  });

  it('of a paused Deployment waits until it is resumed, and the pods stay', async () => {
    await create('deployments', workload('Deployment', { replicas: 2 }));
    const before = await versions();
    await merge('deployments', 'app', { spec: { paused: true, ...next.spec } });
    expect(await versions()).toEqual(before);
    expect((await statusOf('deployments')).updatedReplicas).toBeUndefined();
    const { code, err } = await kubectl(['-n', 'shop', 'rollout', 'restart', 'deployment/app']);
    expect([code, err]).toEqual([1, expect.stringContaining("can't restart paused deployment")]);
    await merge('deployments', 'app', { spec: { paused: false } });
    expect((await versions()).every((one) => one.endsWith('next'))).toBe(true);
  });
});
