import { rolloutWay } from '../../../src/operations/restart/rolloutWay';

const CHANGED = '2026-11-21T12:00:00Z';

interface Parts {
  readonly kind?: string;
  readonly spec?: object;
  readonly status?: object;
  readonly restartedAt?: string;
}

/** An owner of three pods as the API server gives it. */
function owner({ kind = 'Deployment', spec = {}, status = {}, restartedAt }: Parts): string {
  const annotations = restartedAt === undefined ? {} : { 'kubectl.kubernetes.io/restartedAt': restartedAt };
  return JSON.stringify({
    kind,
    metadata: { generation: 2 },
    spec: { replicas: 3, template: { metadata: { annotations } }, ...spec },
    status: { observedGeneration: 2, ...status },
  });
}

const LATER = { restartedAt: '2026-11-21T13:00:40+01:00' };
const EARLIER = { restartedAt: '2026-11-21T11:59:00Z' };
const rolled = { replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
const nodes = { currentNumberScheduled: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 };
const onDelete = { updateStrategy: { type: 'OnDelete' } };
const partition = (number: number) => ({
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: number } },
});

describe('the way in which podlift restarts the pods of an owner', () => {
  it.each<[string, Parts, ReturnType<typeof rolloutWay>]>([
    ['a Deployment', { status: rolled }, 'restart'],
    ['a paused Deployment', { spec: { paused: true }, status: rolled }, 'paused'],
    ['a StatefulSet', { kind: 'StatefulSet', spec: partition(0), status: rolled }, 'restart'],
    ['a StatefulSet with a partition', { kind: 'StatefulSet', spec: partition(2), status: rolled }, 'one by one'],
    ['a StatefulSet with OnDelete', { kind: 'StatefulSet', spec: onDelete, status: rolled }, 'one by one'],
    [
      'a StatefulSet with OnDelete whose template has changed',
      { kind: 'StatefulSet', spec: onDelete, status: { replicas: 3, updatedReplicas: 1 } },
      'held',
    ],
    ['a DaemonSet', { kind: 'DaemonSet', status: nodes }, 'restart'],
    ['a DaemonSet with OnDelete', { kind: 'DaemonSet', spec: onDelete, status: nodes }, 'one by one'],
    [
      'a DaemonSet with OnDelete whose template has changed',
      { kind: 'DaemonSet', spec: onDelete, status: { currentNumberScheduled: 2 } },
      'held',
    ],
    [
      'a Deployment whose restart goes on since an earlier run',
      { ...LATER, status: { ...rolled, replicas: 4, updatedReplicas: 2 } },
      'watch',
    ],
    [
      'a Deployment whose restart the controller has not seen yet',
      { ...LATER, status: { observedGeneration: 1 } },
      'watch',
    ],
    [
      'a StatefulSet whose restart goes on',
      { ...LATER, kind: 'StatefulSet', status: { ...rolled, updatedReplicas: 1 } },
      'watch',
    ],
    [
      'a DaemonSet whose restart goes on',
      { ...LATER, kind: 'DaemonSet', status: { ...nodes, numberAvailable: 1 } },
      'watch',
    ],
    ['a Deployment whose later restart is complete', { ...LATER, status: rolled }, 'restart'],
    [
      'a Deployment whose rollout began before the association changed',
      { ...EARLIER, status: { ...rolled, updatedReplicas: 1 } },
      'restart',
    ],
    ['a Deployment with another rollout under way', { status: { ...rolled, updatedReplicas: 1 } }, 'restart'],
  ])('%s', (_, parts, way) => {
    expect(rolloutWay(owner(parts), CHANGED)).toBe(way);
  });

  it('is a restart where no association stands: pods that crash on the way back are not watched until they time out', () => {
    expect(rolloutWay(owner({ ...LATER, status: { replicas: 3 } }), undefined)).toBe('restart');
  });
});
