import {
  agentPods,
  cannotMove,
  compareAgentOnNodes,
  computeOf,
  computeOfPods,
  nodesOf,
  runningPods,
  stuckPods,
} from '../../src/comparison/nodes';
import type { PodFacts } from '../../src/estate/kubernetes/KubernetesPort';
import { nodeFactsOf, podFactsOf } from './facts';

const NODES = [
  nodeFactsOf('ec2-1', 'ec2'),
  nodeFactsOf('ec2-2', 'ec2'),
  nodeFactsOf('unlabelled'),
  nodeFactsOf('fargate-1', 'fargate'),
  nodeFactsOf('windows-1', 'ec2', 'windows'),
  nodeFactsOf('auto-1', 'auto'),
  nodeFactsOf('hybrid-1', 'hybrid'),
];
const on = (...nodes: string[]) => nodes.map((node) => podFactsOf({ name: `on-${node}`, node }));

describe('a node', () => {
  it('is of the compute that its labels say; the operating system goes first', () => {
    expect(NODES.map(computeOf)).toEqual(['ec2', 'ec2', '', 'fargate', 'windows', 'auto', 'hybrid']);
  });

  it.each([
    ['fargate', true],
    ['windows', true],
    ['ec2', false],
    ['auto', false],
    ['hybrid', false],
    ['', false],
  ])('of compute "%s" can run no agent: %s', (compute, cannot) => {
    expect(cannotMove(compute)).toBe(cannot);
  });
});

describe('pods', () => {
  it('of a service account run until they have ended', () => {
    const phases = ['Pending', 'Running', 'Unknown', 'Succeeded', 'Failed'];
    const pods = phases.map((phase) => podFactsOf({ name: phase, phase }));
    const other = podFactsOf({ serviceAccount: 'default' });
    expect(runningPods([...pods, other], 'orders-api').map(({ name }) => name)).toEqual([
      'Pending',
      'Running',
      'Unknown',
    ]);
  });

  it('are on nodes, each named once, as far as they are scheduled', () => {
    expect(nodesOf([...on('ec2-1', 'ec2-2', 'ec2-1'), podFactsOf()])).toEqual(['ec2-1', 'ec2-2']);
  });

  it('are stuck where no agent can run, and not where their node is unknown', () => {
    const [fargate, windows] = on('fargate-1', 'windows-1');
    const pods = [...on('ec2-1', 'auto-1', 'gone', 'unlabelled'), fargate!, windows!, podFactsOf()];
    expect(stuckPods(pods, NODES)).toEqual([
      { pod: fargate, compute: 'fargate' },
      { pod: windows, compute: 'windows' },
    ]);
  });

  it.each<[string, readonly PodFacts[], string | undefined]>([
    ['none of its own', [], undefined],
    ['not scheduled yet', [podFactsOf()], undefined],
    ['EC2, the usual', on('ec2-1', 'ec2-2'), undefined],
    ['a node that EKS did not label', on('unlabelled'), undefined],
    ['Auto Mode', on('auto-1'), 'auto'],
    ['hybrid nodes', on('hybrid-1', 'hybrid-1'), 'hybrid'],
    ['hybrid nodes and EC2: no single one', on('hybrid-1', 'ec2-1'), undefined],
    ['Auto Mode and hybrid nodes: no single one', on('auto-1', 'hybrid-1'), undefined],
    ['Fargate', on('fargate-1'), 'fargate'],
    ['Fargate and EC2: one stuck pod decides', on('ec2-1', 'auto-1', 'fargate-1'), 'fargate'],
    ['Windows', on('windows-1', 'ec2-1'), 'windows'],
  ])('run on %s', (_what, pods, compute) => {
    expect(computeOfPods(pods, NODES)).toStrictEqual({
      ...(compute !== undefined && { compute }),
      stuck: stuckPods(pods, NODES),
    });
  });
});

describe('the agent', () => {
  const agent = (node: string | undefined, parts: Partial<PodFacts> = {}) =>
    podFactsOf({ name: 'agent', app: 'eks-pod-identity-agent', ...(node !== undefined && { node }), ...parts });

  it('has the pods of its own label that are not ending', () => {
    const own = agent('ec2-1');
    const others = [podFactsOf(), podFactsOf({ app: 'coredns' }), agent('ec2-2', { ending: true })];
    expect(agentPods([own, ...others])).toEqual([own]);
  });

  it('is wanted on each node of the pods, apart from those that have it built in or cannot run it', () => {
    const pods = on('ec2-1', 'ec2-2', 'unlabelled', 'auto-1', 'fargate-1', 'windows-1', 'gone');
    expect(compareAgentOnNodes(pods, NODES, [agent('ec2-1')])).toEqual({
      used: ['ec2-1', 'ec2-2', 'unlabelled', 'auto-1', 'fargate-1', 'windows-1', 'gone'],
      builtIn: ['auto-1'],
      without: ['ec2-2', 'unlabelled', 'gone'],
    });
  });

  it.each([
    ['ready', agent('ec2-1'), []],
    ['not ready', agent('ec2-1', { ready: false }), ['ec2-1']],
    ['ending', agent('ec2-1', { ending: true }), ['ec2-1']],
    ['not scheduled', agent(undefined), ['ec2-1']],
    ['on another node', agent('ec2-2'), ['ec2-1']],
    ['another app', podFactsOf({ node: 'ec2-1', app: 'coredns' }), ['ec2-1']],
  ])('whose pod is %s', (_what, pod, without) => {
    expect(compareAgentOnNodes(on('ec2-1'), NODES, [pod]).without).toEqual(without);
  });
});
