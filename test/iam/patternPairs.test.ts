import { compilePattern, globCovers, patternsMeet } from '../../src/iam/matchPattern';

describe('two patterns', () => {
  it.each([
    ['a*', '*b', true],
    ['a*', 'b*', false],
    ['a?', 'ab', true],
    ['a?', 'a', false],
    ['*', '', true],
    ['?*', '', false],
    ['a*c', 'ab', false],
    ['*a*', '*b*', true],
    ['repo:acme/*', 'repo:*/deploy:*', true],
    ['', '', true],
  ])('%s and %s have a common text: %s', (one, other, expected) => {
    expect(patternsMeet(compilePattern(one), compilePattern(other))).toBe(expected);
    expect(patternsMeet(compilePattern(other), compilePattern(one))).toBe(expected);
  });
});

describe('a pattern', () => {
  it.each([
    ['a*', 'ab', true],
    ['a*', 'ab*', true],
    ['a?', 'ab', true],
    ['a?*', 'a?*', true],
    ['a?', 'a*', false],
    ['?*', 'a*', false],
    ['ab', 'a*', false],
  ])('%s covers %s: %s', (wide, narrow, expected) => {
    expect(globCovers(wide, narrow)).toBe(expected);
  });
});
