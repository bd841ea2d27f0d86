import { restartCommands, restartSteps } from '../../../src/operations/evidence/restartCommands';
import type { PodFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { podOf } from '../agreedWorld';
import { clusterOf } from '../../blueprint/inventoryOf';

const CLUSTER = clusterOf({ kubernetes: { context: 'prod-main' } });
const KUBECTL = 'kubectl --context prod-main -n shop';
const owned = (kind: string, name: string) => podOf({ namespace: 'shop', name: `${name}-0`, owner: { kind, name } });

const entries = Object.entries(podOf({ namespace: 'shop', name: 'debug' })).filter(([key]) => key !== 'owner');
const madeByHand = Object.fromEntries(entries) as unknown as PodFacts;

const PODS = [
  owned('Deployment', 'web'),
  owned('Deployment', 'web'),
  owned('StatefulSet', 'queue'),
  owned('Job', 'report'),
  owned('ReplicaSet', 'bare'),
  madeByHand,
  podOf({ namespace: 'shop', name: 'gone', owner: { kind: 'DaemonSet', name: 'gone' }, ending: true }),
];

const BY_HAND = [
  'job shop/report: wait for its end, or delete it. A CronJob makes the next Job by itself; create any other Job again',
  'pod shop/debug was made by hand: delete it and create it again',
] as const;

describe('how pods are restarted', () => {
  it('is one line for each owner, and none for pods that are ending', () => {
    expect(restartCommands(CLUSTER, PODS)).toEqual([
      `${KUBECTL} rollout restart deployment/web`,
      `${KUBECTL} rollout restart statefulset/queue`,
      BY_HAND[0],
      `${KUBECTL} delete pod bare-0`,
      BY_HAND[1],
    ]);
  });

  it('waits for what is rolled out after all restarts, and puts what is no command behind a #', () => {
    expect(restartSteps(CLUSTER, PODS)).toEqual([
      `${KUBECTL} rollout restart deployment/web`,
      `${KUBECTL} rollout restart statefulset/queue`,
      `# ${BY_HAND[0]}`,
      `${KUBECTL} delete pod bare-0`,
      `# ${BY_HAND[1]}`,
      `${KUBECTL} rollout status deployment/web`,
      `${KUBECTL} rollout status statefulset/queue`,
    ]);
  });
});
