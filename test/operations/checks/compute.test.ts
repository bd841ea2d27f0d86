import type { NodeFacts } from '../../../src/estate/kubernetes/KubernetesPort';
import { compute } from '../../../src/operations/checks/compute';
import { podIdentityPod, type World } from '../agreedWorld';
import { pods } from '../doctor/Fault';
import { addonOf, templateOf } from '../facts';
import { judgeStep, notesOf } from './judgeStep';

const HYBRID: NodeFacts = { name: 'edge-1', os: 'linux', computeType: 'hybrid', labels: {} };

const onNode =
  (node: NodeFacts) =>
  (world: World): unknown => {
    world.nodes.push(node);
    return pods(world, podIdentityPod({}, { node: node.name, name: 'late' }));
  };

const selecting =
  (nodeSelector: Readonly<Record<string, string>>, ...nodes: NodeFacts[]) =>
  (world: World): unknown => {
    world.nodes.push(...nodes);
    return world.templates.push(templateOf({ kind: 'CronJob', name: 'nightly', nodeSelector }));
  };

const agentOf =
  (version: string, change: (world: World) => unknown) =>
  (world: World): unknown => {
    world.addons['prod-main'] = addonOf({ version });
    return change(world);
  };

describe.each(['prepared', 'dual', 'cutover'] as const)('Before the step from %s', (from) => {
  it.each<[string, (world: World) => unknown, RegExp]>([
    [
      'a pod on Fargate',
      onNode({ name: 'fargate-1', os: 'linux', computeType: 'fargate' }),
      /^problem: late on fargate: no agent can run there$/,
    ],
    ['a pod on Windows', onNode({ name: 'win-1', os: 'windows' }), /^problem: late on windows/],
    [
      'a pod on a hybrid node with an old agent',
      agentOf('v1.3.2-eksbuild.2', onNode(HYBRID)),
      /^problem: the agent v1\.3\.2-eksbuild\.2 does not run on hybrid nodes \(edge-1\): the first version that does is v1\.3\.3-eksbuild\.1$/,
    ],
    [
      'a pod on a hybrid node of Bottlerocket with an agent that is new enough for others',
      agentOf('v1.3.4-eksbuild.1', onNode({ ...HYBRID, labels: { 'os.bottlerocket.aws/version': '1.40' } })),
      /the first version that does is v1\.3\.7-eksbuild\.2$/,
    ],
    [
      'a template that selects Windows',
      selecting({ 'kubernetes.io/os': 'windows' }),
      /^problem: cronjob\/nightly selects windows: no agent can run there$/,
    ],
    [
      'a template that selects a pool of Windows nodes',
      selecting({ pool: 'win' }, { name: 'win-1', os: 'windows', labels: { pool: 'win' } }),
      /^problem: cronjob\/nightly selects windows/,
    ],
    [
      'a template that selects Fargate',
      selecting({ 'eks.amazonaws.com/compute-type': 'fargate' }),
      /^problem: cronjob\/nightly selects fargate/,
    ],
    [
      'a template whose affinity asks for Windows',
      (world) =>
        world.templates.push(
          templateOf({
            name: 'win',
            nodeAffinity: [[{ key: 'kubernetes.io/os', operator: 'In', values: ['windows'] }]],
          }),
        ),
      /^problem: deployment\/win selects windows/,
    ],
  ])('%s does not pass', async (_, change, found) => {
    expect(await notesOf(judgeStep(compute, from, change))).toEqual([expect.stringMatching(found)]);
  });

  it.each<[string, (world: World) => unknown]>([
    ['pods on EC2', () => undefined],
    ['a pod on a hybrid node with an agent that runs there', agentOf('v1.3.3-eksbuild.1', onNode(HYBRID))],
    ['a template that selects Linux', selecting({ 'kubernetes.io/os': 'linux' })],
    ['a template that selects nodes that the cluster does not have now', selecting({ pool: 'gpu' })],
    [
      'a template that leaves a choice',
      (world) =>
        world.templates.push(
          templateOf({
            name: 'any',
            nodeAffinity: [[{ key: 'kubernetes.io/os', operator: 'In', values: ['windows', 'linux'] }]],
          }),
        ),
    ],
  ])('%s passes', async (_, change) => {
    expect(await notesOf(judgeStep(compute, from, change))).toEqual([]);
  });
});

describe('The advice for a pod on Fargate', () => {
  const advised = async (from: 'prepared' | 'dual' | 'cutover') => {
    const results = await judgeStep(compute, from, onNode({ name: 'fargate-1', os: 'linux', computeType: 'fargate' }));
    return JSON.stringify(results.map(({ remedy }) => remedy));
  };
  const rollback = '["npx","podlift","rollback","pilot","--environment","prod","--to","irsa"]';

  it.each(['dual', 'cutover'] as const)(
    'at %s takes the wave back before the entry is at irsa: other pods use the association',
    async (from) => {
      const text = await advised(from);
      expect(text).toContain(rollback);
      expect(text.indexOf(rollback)).toBeLessThan(text.indexOf('replace wave by stage: irsa'));
    },
  );

  it('at prepared, where no pod uses Pod Identity, changes the entry at once', async () => {
    const text = await advised('prepared');
    expect(text).toContain('replace wave by stage: irsa and because: runs on fargate');
    expect(text).not.toContain('rollback');
  });
});
