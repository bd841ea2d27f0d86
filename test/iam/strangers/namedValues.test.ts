import type { ConditionBlock, Statement } from '../../../src/iam/PolicyDocument';
import { namedTexts, namedValues, withAccount } from '../../../src/iam/strangers/namedValues';

const KEY = 'aws:SourceAccount';
const isKey = (key: string) => key === 'aws:sourceaccount';
const statementOf = (Condition: ConditionBlock, Effect: Statement['Effect'] = 'Allow'): Statement => ({
  Effect,
  Principal: '*',
  Action: 'sts:AssumeRole',
  Condition,
});
const on = (operator: string, value: string | string[], effect?: Statement['Effect']) =>
  statementOf({ [operator]: { [KEY]: value } }, effect);

describe('a condition names the values', () => {
  it.each([
    ['that an Allow asks for', on('StringEquals', 'a'), ['a']],
    ['of a list', on('ForAnyValue:StringLike', ['a', 'b']), ['a', 'b']],
    ['that a Deny spares', on('StringNotEqualsIfExists', 'a', 'Deny'), ['a']],
    [
      'of the key in any case',
      statementOf({ StringEquals: { 'AWS:sourceaccount': 'a', 'aws:SourceArn': 'b' } }),
      ['a'],
    ],
    ['that are numbers', statementOf({ NumericEquals: { [KEY]: 111122223333 } }), ['111122223333']],
    ['that an Allow excludes: none', on('StringNotEquals', 'a'), []],
    ['that a Deny is about: none', on('StringEquals', 'a', 'Deny'), []],
    ['of Null, which are no values of the key: none', on('Null', 'false'), []],
    ['of Null in a set: none', on('ForAnyValue:null', 'true'), []],
    ['of no condition: none', { Effect: 'Allow', Principal: '*', Action: '*' } satisfies Statement, []],
  ])('%s', (_, statement, expected) => {
    expect(namedValues([statement], isKey)).toEqual(expected);
    expect(namedTexts([statement], isKey)).toEqual(expected);
  });

  it.each([
    ['a pattern is a value and no text', 'StringLike', 'a*', ['a*'], []],
    ['a pattern with ? is a value and no text', 'ArnEquals', 'a?', ['a?'], []],
    ['a star without meaning is in a text', 'StringEquals', 'a*', ['a*'], ['a*']],
    ['a star without meaning and without case is in a text', 'StringEqualsIgnoreCase', 'a?', ['a?'], ['a?']],
    ['an escaped star is in a text', 'StringLike', 'a${*}b${?}${$}', [], ['a*b?$']],
    ['an escaped star beside a wildcard is in a pattern', 'StringLike', 'a${*}b*', [], []],
    ['a variable names nothing', 'StringEquals', '${aws:username}', [], []],
    ['a variable beside an escaped star names nothing', 'StringEquals', '${*}${aws:username}', [], []],
  ])('%s', (_, operator, value, values, texts) => {
    expect(namedValues([on(operator, value)], isKey)).toEqual(values);
    expect(namedTexts([on(operator, value)], isKey)).toEqual(texts);
  });

  it('under StringNotEquals of a Deny, with a star without meaning', () => {
    expect(namedTexts([on('StringNotEquals', 'a*', 'Deny'), on('StringNotLike', 'b*', 'Deny')], isKey)).toEqual(['a*']);
  });
});

describe('the account of the role takes the place of its variable', () => {
  it('in every value that is a text', () => {
    const written = statementOf({
      StringLike: {
        [KEY]: ['${aws:ResourceAccount}', 'x'],
        'aws:SourceArn': 'a:${AWS:resourceaccount}:${aws:ResourceAccount}',
      },
      NumericEquals: { a: 5 },
      Bool: { 'aws:SecureTransport': [true, 'false'] },
    });
    expect(withAccount(written, '111122223333')).toEqual(
      statementOf({
        StringLike: { [KEY]: ['111122223333', 'x'], 'aws:SourceArn': ['a:111122223333:111122223333'] },
        NumericEquals: { a: [5] },
        Bool: { 'aws:SecureTransport': [true, 'false'] },
      }),
    );
  });

  it('and a statement without conditions is unchanged', () => {
    const written: Statement = { Effect: 'Allow', Principal: '*', Action: '*' };
    expect(withAccount(written, '111122223333')).toEqual(written);
  });
});
