import { type Json, listAt, objectAt, textAt } from '../../../src/sandbox/kubernetes/json';
import { kubectlOf } from '../testCluster';
import { seedWith, useSandbox } from '../testSandbox';
import { apiOf } from './testApi';

const proxy = (replicas: number, port: object = { containerPort: 80 }) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'proxy', namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'proxy' } },
    template: {
      metadata: { labels: { app: 'proxy' } },
      spec: { hostNetwork: true, containers: [{ name: 'proxy', image: 'proxy', ports: [port] }] },
    },
  },
});
const agents = (port: number) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agents', namespace: 'shop' },
  spec: {
    selector: { matchLabels: { app: 'agents' } },
    template: {
      metadata: { labels: { app: 'agents' } },
      spec: { containers: [{ name: 'agent', image: 'agent', ports: [{ containerPort: 8080, hostPort: port }] }] },
    },
  },
});

describe('A port of a node', () => {
  const at = useSandbox(() => ({
    seed: seedWith([], {
      clusters: [
        {
          ...seedWith().clusters[0]!,
          autoMode: false,
          namespaces: ['shop'],
          nodes: [
            { name: 'node-1', compute: 'ec2' },
            { name: 'node-2', compute: 'ec2' },
          ],
        },
      ],
    }),
  }));
  const { kubectl } = kubectlOf(at);
  const { list, get } = apiOf(at);
  const run = async (words: readonly string[], object?: object) => {
    const { out, err, code } = await kubectl(['-n', 'shop', ...words], object && JSON.stringify(object));
    if (code !== 0) throw new Error(err);
    return out;
  };
  const podsOf = async (app: string): Promise<readonly Json[]> =>
    (await list('pods')).filter((pod) => textAt(objectAt(objectAt(pod, 'metadata'), 'labels'), 'app') === app);
  const phases = async (app: string) =>
    (await podsOf(app)).map((pod) => textAt(objectAt(pod, 'status'), 'phase')).toSorted();

  it('is for one pod: the next one gets another node, and then waits', async () => {
    await run(['apply', '-f', '-'], proxy(3));
    expect(await phases('proxy')).toEqual(['Pending', 'Running', 'Running']);
    const nodes = (await podsOf('proxy')).map((pod) => textAt(objectAt(pod, 'spec'), 'nodeName'));
    expect(nodes.filter((one) => one !== undefined).toSorted()).toEqual(['node-1', 'node-2']);
    expect(objectAt(await get('deployments', 'proxy'), 'status')).toMatchObject({ replicas: 3, readyReplicas: 2 });
    const waiting = (await podsOf('proxy')).find((pod) => textAt(objectAt(pod, 'status'), 'phase') === 'Pending');
    expect(listAt(objectAt(waiting, 'status'), 'conditions')).toMatchObject([{ reason: 'Unschedulable' }]);
  });

  it('keeps the pods of a DaemonSet waiting, until it is free', async () => {
    await run(['scale', 'deployment/proxy', '--replicas=2']);
    await run(['apply', '-f', '-'], agents(80));
    expect(await phases('agents')).toEqual(['Pending', 'Pending']);
    expect(objectAt(await get('daemonsets', 'agents'), 'status')).toMatchObject({
      desiredNumberScheduled: 2,
      numberReady: 0,
    });
    await run(['scale', 'deployment/proxy', '--replicas=1']);
    expect(await phases('agents')).toEqual(['Pending', 'Running']);
    await run(['delete', 'deployment', 'proxy']);
    expect(await phases('agents')).toEqual(['Running', 'Running']);
    const nodes = (await podsOf('agents')).map((pod) => textAt(objectAt(pod, 'spec'), 'nodeName'));
    expect(nodes.toSorted()).toEqual(['node-1', 'node-2']);
  });

  it.each([
    ['another port', { containerPort: 81 }],
    ['another protocol', { containerPort: 80, protocol: 'UDP' }],
  ])('does not concern %s', async (_, port) => {
    await run(['apply', '-f', '-'], proxy(2, port));
    expect(await phases('proxy')).toEqual(['Running', 'Running']);
    await run(['delete', 'deployment', 'proxy']);
  });

  it('is not free while a pod has it that was there first', async () => {
    await run(['apply', '-f', '-'], proxy(1));
    expect(await phases('proxy')).toEqual(['Pending']);
    await run(['delete', 'daemonset', 'agents']);
    expect(await phases('proxy')).toEqual(['Running']);
  });
});
