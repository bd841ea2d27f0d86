import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { showsNoChange } from '../../src/comparison/showsNoChange';
import { GITHUB, openPodIdentity, trustOf } from '../operations/discover/shapes';

const POD: Statement = openPodIdentity;

it.each<[string, PolicyDocument, PolicyDocument, boolean]>([
  ['the order of statements', trustOf(POD, GITHUB), trustOf(GITHUB, POD), true],
  ['the order of values', trustOf(POD), trustOf({ ...POD, Action: ['sts:AssumeRole', 'sts:TagSession'] }), true],
  [
    'a list of one',
    trustOf({ ...POD, Action: 'sts:AssumeRole' }),
    trustOf({ ...POD, Action: ['sts:AssumeRole'], Principal: { Service: ['pods.eks.amazonaws.com'] } }),
    true,
  ],
  [
    'the order of elements and of condition keys',
    trustOf(GITHUB),
    trustOf({
      ...Object.fromEntries(Object.entries(GITHUB).toReversed()),
      Effect: GITHUB.Effect,
      Condition: Object.fromEntries(Object.entries(GITHUB.Condition!).toReversed()),
    }),
    true,
  ],
  ['an empty Sid', trustOf(POD), trustOf({ Sid: '', ...POD }), true],
  ['one statement that is no list', trustOf(POD), { Version: '2012-10-17', Statement: POD }, true],
  ['a Sid', trustOf(POD), trustOf({ Sid: 'A', ...POD }), false],
  [
    'the case of an action',
    trustOf({ ...POD, Action: 'sts:assumerole' }),
    trustOf({ ...POD, Action: 'sts:AssumeRole' }),
    false,
  ],
  ['a statement that stands twice', trustOf(POD), trustOf(POD, POD), false],
  ['the version', trustOf(POD), { Version: '2008-10-17', Statement: [POD] }, false],
  ['an Id', trustOf(POD), { Id: 'x', ...trustOf(POD) }, false],
  [
    'an operator',
    trustOf(GITHUB),
    trustOf({ ...GITHUB, Condition: { StringLike: GITHUB.Condition!.StringEquals! } }),
    false,
  ],
])('%s: the same? %#', (_what, one, other, same) => {
  expect(showsNoChange(one, other)).toBe(same);
  expect(showsNoChange(other, one)).toBe(same);
});
