import type { EvidenceFile } from '../../src/report/history';
import { movesOf } from '../../src/report/history';
import type { Stage, Wave, WaveStage } from '../../src/inventory/Inventory';

const inventoryWith = (stages: Readonly<Record<string, WaveStage>>) =>
  ({ waves: [{ key: 'pilot', stages }], accounts: [], environments: [] }) as Parameters<typeof movesOf>[0];
const commit = (name: string, stage: Stage, more: Partial<WaveStage> = {}) => ({
  commit: name,
  at: '2026-11-10T10:00:00Z',
  by: 'Jo',
  waves: [{ key: 'pilot', stages: { prod: { stage, ...more } } }] as readonly Pick<Wave, 'key' | 'stages'>[],
});
const evidence = (more: Partial<EvidenceFile['head']> = {}): EvidenceFile => ({
  file: '2026-11-12T090000Z-prod-pilot-prepared-dual.md',
  head: {
    format: 'podlift.evidence/1',
    environment: 'prod',
    wave: 'pilot',
    from: 'prepared',
    to: 'dual',
    at: '2026-11-12T09:00:00Z',
    estate: 'x.json',
    sha256: '',
    forced: false,
    accepted: [],
    by: { git: 'Mia <mia@example.com>', user: 'mia@laptop' },
    ...more,
  },
});

describe('the steps that were taken', () => {
  it('are the changes between the commits, the newest first, at the time that the inventory gives', () => {
    const commits = [
      commit('c1', 'irsa'),
      commit('c2', 'prepared', { since: '2026-11-11T08:00:00Z' }),
      commit('c3', 'dual', { since: '2026-11-12T09:00:00Z' }),
    ];
    expect(movesOf(inventoryWith(commits[2]!.waves[0]!.stages), ['prod'], commits, [])).toEqual([
      {
        at: '2026-11-12T09:00:00Z',
        environment: 'prod',
        wave: 'pilot',
        from: 'prepared',
        to: 'dual',
        by: 'Jo',
        commit: 'c3',
      },
      {
        at: '2026-11-11T08:00:00Z',
        environment: 'prod',
        wave: 'pilot',
        from: 'irsa',
        to: 'prepared',
        by: 'Jo',
        commit: 'c2',
      },
    ]);
  });

  it('have the time of the commit where the inventory gives none', () => {
    const commits = [commit('c1', 'irsa'), commit('c2', 'prepared')];
    expect(movesOf(inventoryWith({ prod: { stage: 'prepared' } }), ['prod'], commits, [])).toMatchObject([
      { at: '2026-11-10T10:00:00Z', commit: 'c2' },
    ]);
  });

  it('include one that is not committed yet', () => {
    const stages = { prod: { stage: 'dual', since: '2026-11-12T09:00:00Z' } } as const;
    expect(movesOf(inventoryWith(stages), ['prod'], [commit('c1', 'prepared')], [])).toEqual([
      { at: '2026-11-12T09:00:00Z', environment: 'prod', wave: 'pilot', from: 'prepared', to: 'dual' },
    ]);
  });

  it('include a step back', () => {
    const commits = [commit('c1', 'dual'), commit('c2', 'prepared', { since: '2026-11-11T08:00:00Z' })];
    expect(movesOf(inventoryWith(commits[1]!.waves[0]!.stages), ['prod'], commits, [])).toMatchObject([
      { from: 'dual', to: 'prepared' },
    ]);
  });

  it('are one entry where the evidence and a commit have the step, with who took it from the evidence', () => {
    const commits = [commit('c1', 'prepared'), commit('c2', 'dual', { since: '2026-11-12T09:00:00Z' })];
    const found = movesOf(inventoryWith(commits[1]!.waves[0]!.stages), ['prod'], commits, [evidence()]);
    expect(found).toEqual([
      {
        at: '2026-11-12T09:00:00Z',
        environment: 'prod',
        wave: 'pilot',
        from: 'prepared',
        to: 'dual',
        by: 'Mia <mia@example.com>',
        evidence: '2026-11-12T090000Z-prod-pilot-prepared-dual.md',
        commit: 'c2',
      },
    ]);
  });

  it('come from the evidence alone where git says nothing', () => {
    expect(movesOf(inventoryWith({ prod: { stage: 'cutover' } }), ['prod'], [], [evidence()])).toMatchObject([
      { from: 'prepared', to: 'dual', evidence: expect.any(String) },
    ]);
  });

  it('are the last step of each wave where nothing but the inventory is known', () => {
    const stages = { prod: { stage: 'dual', since: '2026-11-12T09:00:00Z' } } as const;
    expect(movesOf(inventoryWith(stages), ['prod'], [], [])).toEqual([
      { at: '2026-11-12T09:00:00Z', environment: 'prod', wave: 'pilot', to: 'dual' },
    ]);
  });

  it.each([
    ['forced', { because: 'late' }, { forced: true, because: 'late' }],
    ['accepted', { because: 'late', accepted: ['sdk'] }, { accepted: ['sdk'], because: 'late' }],
    ['taken', {}, {}],
  ])('say that a step was %s', (_, stage, expected) => {
    const commits = [commit('c1', 'prepared'), commit('c2', 'dual', { since: '2026-11-12T09:00:00Z', ...stage })];
    const [found] = movesOf(inventoryWith(commits[1]!.waves[0]!.stages), ['prod'], commits, []);
    const { forced, accepted, because } = found!;
    expect({ ...(forced && { forced }), ...(accepted && { accepted }), ...(because && { because }) }).toEqual(expected);
  });

  it('are of the environments that are asked for', () => {
    const stages = { prod: { stage: 'dual', since: '2026-11-12T09:00:00Z' } } as const;
    expect(movesOf(inventoryWith(stages), ['dev'], [], [])).toEqual([]);
  });

  it('leave out a wave that is new, which nobody moved', () => {
    const before = { ...commit('c1', 'irsa'), waves: [] };
    expect(movesOf(inventoryWith({ prod: { stage: 'dual' } }), ['prod'], [before, commit('c2', 'dual')], [])).toEqual(
      [],
    );
  });
});
