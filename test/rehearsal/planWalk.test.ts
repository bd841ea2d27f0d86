import fc from 'fast-check';
import { type Move, planWalk } from '../../src/rehearsal/planWalk';
import { STAGES, type Stage, type Wave } from '../../src/inventory/Inventory';

const wave = (key: string, stage: Stage, after?: string): Wave => ({
  key,
  ...(after === undefined ? {} : { after }),
  stages: { dev: { stage } },
});
const shown = (moves: readonly Move[]) => moves.map(({ wave, from, to }) => `${wave} ${from}>${to}`);

describe('the walk of a rehearsal', () => {
  it('takes every step both ways and ends where it began', () => {
    const moves = planWalk({
      waves: [wave('pilot', 'dual')],
      environment: 'dev',
      rehearsed: ['pilot'],
      to: 'pod-identity',
    });
    expect(shown(moves)).toEqual([
      'pilot dual>cutover',
      'pilot cutover>pod-identity',
      'pilot pod-identity>cutover',
      'pilot cutover>dual',
      'pilot dual>prepared',
      'pilot prepared>irsa',
      'pilot irsa>prepared',
      'pilot prepared>dual',
    ]);
  });

  it('goes no further than it is asked to', () => {
    const moves = planWalk({ waves: [wave('pilot', 'irsa')], environment: 'dev', rehearsed: ['pilot'], to: 'dual' });
    expect(shown(moves)).toEqual([
      'pilot irsa>prepared',
      'pilot prepared>dual',
      'pilot dual>prepared',
      'pilot prepared>irsa',
    ]);
  });

  const order: fc.Arbitrary<Wave[]> = fc
    .array(fc.integer({ min: 0, max: STAGES.length - 1 }), { minLength: 1, maxLength: 4 })
    .map((stages) => [...stages].sort((a, b) => b - a))
    .map((stages) => stages.map((stage, i) => wave(`w${i}`, STAGES[stage]!, i === 0 ? undefined : `w${i - 1}`)));

  it('moves one stage at a time, never a wave ahead of the one it comes after, and home at the end', () => {
    fc.assert(
      fc.property(order, fc.nat(), fc.constantFrom(...STAGES), (waves, pick, to) => {
        const rehearsed = [`w${pick % waves.length}`];
        const at = new Map(waves.map(({ key, stages }) => [key, STAGES.indexOf(stages.dev!.stage)]));
        const start = new Map(at);
        for (const move of planWalk({ waves, environment: 'dev', rehearsed, to })) {
          expect(at.get(move.wave)).toBe(STAGES.indexOf(move.from));
          expect(Math.abs(STAGES.indexOf(move.to) - STAGES.indexOf(move.from))).toBe(1);
          at.set(move.wave, STAGES.indexOf(move.to));
          for (const { key, after } of waves)
            if (after !== undefined) expect(at.get(key)).toBeLessThanOrEqual(at.get(after)!);
        }
        expect(at).toEqual(start);
      }),
    );
  });

  it('walks each rehearsed wave from irsa to pod-identity and back', () => {
    fc.assert(
      fc.property(order, (waves) => {
        const moves = planWalk({
          waves,
          environment: 'dev',
          rehearsed: waves.map(({ key }) => key),
          to: 'pod-identity',
        });
        for (const { key } of waves) {
          const own = new Set(moves.filter((move) => move.wave === key).map(({ from, to }) => `${from}>${to}`));
          expect(own.size).toBe(2 * (STAGES.length - 1));
        }
      }),
    );
  });
});
