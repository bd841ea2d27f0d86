import { meets, obstacleOn } from '../../src/comparison/scheduling';
import { templateOf } from '../operations/facts';

type Requirement = Parameters<typeof meets>[0];

describe('A condition on labels', () => {
  it.each<[Requirement['operator'], readonly string[], Readonly<Record<string, string>>, boolean]>([
    ['In', ['a', 'b'], { pool: 'a' }, true],
    ['In', ['a'], {}, false],
    ['NotIn', ['a'], { pool: 'a' }, false],
    ['NotIn', ['a'], {}, true],
    ['Exists', [], { pool: '' }, true],
    ['Exists', [], {}, false],
    ['DoesNotExist', [], {}, true],
    ['DoesNotExist', [], { pool: 'a' }, false],
    ['Gt', ['4'], { pool: '8' }, true],
    ['Gt', ['4'], {}, false],
    ['Lt', ['4'], { pool: '8' }, false],
    ['Lt', ['4'], { pool: '2' }, true],
    ['Exists', [], Object.create({ pool: 'inherited' }) as Record<string, string>, false],
  ])('pool %s %j of %j: %s', (operator, values, labels, expected) => {
    expect(meets({ key: 'pool', operator, values }, labels)).toBe(expected);
  });
});

describe('A pod of a template and a node', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
  const pool = (...values: string[]): Requirement => ({ key: 'pool', operator: 'In', values });

  it.each<[string, Parameters<typeof templateOf>[0], Parameters<typeof obstacleOn>[1], object | undefined]>([
    ['a node without labels and taints', {}, {}, undefined],
    ['the label that is selected', { nodeSelector: { pool: 'a' } }, { labels: { pool: 'a' } }, undefined],
    ['another label', { nodeSelector: { pool: 'a' } }, { labels: { pool: 'b' } }, { selector: true }],
    ['one term of several', { nodeAffinity: [[pool('a')], [pool('b')]] }, { labels: { pool: 'b' } }, undefined],
    ['no term', { nodeAffinity: [[pool('a')]] }, { labels: { pool: 'b' } }, { selector: true }],
    ['a term without a condition', { nodeAffinity: [[]] }, {}, { selector: true }],
    ['a taint', {}, { taints: [taint] }, { taint }],
    ['a taint that is tolerated', { tolerations: [{ key: 'gpu', value: 'yes' }] }, { taints: [taint] }, undefined],
    ['a taint of another value', { tolerations: [{ key: 'gpu', value: 'no' }] }, { taints: [taint] }, { taint }],
    [
      'a taint of another effect',
      { tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }] },
      { taints: [taint] },
      { taint },
    ],
    ['every taint is tolerated', { tolerations: [{ operator: 'Exists' }] }, { taints: [taint] }, undefined],
    ['a taint that only prefers other nodes', {}, { taints: [{ ...taint, effect: 'PreferNoSchedule' }] }, undefined],
    ['a cordoned node', {}, { taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] }, undefined],
  ])('%s', (_, template, node, expected) => {
    expect(obstacleOn(templateOf(template), node)).toEqual(expected);
  });
});
