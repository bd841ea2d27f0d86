import fc from 'fast-check';
import {
  compilePattern,
  compilePieces,
  endsOpen,
  matchesEverything,
  matchPattern,
  splitPattern,
} from '../../src/iam/matchPattern';

describe('a pattern', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'A', false],
    ['*', '', true],
    ['*', 'any thing', true],
    ['?', '', false],
    ['?', 'a', true],
    ['?', 'ab', false],
    ['a*c', 'ac', true],
    ['a*c', 'abbbc', true],
    ['a*c', 'abbbcd', false],
    ['*a*b', 'xaxbxb', true],
    ['a?*b', 'ab', false],
    ['a?*b', 'axb', true],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['a+', 'aa', false],
    ['bucket/*/test/*', 'bucket/1/2/test/3/object.jpg', true],
    ['bucket/*/test/*', 'bucket/1-test/object.jpg', false],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(matchPattern(compilePattern(pattern), text)).toBe(expected);
  });

  it('takes wildcards in literal pieces for themselves', () => {
    const pattern = compilePieces([
      { text: 'a*', literal: false },
      { text: '*?', literal: true },
    ]);
    expect(matchPattern(pattern, 'abc*?')).toBe(true);
    expect(matchPattern(pattern, 'abcde')).toBe(false);
  });

  it('matches as a regular expression of the same meaning does', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((parts) => parts.join(''));
    const texts = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(letters, texts, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchPattern(compilePattern(pattern), text)).toBe(expression.test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['*a'.repeat(300) + 'b', 'a'.repeat(6_000)],
    ['a*'.repeat(300) + 'b', 'a'.repeat(6_000)],
    ['?*'.repeat(300) + 'b', 'a'.repeat(6_000)],
  ])('is not slowed down without bound by hostile patterns (%#)', (pattern, text) => {
    expect(matchPattern(compilePattern(pattern), text)).toBe(false);
    expect(matchPattern(compilePattern(pattern), `${text}b`)).toBe(true);
  });

  it('is cut at its first colons', () => {
    const cut = (text: string, most: number): readonly string[] =>
      splitPattern(compilePattern(text), most).map(({ exact, codes }) => exact ?? `${codes.length} codes`);
    expect(cut('a:b:c:d', 3)).toEqual(['a', 'b', 'c:d']);
    expect(cut('a:b', 3)).toEqual(['a', 'b']);
    expect(cut('a:b*:c', 3)).toEqual(['a', '2 codes', 'c']);
    expect(cut('', 3)).toEqual(['']);
    expect(cut(':a::b', 5)).toEqual(['', 'a', '', 'b']);
  });

  it('knows whether it matches everything, and whether it ends open', () => {
    expect(['*', '**', '', '*a', '?'].map((text) => matchesEverything(compilePattern(text)))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['*', 'a*', '*a', 'a?'].map((text) => endsOpen(compilePattern(text)))).toEqual([true, true, false, false]);
  });
});
