import fc from 'fast-check';
import { OPERATORS } from '../../src/iam/conditions/operators';
import { compilePattern, globCovers, matchPattern, patternsMeet } from '../../src/iam/matchPattern';
import { truthOfOne, truthOfSet } from './conditions/truthOfSet';

/** Few letters, so that patterns and texts meet often. */
const letters = fc.constantFrom('a', 'b', ':', 'A');
const texts = fc.array(letters, { maxLength: 5 }).map((all) => all.join(''));
const globs = fc.array(fc.oneof(letters, fc.constantFrom('*', '?')), { maxLength: 5 }).map((all) => all.join(''));

const matches = (glob: string, text: string) => matchPattern(compilePattern(glob), text);

describe('two patterns', () => {
  it('meet wherever a text matches both', () => {
    fc.assert(
      fc.property(globs, globs, texts, (one, other, text) => {
        if (matches(one, text) && matches(other, text))
          expect(patternsMeet(compilePattern(one), compilePattern(other))).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });

  it('have a common text only if they meet: of those over short texts, each has one', () => {
    const short = ['', 'a', 'b', 'aa', 'ab', 'ba', 'bb', 'aaa', 'aab', 'aba', 'abb', 'baa', 'bab', 'bba', 'bbb'];
    const small = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 3 }).map((all) => all.join(''));
    fc.assert(
      fc.property(small, small, (one, other) => {
        if (one.length + other.length > 3 || !patternsMeet(compilePattern(one), compilePattern(other))) return;
        expect(short.some((text) => matches(one, text) && matches(other, text))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('a condition on a key of which only a set of values is known', () => {
  const operators = fc
    .tuple(fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'), fc.constantFrom(...Object.keys(OPERATORS), 'Null'))
    .map((parts) => parts.join(''));
  const values = fc.oneof(
    texts.filter((text) => text !== ''),
    fc.constantFrom(
      'arn:aws:iam::1:role/a',
      'arn:aws:iam::1:role/b',
      '1',
      '10.0.0.1',
      '::1',
      '2026-01-01',
      'true',
      'false',
    ),
  );
  const wantedValues = fc.array(
    fc.oneof(globs, values, fc.constantFrom('arn:*:iam::1:*', 'arn:aws:*', '0.0.0.0/0', '::/0', '*')),
    { maxLength: 3 },
  );

  it('is what it is for each value of the set, or open', () => {
    let sure = 0;
    fc.assert(
      fc.property(
        operators,
        wantedValues,
        globs,
        fc.array(globs, { maxLength: 2 }),
        values,
        (operator, wanted, glob, except, value) => {
          const like = fc.sample(fc.constantFrom(glob, '*', 'arn:aws:iam::1:*', value), {
            numRuns: 1,
            seed: glob.length,
          })[0]!;
          if (!matches(like, value) || except.some((one) => matches(one, value))) return;
          const found = truthOfSet(operator, wanted, { like, except });
          if (found === 'open') return;
          sure += 1;
          expect(found).toBe(truthOfOne(operator, wanted, value));
        },
      ),
      { numRuns: 40_000 },
    );
    expect(sure).toBeGreaterThan(2_000);
  });
});

describe('a pattern that covers another', () => {
  it('matches each text of it', () => {
    fc.assert(
      fc.property(globs, globs, texts, (wide, narrow, text) => {
        if (globCovers(wide, narrow) && matches(narrow, text)) expect(matches(wide, text)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
