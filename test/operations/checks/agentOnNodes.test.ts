import type { NodeFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { agentOnNodes } from '../../../src/operations/checks/agentOnNodes';
import { agentPod, irsaPod, podOf, type World } from '../agreedWorld';
import { pods } from '../doctor/Fault';
import { containerOf, templateOf } from '../facts';
import { judgeStep, notesOf } from './judgeStep';

const EVERY_TAINT = [{ operator: 'Exists' }];

const node = (name: string, parts: Partial<NodeFacts> = {}): NodeFacts => ({ name, os: 'linux', labels: {}, ...parts });

const agentSet = (parts: Parameters<typeof templateOf>[0] = {}) =>
  templateOf({
    namespace: 'kube-system',
    kind: 'DaemonSet',
    name: 'eks-pod-identity-agent',
    serviceAccount: 'eks-pod-identity-agent',
    app: 'eks-pod-identity-agent',
    tolerations: EVERY_TAINT,
    ...parts,
  });

const onPort =
  (port: number, parts: Parameters<typeof podOf>[0] = {}) =>
  (world: World): void => {
    world.pods = world.pods.filter(({ app }) => app !== 'eks-pod-identity-agent');
    world.pods.push(
      podOf({
        namespace: 'edge',
        name: 'proxy',
        serviceAccount: 'proxy',
        hostNetwork: true,
        containers: [containerOf({ hostPorts: [port] })],
        ...parts,
      }),
    );
  };

describe('Before the agent is there (the step from irsa)', () => {
  it.each([80, 2703])('a pod with port %d of the node stops the step', async (port) => {
    expect(await notesOf(judgeStep(agentOnNodes, 'irsa', onPort(port)))).toEqual([
      `problem: edge/proxy on node-1 takes port ${port} of the node: the agent cannot start there`,
    ]);
  });

  it('a pod with such a port stops the step on a node that may run the workload later', async () => {
    const change = (world: World) => {
      pods(world);
      world.nodes.push(node('node-2'));
      onPort(80, { node: 'node-2' })(world);
    };
    expect(await notesOf(judgeStep(agentOnNodes, 'irsa', change))).toEqual([expect.stringMatching(/on node-2 takes/)]);
  });

  it.each<[string, (world: World) => unknown]>([
    ['has another port', onPort(8080)],
    ['has ended', onPort(80, { phase: 'Succeeded' })],
    [
      'is on a node that cannot run the workload',
      (world) => {
        world.nodes.push(node('node-2', { taints: [{ key: 'edge', effect: 'NoSchedule' }] }));
        onPort(80, { node: 'node-2' })(world);
      },
    ],
    [
      'is on a node with the agent built in',
      (world) => {
        world.nodes = [node('node-1', { computeType: 'auto' })];
        onPort(80)(world);
      },
    ],
    [
      'is on a node where the agent is ready already',
      (world) => {
        onPort(80)(world);
        world.pods.push(agentPod('node-1'));
      },
    ],
  ])('a pod that %s does not', async (_, change) => {
    expect(await notesOf(judgeStep(agentOnNodes, 'irsa', change))).toEqual([]);
  });
});

const SPOT = { 'karpenter.sh/nodepool': 'spot' };

describe.each(['prepared', 'dual'] as const)('Before the step from %s, the agent', (from) => {
  it.each<[string, (world: World) => unknown, RegExp]>([
    [
      'that does not tolerate the taint of a node pool',
      (world) => {
        world.nodes.push(
          node('node-2', { labels: SPOT, taints: [{ key: 'spot', value: 'yes', effect: 'NoSchedule' }] }),
        );
        world.templates = [templateOf({ tolerations: EVERY_TAINT }), agentSet({ tolerations: [] })];
      },
      /^problem: the agent’s DaemonSet does not tolerate the taint spot=yes:NoSchedule of node-2 \(node pool spot\), where the workload may run$/,
    ],
    [
      'whose affinity excludes a node pool',
      (world) => {
        world.nodes.push(node('node-2', { labels: SPOT }));
        const values = ['spot'];
        const nodeAffinity = [[{ key: 'karpenter.sh/nodepool', operator: 'NotIn' as const, values }]];
        world.templates = [templateOf(), agentSet({ nodeAffinity })];
      },
      /^problem: a selector or an affinity of the agent’s DaemonSet excludes node-2 \(node pool spot\)/,
    ],
    [
      'whose selector excludes a node pool for a Deployment with 0 replicas',
      (world) => {
        world.nodes = [node('node-1', { labels: { pool: 'a' } }), node('node-2', { labels: { pool: 'b' } })];
        world.templates = [
          templateOf({ replicas: 0, nodeSelector: { pool: 'b' } }),
          agentSet({ nodeSelector: { pool: 'a' } }),
        ];
      },
      /^problem: a selector .* excludes node-2, where/,
    ],
    [
      'that a new node of Karpenter starts later than a Job (a warning)',
      (world) => {
        world.nodes = [node('node-1', { labels: SPOT })];
        world.templates.push(templateOf({ kind: 'CronJob', name: 'nightly' }));
      },
      /^warning: cronjob\/nightly can start on a new node of spot before the agent is ready there/,
    ],
    [
      'that a new node of the Cluster Autoscaler starts later than a Job (a warning)',
      (world) => {
        world.nodes = [node('node-1', { labels: { 'eks.amazonaws.com/nodegroup': 'blue' } })];
        const image = 'registry.k8s.io/autoscaling/cluster-autoscaler:v1.33.0';
        world.templates.push(
          templateOf({ kind: 'Job', name: 'import' }),
          templateOf({ namespace: 'kube-system', name: 'scaler', containers: [containerOf({ image })] }),
        );
      },
      /^warning: job\/import can start on a new node of blue/,
    ],
  ])('%s: is named', async (_, change, found) => {
    const notes = await notesOf(judgeStep(agentOnNodes, from, change));
    expect(notes).toEqual([expect.stringMatching(found)]);
  });

  it.each<[string, (world: World) => unknown]>([
    [
      'that tolerates every taint',
      (world) => {
        world.nodes.push(node('node-2', { taints: [{ key: 'spot', effect: 'NoSchedule' }] }));
        world.templates = [templateOf({ tolerations: EVERY_TAINT }), agentSet()];
      },
    ],
    [
      'that is kept off a node that cannot run the workload',
      (world) => {
        world.nodes.push(node('node-2', { taints: [{ key: 'spot', effect: 'NoSchedule' }] }));
        world.templates = [templateOf(), agentSet({ tolerations: [] })];
      },
    ],
    [
      'of a DaemonSet for other nodes beside its own',
      (world) => {
        world.nodes.push(node('node-2', { labels: { pool: 'b' } }));
        world.templates = [templateOf(), agentSet({ nodeSelector: { pool: 'b' } }), agentSet()];
      },
    ],
    [
      'on nodes that nothing scales, with a CronJob',
      (world) => {
        world.templates.push(templateOf({ kind: 'CronJob', name: 'nightly' }));
      },
    ],
    [
      'on nodes of Karpenter, with a Job that has finished',
      (world) => {
        world.nodes = [node('node-1', { labels: SPOT })];
        world.templates.push(templateOf({ kind: 'Job', name: 'import', finished: true }));
      },
    ],
    ['of a pod that uses IRSA', (world) => pods(world, irsaPod())],
  ])('%s: passes', async (_, change) => {
    expect(await notesOf(judgeStep(agentOnNodes, from, change))).toEqual([]);
  });
});
