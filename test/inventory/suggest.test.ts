import fc from 'fast-check';
import { listed, suggest } from '../../src/inventory/suggest';

describe('suggest', () => {
  it.each([
    ['regoin', ['account', 'region'], 'region'],
    ['Effect', ['effect'], 'effect'],
    ['managed_policies', ['managedPolicies'], 'managedPolicies'],
    ['statement', ['statements'], 'statements'],
    ['prd', ['dev', 'prod'], 'prod'],
    ['xyz', ['account', 'region'], undefined],
    ['x'.repeat(1000), ['x'.repeat(999)], undefined],
    ['a', [], undefined],
  ])('for %s of %j is %s', (name, allowed, expected) => {
    expect(suggest(name, allowed)).toBe(expected);
  });

  it('gives a name that is allowed for each one with a letter missing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-r]{4,12}$/), fc.nat(11), (name, position) => {
        const index = position % name.length;
        expect(suggest(name.slice(0, index) + name.slice(index + 1), [name])).toBe(name);
      }),
    );
  });
});

describe('listed', () => {
  it('says how many it leaves out', () => {
    expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
    expect(listed([])).toBe('none is defined');
  });
});
