import { seededPropagation } from '../../src/sandbox/world/seededPropagation';

describe('Seeded delays', () => {
  const viewers = ['webhook 0', 'webhook 1', 'eks-auth', 'eks'] as const;
  const changes = Array.from({ length: 50 }, (_, index) => `cluster shop/api ${index}`);
  const drawn = (seed: string) => {
    const propagation = seededPropagation(seed, { fromMs: 1000, toMs: 10_000 });
    return changes.map((change) => viewers.map((viewer) => propagation(viewer, change, true)));
  };

  it('are the same for the same seed, and others for another one', () => {
    expect(drawn('a')).toEqual(drawn('a'));
    expect(drawn('a')).not.toEqual(drawn('b'));
  });

  it('are between their limits, spread, and differ between the viewers of one change', () => {
    const all = drawn('a').flat();
    expect(Math.min(...all)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...all)).toBeLessThanOrEqual(10_000);
    expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(7000);
    expect(drawn('a').every((one) => new Set(one).size === viewers.length)).toBe(true);
  });
});
