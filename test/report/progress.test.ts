import type { StageMove } from '../../src/report/history';
import { progressOf } from '../../src/report/progress';
import type { Next, Soak, WaveStatus } from '../../src/operations/status/statusOf';
import type { WaveGate } from '../../src/operations/status/waveGates';

const command = 'npx podlift advance pilot --environment prod';
const statusWith = (next: Next, more: Partial<WaveStatus> = {}): WaveStatus => ({
  wave: 'pilot',
  environment: 'prod',
  stage: 'cutover',
  since: '2026-11-20T08:00:00Z',
  soak: { state: 'none' },
  workloads: 1,
  next,
  ...more,
});
const soaking: Soak = { state: 'soaking', asked: '14d', until: '2026-12-04T08:00:00Z', milliseconds: 1 };
const gateWith = (check: string, holds: 'no' | 'unknown', answer: WaveGate['answer'] = 'fails') =>
  ({
    wave: 'pilot',
    environment: 'prod',
    workloads: 1,
    from: 'cutover',
    to: 'pod-identity',
    answer,
    gate: {
      holds: false,
      evidence: [{ check, holds, workload: 'api', cluster: 'main', found: 'one pod is old\nmore' }],
    },
  }) as unknown as WaveGate;
const blockedOf = (status: WaveStatus, moves: readonly StageMove[] = [], gates?: readonly WaveGate[]) =>
  progressOf({ waves: [status], outside: [] }, moves, gates)[0]!.blocked;

describe('what stops the next step of a wave', () => {
  it('is nothing where the inventory allows the step and no gate was asked', () => {
    expect(blockedOf(statusWith({ kind: 'advance', to: 'pod-identity', command }))).toBeUndefined();
    expect(blockedOf(statusWith({ kind: 'done' }))).toBeUndefined();
  });

  it('is a soak, since the stage began and until it ends', () => {
    const next: Next = { kind: 'wait', to: 'pod-identity', reason: 'the soak lasts another 6d', command };
    expect(blockedOf(statusWith(next, { soak: soaking }))).toEqual([
      {
        by: 'soak',
        found: ['the soak lasts another 6d'],
        since: '2026-11-20T08:00:00Z',
        until: '2026-12-04T08:00:00Z',
      },
    ]);
  });

  it('is a soak whose beginning nobody knows', () => {
    const next: Next = { kind: 'wait', to: 'pod-identity', reason: 'it has no since', command };
    const soak: Soak = { state: 'unknown', asked: '14d', reason: 'it has no since' };
    const { since, ...status } = statusWith(next, { soak });
    expect(blockedOf(status)).toEqual([{ by: 'since', found: ['it has no since'] }]);
    expect(since).toBeDefined();
  });

  it.each([
    ['this wave came to its stage', [], '2026-11-20T08:00:00Z'],
    [
      'the other wave came back',
      [{ from: 'pod-identity', to: 'cutover', at: '2026-11-25T08:00:00Z' }],
      '2026-11-25T08:00:00Z',
    ],
    [
      'this wave came to its stage, where the other one moved forward since',
      [{ from: 'dual', to: 'cutover', at: '2026-11-25T08:00:00Z' }],
      '2026-11-20T08:00:00Z',
    ],
  ] as const)('is the wave before it, since %s', (_, moves, since) => {
    const next: Next = { kind: 'wait', to: 'pod-identity', reason: 'comes after first', after: 'first', command };
    const history = moves.map((move) => ({ ...move, wave: 'first', environment: 'prod' }));
    expect(blockedOf(statusWith(next), history)).toEqual([{ by: 'after', found: ['comes after first'], since }]);
  });

  it('is what the inventory would refuse', () => {
    const next: Next = {
      kind: 'fix',
      to: 'pod-identity',
      obstacles: [{ found: 'inventory.yaml:4: x', remedy: [] }],
      command,
    };
    expect(blockedOf(statusWith(next))).toEqual([{ by: 'inventory', found: ['inventory.yaml:4: x'] }]);
  });

  it.each([
    ['no', 'pod-credentials of api on main: one pod is old'],
    ['unknown', 'pod-credentials of api on main, not checked: one pod is old'],
  ] as const)('is a check of the gate that says %s', (holds, found) => {
    const next: Next = { kind: 'advance', to: 'pod-identity', command };
    expect(blockedOf(statusWith(next), [], [gateWith('pod-credentials', holds)])).toEqual([
      { by: 'gate', found: [found] },
    ]);
  });

  it('is not said twice where the gate waits for the same soak', () => {
    const next: Next = { kind: 'wait', to: 'pod-identity', reason: 'the soak lasts another 6d', command };
    expect(blockedOf(statusWith(next, { soak: soaking }), [], [gateWith('soak', 'no')])).toHaveLength(1);
  });

  it('is nothing where the gate passes', () => {
    const next: Next = { kind: 'advance', to: 'pod-identity', command };
    const [progress] = progressOf(
      { waves: [statusWith(next)], outside: [] },
      [],
      [{ ...gateWith('soak', 'no', 'passes') }],
    );
    expect(progress).toMatchObject({ gate: 'passes' });
    expect(progress).not.toHaveProperty('blocked');
  });
});
