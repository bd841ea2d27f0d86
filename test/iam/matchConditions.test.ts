import { untrueConditions } from '../../src/iam/matchConditions';
import type { ConditionBlock, Statement } from '../../src/iam/PolicyDocument';

const CONTEXT = new Map([
  ['aws:a', ['x']],
  ['aws:list', ['x', 'y']],
  ['aws:blank', ['']],
  ['aws:half', ['', 'x']],
]);

function failed(Condition: ConditionBlock, Effect: Statement['Effect'] = 'Allow', variables = true) {
  return untrueConditions({ Effect, Condition }, CONTEXT, variables).failed;
}

/** Operator, key, wanted, whether it holds over the context above. */
const SINGLE: readonly (readonly [string, string, string | string[], boolean])[] = [
  ['StringEquals', 'aws:a', 'x', true],
  ['StringEquals', 'AWS:A', 'x', true],
  ['StringEquals', 'aws:a', ['y', 'x'], true],
  ['StringEquals', 'aws:a', 'y', false],
  ['StringEquals', 'aws:a', [], false],
  ['StringNotEquals', 'aws:a', 'y', true],
  ['StringNotEquals', 'aws:a', ['y', 'x'], false],
  ['StringNotEquals', 'aws:a', [], true],
  // A missing key.
  ['StringEquals', 'aws:none', 'x', false],
  ['StringNotEquals', 'aws:none', 'x', true],
  ['ArnNotLike', 'aws:none', 'arn:aws:s3:::*', true],
  ['NumericLessThan', 'aws:none', '1', false],
  ['NotIpAddress', 'aws:none', '10.0.0.0/8', true],
  ['StringEqualsIfExists', 'aws:none', 'x', true],
  ['StringEqualsIfExists', 'aws:a', 'y', false],
  ['StringNotEqualsIfExists', 'aws:none', 'x', true],
  ['Bool', 'aws:none', 'false', false],
  ['BoolIfExists', 'aws:none', 'true', true],
  // Null.
  ['Null', 'aws:none', 'true', true],
  ['Null', 'aws:none', 'false', false],
  ['Null', 'aws:a', 'false', true],
  ['Null', 'aws:a', 'true', false],
  ['Null', 'aws:a', ['true', 'false'], true],
  ['Null', 'aws:blank', 'false', true],
  // Sets.
  ['ForAllValues:StringEquals', 'aws:list', ['x', 'y', 'z'], true],
  ['ForAllValues:StringEquals', 'aws:list', ['x'], false],
  ['ForAllValues:StringEquals', 'aws:none', ['x'], true],
  ['ForAllValues:StringEquals', 'aws:blank', ['x'], true],
  // Only a set whose values are all empty counts as absent.
  ['ForAllValues:StringEquals', 'aws:half', ['x'], false],
  ['ForAnyValue:StringEquals', 'aws:half', ['x'], true],
  ['StringEquals', 'aws:blank', '', true],
  ['StringNotEquals', 'aws:blank', '', false],
  ['ForAllValues:StringNotEquals', 'aws:list', ['z'], true],
  ['ForAllValues:StringNotEquals', 'aws:list', ['y'], false],
  ['ForAnyValue:StringEquals', 'aws:list', ['y', 'z'], true],
  ['ForAnyValue:StringEquals', 'aws:list', ['z'], false],
  ['ForAnyValue:StringEquals', 'aws:none', ['x'], false],
  ['ForAnyValue:StringEquals', 'aws:blank', [''], false],
  ['ForAnyValue:StringNotEquals', 'aws:list', ['y'], true],
  ['ForAnyValue:StringNotEquals', 'aws:list', ['x', 'y'], false],
  ['ForAnyValue:StringNotEquals', 'aws:none', ['x'], false],
  ['ForAnyValue:StringEqualsIfExists', 'aws:none', ['x'], false],
  ['ForAllValues:StringEqualsIfExists', 'aws:none', ['x'], true],
  // Several values without a set operator.
  ['StringEquals', 'aws:list', 'y', true],
  ['StringNotEquals', 'aws:list', 'y', false],
  // Policy variables.
  ['StringEquals', 'aws:a', '${aws:a}', true],
  ['StringEquals', 'aws:a', '${aws:none}', false],
  ['StringNotEquals', 'aws:a', '${aws:none}', true],
  ['StringEquals', 'aws:a', "${aws:none, 'x'}", true],
];

describe('a condition', () => {
  it.each(SINGLE)('%s %s %j: %s', (operator, key, wanted, expected) => {
    expect(failed({ [operator]: { [key]: wanted } }).length === 0).toBe(expected);
  });

  it('compares numbers and truth values as text', () => {
    const context = new Map([
      ['aws:n', ['5']],
      ['aws:b', ['true']],
    ]);
    const Condition = { NumericEquals: { 'aws:n': 5 }, Bool: { 'aws:b': true }, StringEquals: { 'aws:n': ['4', 5] } };
    expect(untrueConditions({ Effect: 'Allow', Condition }, context, true).failed).toEqual([]);
  });

  it('reads no policy variables where the version has none', () => {
    expect(failed({ StringEquals: { 'aws:a': '${aws:a}' } }, 'Allow', false)).toHaveLength(1);
  });

  it('reads no policy variables in numbers', () => {
    const context = new Map([['aws:n', ['5']]]);
    const Condition = { NumericEquals: { 'aws:n': '${aws:n}' } };
    expect(untrueConditions({ Effect: 'Allow', Condition }, context, true).failed).toHaveLength(1);
  });

  it('is true of every request where there is none', () => {
    expect(untrueConditions({ Effect: 'Allow' }, CONTEXT, true)).toEqual({ failed: [], open: [] });
    expect(untrueConditions({ Effect: 'Allow', Condition: {} }, CONTEXT, true)).toEqual({ failed: [], open: [] });
  });

  it('of an unknown operator never lets anyone in', () => {
    expect(failed({ StringMatches: { 'aws:a': 'x' } }, 'Allow')).toHaveLength(1);
    expect(failed({ StringMatches: { 'aws:a': 'x' } }, 'Deny')).toEqual([]);
  });

  it('that fails is given with key, wanted and found, every one of them', () => {
    expect(
      failed({
        StringEquals: { 'aws:a': ['y', '${aws:a}z'], 'aws:list': 'x', 'aws:none': 'x' },
        Null: { 'aws:a': 'true' },
        StringLike: { 'aws:list': '${aws:none}' },
      }),
    ).toStrictEqual([
      { operator: 'StringEquals', key: 'aws:a', wanted: ['y', 'xz'], found: ['x'] },
      { operator: 'StringEquals', key: 'aws:none', wanted: ['x'] },
      { operator: 'Null', key: 'aws:a', wanted: ['true'], found: ['x'] },
      { operator: 'StringLike', key: 'aws:list', wanted: ['${aws:none}'], found: ['x', 'y'] },
    ]);
  });
});
