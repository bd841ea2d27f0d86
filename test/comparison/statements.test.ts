import { elementsOf, mostSimilar, pairStatements } from '../../src/comparison/statements';
import type { Statement } from '../../src/iam/PolicyDocument';

const READ: Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' };
const at = (Resource: string): Statement => ({ ...READ, Resource });
const POD: Statement = {
  Sid: 'Pods',
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:TagSession', 'sts:AssumeRole'],
  Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' }, Bool: { 'aws:SecureTransport': true } },
};

describe('the elements of a statement', () => {
  it('are named, with sorted texts, apart from its Sid and its effect', () => {
    expect([...elementsOf(POD)]).toEqual([
      ['Principal Service', ['pods.eks.amazonaws.com']],
      ['Action', ['sts:AssumeRole', 'sts:TagSession']],
      ['StringEquals aws:SourceAccount', ['333333333333']],
      ['Bool aws:SecureTransport', ['true']],
    ]);
  });

  it('have everyone as a principal by itself', () => {
    expect([...elementsOf({ Effect: 'Deny', Principal: '*', NotAction: ['b', 'a'] })]).toEqual([
      ['Principal', ['*']],
      ['NotAction', ['a', 'b']],
    ]);
  });
});

describe('the statement that is most similar', () => {
  it.each<[string, Statement, readonly Statement[], Statement | undefined, string[]]>([
    ['is none of none', READ, [], undefined, []],
    ['differs in one of two elements', READ, [at('b')], at('b'), ['Resource']],
    [
      'differs in an element that the other has not',
      { ...POD, Sid: 'other' },
      [{ ...POD, Condition: POD.Condition!, Resource: '*' }],
      { ...POD, Resource: '*' },
      ['Resource'],
    ],
    ['is none that differs in all elements', READ, [{ ...at('b'), Action: 's3:PutObject' }], undefined, []],
    ['is none with the other effect', READ, [{ ...at('b'), Effect: 'Deny' }], undefined, []],
    ['is none that differs in nothing', READ, [{ ...READ, Sid: 'A' }], undefined, []],
    [
      'differs in fewer elements than the others',
      POD,
      [
        { ...POD, Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } },
        { ...POD, Action: 'sts:AssumeRole' },
        { ...POD, Action: 'sts:TagSession', Principal: { AWS: '*' } },
      ],
      { ...POD, Action: 'sts:AssumeRole' },
      ['Action'],
    ],
    [
      'is none that differs in three of six elements',
      { ...POD, Resource: '*', Condition: { ...POD.Condition, Null: { a: true } } },
      [{ ...POD, Resource: 'a', Condition: { ...POD.Condition, Null: { a: false } }, Action: 'sts:AssumeRole' }],
      undefined,
      [],
    ],
    [
      'can differ in two of four',
      POD,
      [{ ...POD, Action: 'sts:AssumeRole', Condition: { ...POD.Condition, Bool: { 'aws:SecureTransport': false } } }],
      { ...POD, Action: 'sts:AssumeRole', Condition: { ...POD.Condition, Bool: { 'aws:SecureTransport': false } } },
      ['Action', 'Bool aws:SecureTransport'],
    ],
  ])('%s', (_what, wanted, others, found, elements) => {
    expect(mostSimilar(wanted, others)).toEqual(found && { wanted, found, elements });
  });

  it('does not mix up the values of a list', () => {
    const listed = (...Action: string[]): Statement => ({ ...READ, Action });
    expect(mostSimilar(listed('ab', 'c'), [listed('a', 'bc')])?.elements).toEqual(['Action']);
    expect(mostSimilar(listed('a', 'b'), [listed('b', 'a')])).toBeUndefined();
  });
});

describe('missing statements', () => {
  it('are paired with those in their place, and the rest is left', () => {
    const other: Statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'q' };
    const strange: Statement = { Effect: 'Deny', Action: '*', Resource: '*' };
    expect(pairStatements({ missing: [other, at('a')], extra: [strange, at('b')] })).toEqual({
      pairs: [{ wanted: at('a'), found: at('b'), elements: ['Resource'] }],
      missing: [other],
      extra: [strange],
    });
  });

  it('are not paired with one statement twice', () => {
    expect(pairStatements({ missing: [at('a'), at('b')], extra: [at('c')] })).toEqual({
      pairs: [{ wanted: at('a'), found: at('c'), elements: ['Resource'] }],
      missing: [at('b')],
      extra: [],
    });
  });
});
