import fc from 'fast-check';
import { matchingActions } from '../../src/inventory/iamCatalogue';
import { matchesGlob, matchesWildcards } from '../../src/inventory/reading/globs';
import { changed, checkMarked } from './marked';

describe('matchesWildcards', () => {
  it.each([
    ['getobject', 'getobject', true],
    ['get*', 'get', true],
    ['*object*', 'getobjectacl', true],
    ['g?t*t', 'getobject', true],
    ['g?t', 'gt', false],
    ['*a*b', 'aab', true],
    ['*ab', 'aab', true],
    ['a*b?c', 'abxbyc', true],
    ['', '', true],
    ['*', '', true],
    ['?', '', false],
    ['a.c', 'abc', false],
  ])('%s against %s: %s', (pattern, text, matches) => {
    expect(matchesWildcards(pattern, text)).toBe(matches);
  });

  it('agrees with a regular expression', () => {
    const letters = (...from: readonly string[]) => fc.string({ unit: fc.constantFrom(...from), maxLength: 8 });
    fc.assert(
      fc.property(letters('a', 'b', '*', '?'), letters('a', 'b'), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesWildcards(pattern, text)).toBe(expression.test(text));
      }),
    );
  });
});

describe('a hostile pattern of thousands of characters', () => {
  const hostile = `${'*?'.repeat(5000)}q`;

  it('matches nothing when every character asks for one more', () => {
    expect(matchesWildcards(hostile, 'x'.repeat(4000))).toBe(false);
    expect(matchesWildcards(`${'*'.repeat(5000)}q`, 'x'.repeat(4000))).toBe(false);
    expect(matchesWildcards(`${'*x'.repeat(2000)}q`, 'x'.repeat(4000))).toBe(false);
    expect(matchesWildcards('*?'.repeat(4000), 'x'.repeat(4000))).toBe(true);
  });

  it.each(['*?'.repeat(20), '*?'.repeat(5000)])('expands to no action', (pattern) => {
    expect(matchingActions(`ec2:${pattern}q`)).toEqual([]);
  });

  it('is a finding in an inventory, and matches no file', () => {
    const text = changed({
      append: `    permissions: { statements: [{ actions: ["ec2:${'*?'.repeat(20)}qq"], resources: ["arn:aws:ec2:us-west-2:111111111111:x"] }] }\n`,
    });
    expect(checkMarked({ 'inventory.yaml': text }).loaded.findings.map(({ rule }) => rule)).toEqual(['unknown-action']);
    expect(matchesGlob(`**/${'*?'.repeat(30)}q`, `a/${'x'.repeat(100)}`)).toBe(false);
    expect(matchesGlob(`${'**/'.repeat(300)}q`, 'a/'.repeat(300))).toBe(false);
  });
});
