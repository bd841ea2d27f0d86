import { setTimeout as wait } from 'node:timers/promises';
import { listAt, objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import { seedDeployment } from '../seedDeployment';
import { kubectlOf } from '../testCluster';
import { MAIN, seedWith, useSandbox } from '../testSandbox';
import { apiOf } from './testApi';

describe('kubectl scale', () => {
  const at = useSandbox(() => ({
    seed: seedWith([], {
      clusters: [
        {
          ...seedWith().clusters[0]!,
          serviceAccounts: [{ namespace: 'shop', name: 'api' }],
          manifests: [seedDeployment({ namespace: 'shop', name: 'web', serviceAccount: 'api', replicas: 2 })],
        },
      ],
    }),
  }));
  const { kubectl } = kubectlOf(at);
  const run = async (...words: string[]) => {
    const { out, err, code } = await kubectl(['-n', 'shop', ...words]);
    return code === 0 ? out : err;
  };
  const { send, path, get } = apiOf(at);
  const podsOf = async () => (await run('get', 'pods', '-o', 'name')).split('\n').filter((line) => line !== '').length;

  it.each([['3'], ['0'], ['1']])('sets the number of pods to %s', async (replicas) => {
    expect(await run('scale', 'deployment/web', `--replicas=${replicas}`)).toContain('deployment.apps/web scaled');
    await wait(10);
    expect(await podsOf()).toBe(Number(replicas));
  });

  it('sets it only where it is as the client says', async () => {
    const wrong = await kubectl(['-n', 'shop', 'scale', 'deployment/web', '--current-replicas=7', '--replicas=3']);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('Expected replicas to be 7, was 1')]);
    await run('scale', 'deployment/web', '--current-replicas=1', '--replicas=2');
    expect(await podsOf()).toBe(2);
  });

  it('changes nothing by a dry run', async () => {
    await run('scale', 'deployment/web', '--replicas=5', '--dry-run=server');
    expect(await podsOf()).toBe(2);
  });

  it('leaves the template and its pods as they are, and owns the number alone', async () => {
    const before = await get('deployments', 'web');
    await run('scale', 'deployment/web', '--replicas=3');
    const after = await get('deployments', 'web');
    expect(objectAt(after, 'spec')).toEqual({ ...objectAt(before, 'spec'), replicas: 3 });
    const [entry] = listAt(objectAt(after, 'metadata'), 'managedFields').filter(
      (one) => textAt(one, 'subresource') === 'scale',
    );
    expect(objectAt(entry, 'fieldsV1')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it.each([
    ['a number below 0', 'web', { spec: { replicas: -1 } }, 422, /must be greater than or equal to 0/],
    ['no number', 'web', { spec: { replicas: 'two' } }, 400, /whole number/],
    ['a Deployment that is not there', 'gone', { spec: { replicas: 1 } }, 404, /deployments.apps "gone" not found/],
    ['an old version', 'web', { metadata: { resourceVersion: '1' }, spec: { replicas: 1 } }, 409, /has been modified/],
  ])('refuses %s', async (_, name, patch, status, message) => {
    const answer = await send('PATCH', `${path('deployments', name)}/scale`, patch, 'application/merge-patch+json');
    expect([answer.status, textAt(answer.body, 'message')]).toEqual([status, expect.stringMatching(message)]);
  });

  it('has no scale of a DaemonSet', async () => {
    expect((await send('GET', `${path('daemonsets', 'aws-node')}/scale`)).status).toBe(404);
  });

  it('needs the permission of its own', async () => {
    at.sandbox.kubernetes.limit(MAIN, [{ verbs: ['*'], apiGroups: ['apps'], resources: ['deployments'] }]);
    const { err } = await kubectl(['-n', 'shop', 'scale', 'deployment/web', '--replicas=4']);
    expect(err).toContain('cannot patch resource "deployments/scale" in API group "apps"');
    at.sandbox.kubernetes.limit(MAIN);
  });
});
