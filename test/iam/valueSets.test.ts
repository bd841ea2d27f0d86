import fc from 'fast-check';
import { OPERATORS } from '../../src/iam/conditions/operators';
import { untrueConditions } from '../../src/iam/matchConditions';
import { compilePattern, globCovers, matchPattern, patternsMeet } from '../../src/iam/matchPattern';
import type { ValueSet } from '../../src/iam/Request';
import { requestContext } from '../../src/iam/requestContext';

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
  ])('%s and %s: %s', (one, other, expected) => {
    expect(patternsMeet(compilePattern(one), compilePattern(other))).toBe(expected);
    expect(patternsMeet(compilePattern(other), compilePattern(one))).toBe(expected);
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

/** What a condition is for a set of values: sure, or open. */
function truth(operator: string, wanted: readonly string[], set: ValueSet): boolean | 'open' {
  const context = requestContext({ caller: { kind: 'anonymous' }, action: 'a:B', resource: '*', sets: { key: set } });
  const { failed, open } = untrueConditions(
    { Effect: 'Allow', Condition: { [operator]: { key: wanted } } },
    context,
    true,
  );
  return open.length > 0 ? 'open' : failed.length === 0;
}

function truthOfOne(operator: string, wanted: readonly string[], value: string): boolean {
  const context = requestContext({
    caller: { kind: 'anonymous' },
    action: 'a:B',
    resource: '*',
    context: { key: value },
  });
  return (
    untrueConditions({ Effect: 'Allow', Condition: { [operator]: { key: wanted } } }, context, true).failed.length === 0
  );
}

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
          const found = truth(operator, wanted, { like, except });
          if (found === 'open') return;
          sure += 1;
          expect(found).toBe(truthOfOne(operator, wanted, value));
        },
      ),
      { numRuns: 40_000 },
    );
    expect(sure).toBeGreaterThan(2_000);
  });

  it.each<[string, string[], ValueSet, boolean | 'open']>([
    ['StringEquals', ['own'], { like: '*', except: ['own'] }, false],
    ['StringNotEquals', ['own'], { like: '*', except: ['own'] }, true],
    ['StringEquals', ['own', 'admin'], { like: '*', except: ['own'] }, 'open'],
    ['StringLike', ['ow*'], { like: '*', except: ['own'] }, 'open'],
    ['StringLike', ['own'], { like: '*', except: ['own'] }, false],
    ['StringLike', ['*'], { like: '*', except: ['own'] }, true],
    ['StringLike', ['a:*'], { like: 'b:*', except: [] }, false],
    ['StringLike', ['a:*'], { like: 'a:b:*', except: [] }, true],
    ['StringLike', ['a:b:c*'], { like: 'a:*', except: ['a:b:*'] }, false],
    ['StringEqualsIgnoreCase', ['OWN'], { like: '*', except: ['own'] }, 'open'],
    ['StringEqualsIgnoreCase', ['OWN'], { like: '*', except: ['own'], lowerCase: true }, false],
    ['ArnLike', ['arn:aws:iam::1:role/*'], { like: 'arn:aws:iam::1:role/a*', except: [] }, true],
    ['ArnLike', ['arn:aws:iam::1:role/*'], { like: 'arn:aws:iam::2:*', except: [] }, false],
    ['ArnLike', ['*'], { like: 'arn:aws:iam::2:*', except: [] }, 'open'],
    ['ForAnyValue:StringEquals', ['own'], { like: '*', except: ['own'] }, false],
    ['ForAllValues:StringEquals', ['own'], { like: '*', except: ['own'] }, false],
    ['StringEqualsIfExists', ['own'], { like: '*', except: ['own'] }, false],
    ['Null', ['true'], { like: '*', except: [] }, false],
    ['StringEquals', ['own'], { like: 'own', except: [] }, true],
    ['StringEquals', ['ow*'], { like: '*', except: [], exceptTexts: ['ow*'] }, false],
    ['StringLike', ['ow*'], { like: '*', except: [], exceptTexts: ['ow*'] }, 'open'],
    ['StringLike', ['ow${*}'], { like: '*', except: [], exceptTexts: ['ow*'] }, false],
    ['StringLike', ['own'], { like: '*', except: [], exceptTexts: ['own'] }, false],
    ['StringEquals', ['OWN', 'ow*'], { like: '*', except: [], lowerCase: true }, false],
    ['StringEqualsIgnoreCase', ['OWN'], { like: 'own', except: [], lowerCase: true }, true],
    ['StringEqualsIgnoreCase', ['OTHER'], { like: 'own*', except: [] }, false],
    // It matches as a whole, but not part by part.
    ['ArnLike', ['arn:aws:s:*:1:finance/*'], { like: 'arn:aws:s:r:9:store/abc:1:finance/x*', except: [] }, 'open'],
    // Operators whose values have no patterns are open for every set; without a wanted value nothing matches.
    ['NumericEquals', ['1'], { like: '*', except: [] }, 'open'],
    ['NumericEquals', [], { like: '*', except: [] }, false],
    ['NumericNotEquals', [], { like: '*', except: [] }, true],
    // A variable without a value can have any.
    ['StringLike', ['*', '${aws:none}'], { like: '*', except: [] }, true],
    ['StringLike', ['b', '${aws:none}'], { like: 'a*', except: [] }, 'open'],
    ['StringEquals', ['${aws:none}'], { like: 'a*', except: [] }, 'open'],
    ['Null', ['false'], { like: '*', except: [] }, true],
    ['Null', ['FALSE'], { like: '*', except: [] }, true],
  ])('%s %j of %j: %s', (operator, wanted, set, expected) => {
    expect(truth(operator, wanted, set)).toBe(expected);
  });
});

describe('a pattern that covers another', () => {
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

  it('matches each text of it', () => {
    fc.assert(
      fc.property(globs, globs, texts, (wide, narrow, text) => {
        if (globCovers(wide, narrow) && matches(narrow, text)) expect(matches(wide, text)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
