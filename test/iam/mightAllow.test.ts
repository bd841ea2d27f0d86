import { mightAllow } from '../../src/iam/mightAllow';
import type { Statement } from '../../src/iam/PolicyDocument';

const ACCESS = { actions: ['iam:CreateUser', 'iam:TagRole'] };
const ANY = { actions: ['sts:AssumeRole', 'iam:PassRole'], resources: ['arn:aws:iam::333333333333:role/nobody'] };
const granted = (statements: readonly Partial<Statement>[], access: Parameters<typeof mightAllow>[1] = ACCESS) =>
  mightAllow(
    {
      Version: '2012-10-17',
      Statement: statements.map((one) => ({
        Effect: 'Allow',
        ...('NotResource' in one ? {} : { Resource: '*' }),
        ...one,
      })),
    },
    access,
  ).flatMap(({ index, actions }) => actions.map((action) => `${index} ${action}`));

describe('a statement might allow an action', () => {
  it.each<[string, readonly Partial<Statement>[], readonly string[]]>([
    ['by its name', [{ Action: 'iam:CreateUser' }], ['0 iam:CreateUser']],
    ['in other letters', [{ Action: 'IAM:createuser' }], ['0 iam:CreateUser']],
    ['by a pattern', [{ Action: 's3:*' }, { Action: 'iam:Create*' }], ['1 iam:CreateUser']],
    ['by everything', [{ Action: '*' }], ['0 iam:CreateUser', '0 iam:TagRole']],
    ['by NotAction', [{ NotAction: 'iam:Tag*' }], ['0 iam:CreateUser']],
    ['by NotResource', [{ Action: 'iam:TagRole', NotResource: 'arn:aws:iam::*:role/admin' }], ['0 iam:TagRole']],
    ['on one resource', [{ Action: 'iam:TagRole', Resource: 'arn:aws:iam::333333333333:role/x-*' }], ['0 iam:TagRole']],
    [
      'on a resource with a variable',
      [{ Action: 'iam:TagRole', Resource: 'arn:aws:iam::333333333333:role/${aws:username}' }],
      ['0 iam:TagRole'],
    ],
    [
      'under a condition',
      [{ Action: 'iam:TagRole', Condition: { StringEquals: { 'aws:PrincipalAccount': '333333333333' } } }],
      ['0 iam:TagRole'],
    ],
    [
      'although a statement denies it under a condition',
      [
        { Action: 'iam:TagRole' },
        { Effect: 'Deny', Action: 'iam:*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } },
      ],
      ['0 iam:TagRole'],
    ],
    [
      'although a statement denies it on another resource',
      [{ Action: 'iam:TagRole' }, { Effect: 'Deny', Action: 'iam:*', Resource: 'arn:aws:iam::*:role/admin' }],
      ['0 iam:TagRole'],
    ],
  ])('%s', (_, statements, expected) => {
    expect(granted(statements)).toEqual(expected);
  });
});

describe('a statement does not allow an action', () => {
  it.each<[string, readonly Partial<Statement>[]]>([
    ['of another name', [{ Action: ['s3:*', 'iam:GetUser'] }]],
    ['that NotAction leaves out', [{ NotAction: ['iam:*'] }]],
    ['that another statement denies', [{ Action: '*' }, { Effect: 'Deny', Action: 'iam:*' }]],
    ['by denying it', [{ Effect: 'Deny', Action: 'iam:*' }]],
  ])('%s', (_, statements) => {
    expect(granted(statements)).toEqual([]);
  });
});

it.each<[string, Partial<Statement>, boolean]>([
  ['one role', { Resource: 'arn:aws:iam::333333333333:role/ledger' }, false],
  ['roles whose names begin alike', { Resource: 'arn:aws:iam::333333333333:role/app-*' }, false],
  ['every role of the account', { Resource: 'arn:aws:iam::333333333333:role/*' }, true],
  ['every role of any account', { Resource: 'arn:aws:iam::*:role/*' }, true],
  ['everything', { Resource: '*' }, true],
  ['every role of another account', { Resource: 'arn:aws:iam::444444444444:role/*' }, false],
])('with resources, only a statement on one of them counts: %s', (_, statement, expected) => {
  expect(granted([{ Action: ['sts:AssumeRole', 'iam:PassRole'], ...statement }], ANY).length > 0).toBe(expected);
});
