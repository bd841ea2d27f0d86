import { remedyText } from '../../src/cli/report';
import { restartPods } from '../../src/operations/remedies';
import type { PodFacts } from '../../src/estate/kubernetes/KubernetesPort';
import { podOf } from './agreedWorld';
import { clusterOf } from '../blueprint/inventoryOf';

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
  'Job shop/report: wait until it ends, or delete it. A CronJob creates the next Job by itself; create any other Job again.',
  'Pod shop/debug was created by hand: delete it and create it again.',
] as const;

describe('how pods are restarted', () => {
  it('is one line for each owner, and none for pods that are ending', () => {
    expect(remedyText(restartPods(CLUSTER, PODS)).split('\n')).toEqual([
      `${KUBECTL} rollout restart deployment/web`,
      `${KUBECTL} rollout restart statefulset/queue`,
      BY_HAND[0],
      `${KUBECTL} delete pod bare-0`,
      BY_HAND[1],
    ]);
  });
});
