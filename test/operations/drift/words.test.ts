import fc from 'fast-check';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';
import { policyDifference } from '../../../src/iam/sameMeaning';
import { pairStatements } from '../../../src/comparison/statements';
import { documentTexts } from '../../../src/operations/drift/words';

const documentOf = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource: string): Statement => ({ Effect: 'Allow', Action, Resource });
const wordsOf = (found: PolicyDocument, wanted: PolicyDocument) =>
  documentTexts(policyDifference(found, wanted), { wanted, found });

describe('the words for a difference of documents', () => {
  it.each<[string, Statement, Statement, string, string]>([
    [
      'the one element in which statements differ',
      allow('s3:GetObject', 'arn:aws:s3:::a/*'),
      allow('s3:GetObject', 'arn:aws:s3:::b/*'),
      'Resource arn:aws:s3:::b/*',
      'Resource arn:aws:s3:::a/*',
    ],
    [
      'statements that have nothing in common, each as it is',
      allow('s3:GetObject', 'arn:aws:s3:::a/*'),
      allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:333333333333:q'),
      '{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-west-2:333333333333:q"}',
      '{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}',
    ],
    [
      'an effect that is the other one, each as it is',
      { ...allow('s3:GetObject', 'arn:aws:s3:::a/*'), Effect: 'Deny' },
      allow('s3:GetObject', 'arn:aws:s3:::a/*'),
      '{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}',
      '{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}',
    ],
  ])('show %s', (_, found, wanted, should, is) => {
    expect(wordsOf(documentOf(found), documentOf(wanted))).toEqual({ expected: should, found: is });
  });

  it('leave no statement out, and take none for two others', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const statement = fc
      .tuple(name, name)
      .map(([action, resource]) => allow(`s3:${action}`, `arn:aws:s3:::${resource}`));
    const document = fc.array(statement, { maxLength: 4 }).map((all) => documentOf(...all));
    fc.assert(
      fc.property(document, document, (found, wanted) => {
        const difference = policyDifference(found, wanted);
        const { pairs, missing, extra } = pairStatements(difference);
        const sorted = (all: readonly Statement[]) => all.map((one) => JSON.stringify(one)).toSorted();
        expect(sorted([...pairs.map((pair) => pair.wanted), ...missing])).toEqual(sorted(difference.missing));
        expect(sorted([...pairs.map((pair) => pair.found), ...extra])).toEqual(sorted(difference.extra));
        const words = documentTexts(difference, { wanted, found });
        expect(words.expected === 'nothing').toBe(difference.missing.length === 0);
        expect(words.found === 'nothing').toBe(difference.extra.length === 0);
      }),
    );
  });
});
