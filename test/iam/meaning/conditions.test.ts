import type { ConditionBlock } from '../../../src/iam/PolicyDocument';
import { sameMeaning } from '../../../src/iam/sameMeaning';
import { documentOf, isCovered, under } from './documents';

const TAG = 'aws:PrincipalTag/a';
/** A condition on one key. */
const on = (operator: string, values: ConditionBlock[string][string], key = TAG): ConditionBlock => ({
  [operator]: { [key]: values },
});
const areSame = (one: ConditionBlock, other: ConditionBlock) => {
  const [first, second] = [documentOf(under(one)), documentOf(under(other))];
  expect(sameMeaning(second, first)).toBe(sameMeaning(first, second));
  return sameMeaning(first, second);
};

describe('two conditions have the same meaning with', () => {
  it.each<[string, ConditionBlock, ConditionBlock]>([
    ['operator and key in other case', on('StringEquals', 'b'), on('stringequals', 'b', 'AWS:principaltag/A')],
    ['a truth value and its text', on('Bool', true), on('bool', ['True'])],
    ['a number and its text', on('NumericEquals', 5), on('NumericEquals', '5')],
    ['Null in other case', on('Null', 'TRUE'), on('Null', true)],
    ['an operator that ignores case', on('StringEqualsIgnoreCase', 'B'), on('StringEqualsIgnoreCase', 'b')],
    ['one that ignores case, negated', on('StringNotEqualsIgnoreCase', 'B'), on('StringNotEqualsIgnoreCase', 'b')],
    ['ArnEquals and ArnLike', on('ArnEquals', 'arn:aws:eks:*:*:*'), on('ArnLike', 'arn:aws:eks:*:*:**')],
    ['ArnNotEquals and ArnNotLike', on('ArnNotEquals', 'arn:aws:eks:*:*:**'), on('ArnNotLike', 'arn:aws:eks:*:*:*')],
    ['StringEquals, and StringLike without a wildcard', on('StringEquals', 'b'), on('StringLike', 'b')],
    [
      'StringNotEquals, and StringNotLike without a wildcard',
      on('StringNotEquals', ['b', 'c']),
      on('StringNotLike', ['c', 'b', 'b']),
    ],
    [
      'the same under a set and IfExists',
      on('ForAllValues:StringEqualsIfExists', ['b']),
      on('forallvalues:stringlikeifexists', 'b'),
    ],
    ['the same for any value', on('ForAnyValue:StringEquals', 'b'), on('ForAnyValue:StringLike', 'b')],
    ['two stars as wildcards', on('StringLike', 'b**'), on('StringLike', 'b*')],
    ['two stars as wildcards, negated', on('StringNotLike', 'b***c'), on('StringNotLike', 'b*c')],
    ['a value and what another value matches', on('StringLike', ['b*', 'bc']), on('StringLike', 'b*')],
    [
      'one key twice under one operator in two cases',
      { StringLike: { [TAG]: 'b*' }, stringlike: { [TAG]: 'b*' } },
      on('StringLike', 'b*'),
    ],
    ['no conditions, and an empty list of them', {}, { StringEquals: {} }],
  ])('%s', (_, one, other) => {
    expect(areSame(one, other)).toBe(true);
  });
});

describe('two conditions differ by', () => {
  it.each<[string, ConditionBlock, ConditionBlock]>([
    ['the key', on('StringEquals', 'b'), on('StringEquals', 'b', 'aws:PrincipalTag/b')],
    ['the case of a value', on('StringEquals', 'b'), on('StringEquals', 'B')],
    ['a star that is no wildcard', on('StringEquals', '*'), on('StringLike', '*')],
    ['a question mark that is no wildcard', on('StringNotEquals', 'b?'), on('StringNotLike', 'b?')],
    ['a wildcard in one value of several', on('StringNotEquals', ['b', 'c*']), on('StringNotLike', ['b', 'c*'])],
    ['a wildcard before a value without', on('StringNotEquals', ['b*', 'c']), on('StringNotLike', ['b*', 'c'])],
    ['two stars where stars are no wildcards', on('StringEquals', '**'), on('StringEquals', '*')],
    [
      'a star and a text that only ARNs can match',
      on('ArnLike', 'arn:aws:eks:*:*:*'),
      on('StringLike', 'arn:aws:eks:*:*:*'),
    ],
    ['IfExists', on('StringEquals', 'b'), on('StringEqualsIfExists', 'b')],
    ['a set', on('StringEquals', 'b'), on('ForAnyValue:StringEquals', 'b')],
    ['the kind of set', on('ForAllValues:StringEquals', 'b'), on('ForAnyValue:StringEquals', 'b')],
    ['negation', on('StringEquals', 'b'), on('StringNotEquals', 'b')],
    ['the value of Null', on('Null', true), on('Null', false)],
    ['an operator that IAM does not have', on('Null', true), on('NullIfExists', true)],
    ['the set of an operator that IAM does not have', on('StringIs', 'b'), on('ForAnyValue:StringIs', 'b')],
    ['no values, and no condition', on('StringEqualsIfExists', []), {}],
    ['no values, and a value', on('StringEquals', []), on('StringEquals', '')],
    [
      'a variable where the other has its text',
      on('StringLike', '${aws:username}'),
      on('StringEquals', '${aws:username}'),
    ],
    [
      'the case of a variable’s name in a value that is compared without case',
      on('StringEqualsIgnoreCase', '${aws:PrincipalTag/B}'),
      on('StringEqualsIgnoreCase', '${aws:PrincipalTag/b}'),
    ],
    [
      'two stars in a value with a variable',
      on('StringLike', '${aws:username}**'),
      on('StringLike', '${aws:username}*'),
    ],
  ])('%s', (_, one, other) => {
    expect(areSame(one, other)).toBe(false);
  });

  it.each([
    'StringNotEquals',
    'ForAllValues:StringEquals',
    'ForAllValues:StringNotEquals',
    'ArnNotLike',
    'NumericNotEquals',
    'StringIs',
  ])('several values under %s, and a statement for each value', (operator) => {
    const [all, first, second] = [['1', '2'], '1', '2'].map((values) => under(on(operator, values)));
    expect(sameMeaning(documentOf(all!), documentOf(first!, second!))).toBe(false);
  });
});

it.each(['StringEquals', 'ForAnyValue:StringLike', 'ArnLike', 'NumericEquals', 'Bool', 'Null', 'StringEqualsIfExists'])(
  'several values under %s are a statement for each value',
  (operator) => {
    const [all, first, second] = [['true', 'false'], 'true', 'false'].map((values) => under(on(operator, values)));
    expect(sameMeaning(documentOf(all!), documentOf(first!, second!))).toBe(true);
  },
);

describe('a condition takes in another one', () => {
  it.each<[string, ConditionBlock, ConditionBlock]>([
    ['as no condition', on('StringEquals', 'b'), {}],
    ['as one of its conditions', { ...on('StringEquals', 'b'), ...on('Bool', true) }, on('StringEquals', 'b')],
    ['as one of its values', on('StringEquals', 'b'), on('StringEquals', ['b', 'c'])],
    ['as a pattern for its text', on('StringEquals', 'bc'), on('StringLike', 'b?')],
    ['as a pattern for its pattern', on('StringLike', 'b*c'), on('StringLike', 'b*')],
    ['as a pattern for a text with a star that is no wildcard', on('StringEquals', 'b*'), on('StringLike', 'b?')],
    ['as a pattern for a text of a set', on('ForAnyValue:StringEquals', 'bc'), on('ForAnyValue:StringLike', 'b*')],
    ['as a pattern for a text, if it exists', on('StringEqualsIfExists', 'bc'), on('StringLikeIfExists', 'b*')],
  ])('%s', (_, narrow, wide) => {
    expect(isCovered(under(narrow), under(wide))).toBe(true);
    expect(isCovered(under(wide), under(narrow))).toBe(false);
  });
});

describe('a condition does not take in another one', () => {
  it.each<[string, ConditionBlock, ConditionBlock]>([
    ['with a star that is no wildcard', on('StringEquals', 'bc'), on('StringEquals', 'b*')],
    ['with a ? for the star of a pattern', on('StringLike', 'b*'), on('StringLike', 'b?')],
    ['on another key', on('StringEquals', 'bc'), on('StringLike', 'b*', 'aws:PrincipalTag/b')],
    ['that needs the key', on('StringEqualsIfExists', 'bc'), on('StringLike', 'b*')],
    ['of another set', on('ForAllValues:StringEquals', 'bc'), on('ForAnyValue:StringLike', 'b*')],
    ['on all values', on('ForAllValues:StringEquals', ['bc']), on('ForAllValues:StringLike', 'b*')],
    ['that is negated', on('StringNotEquals', 'bc'), on('StringNotLike', 'b*')],
    ['that compares ARNs', on('ArnEquals', 'arn:aws:eks:a:b:c'), on('ArnLike', 'arn:aws:eks:*:b:c')],
    ['that ignores case', on('StringEqualsIgnoreCase', 'bc'), on('StringLike', 'b*')],
    ['with a variable in the narrow value', on('StringLike', 'b${aws:username}'), on('StringLike', 'b*')],
    ['with a variable in the wide value', on('StringEquals', 'b${*'), on('StringLike', 'b${*')],
    [
      'with several values that a negated pattern matches',
      on('StringNotEquals', ['bc', 'bd']),
      on('StringNotLike', 'b*'),
    ],
  ])('%s', (_, narrow, wide) => {
    expect(isCovered(under(narrow), under(wide))).toBe(false);
  });
});
