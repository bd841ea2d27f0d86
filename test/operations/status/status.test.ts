import type { Inventory, Stage } from '../../../src/inventory/Inventory';
import { statusOf } from '../../../src/operations/status/statusOf';
import { environmentOf, inventoryOf, workloadOf } from '../../blueprint/inventoryOf';
import { NOW, pilotAt, type Setting } from '../agreedWorld';

const of = (stage: Stage, setting?: Setting) => statusOf(pilotAt(stage, setting), NOW).waves[0]!;
const ADVANCE = 'npx podlift advance pilot --environment prod';

describe('the status of a wave', () => {
  it.each<[string, Stage, Setting, object]>([
    ['takes its next step', 'dual', {}, { kind: 'advance', to: 'cutover', command: ADVANCE }],
    ['is done', 'pod-identity', {}, { kind: 'done' }],
    ['has soaked', 'cutover', {}, { kind: 'advance', to: 'pod-identity' }],
    ['soaks', 'cutover', { wave: { soak: '14d' } }, { kind: 'wait', reason: 'the soak lasts another 6d 21h' }],
    [
      'does not know since when',
      'cutover',
      { since: undefined },
      { kind: 'wait', reason: expect.stringMatching(/no since/) },
    ],
    ['asks for no soak', 'cutover', { wave: { soak: undefined as never } }, { kind: 'advance' }],
    [
      'asks for no soak, at cutover for less than CloudTrail is late',
      'cutover',
      { wave: { soak: undefined as never }, since: '2026-11-21T11:50:00Z' },
      { kind: 'wait', reason: 'the soak lasts another 5m' },
    ],
    [
      'asks for a shorter soak than CloudTrail is late',
      'cutover',
      { wave: { soak: '1m' }, since: '2026-11-21T11:50:00Z' },
      { kind: 'wait', reason: 'the soak lasts another 5m' },
    ],
    [
      'comes after another',
      'irsa',
      { wave: { after: 'first' }, waves: [{ key: 'first', stages: {} }] },
      { kind: 'wait', reason: 'comes after first, which is at irsa' },
    ],
  ])('that %s', (_, stage, setting, next) => {
    expect(of(stage, setting)).toMatchObject({ stage, workloads: 1, next });
  });

  it('does not recommend a step that would be refused, and says what to fix', () => {
    const obstacles = [{ found: 'there is no agent', remedy: [{ say: 'Add one.' }] }];
    const next = (stage: Stage, setting: Setting = {}) =>
      statusOf(pilotAt(stage, setting), NOW, undefined, () => obstacles).waves[0]!.next;
    expect(next('irsa')).toEqual({ kind: 'fix', to: 'prepared', obstacles, command: ADVANCE });
    expect(next('pod-identity')).toEqual({ kind: 'done' });
    expect(next('cutover', { wave: { soak: '14d' } })).toMatchObject({ kind: 'wait' });
  });

  it('tells how long the stage has lasted and when its soak is over', () => {
    expect(of('cutover')).toMatchObject({
      since: '2026-11-14T09:00:00Z',
      lasted: 7 * 86_400_000 + 3 * 3_600_000,
      soak: { state: 'soaked', asked: '7d', until: '2026-11-21T09:00:00.000Z', milliseconds: 0 },
    });
  });

  it('names the workloads that are in no wave, by stage', () => {
    const workloads = [
      workloadOf({ key: 'a' }),
      workloadOf({ key: 'b', stage: 'pod-identity' }),
      workloadOf({ key: 'c' }),
    ];
    const inventory = inventoryOf(environmentOf({ workloads }));
    expect(statusOf(inventory, NOW)).toEqual({
      waves: [],
      outside: [
        { environment: 'prod', stage: 'irsa', workloads: ['a', 'c'] },
        { environment: 'prod', stage: 'pod-identity', workloads: ['b'] },
      ],
    });
  });

  it('leaves out environments that were not asked for, and those where the wave has nothing', () => {
    const inventory = pilotAt('dual');
    const dev = environmentOf({ key: 'dev', workloads: [] });
    const both: Inventory = { ...inventory, environments: [...inventory.environments, dev] };
    expect(statusOf(both, NOW).waves).toHaveLength(1);
    expect(statusOf(both, NOW, ['dev'])).toEqual({ waves: [], outside: [] });
  });

  it('counts the workloads of each of fifty waves', () => {
    const workloads = Array.from({ length: 1000 }, (_, index) =>
      workloadOf({ key: `w-${index}`, wave: `wave-${index % 50}` }),
    );
    const waves = Array.from({ length: 50 }, (_, index) => ({ key: `wave-${index}`, stages: {} }));
    const inventory = { ...inventoryOf(environmentOf({ workloads })), waves };
    expect(statusOf(inventory, NOW).waves.map((wave) => wave.workloads)).toEqual(Array(50).fill(20));
  });
});
