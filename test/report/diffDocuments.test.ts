import fc from 'fast-check';
import { diffDocuments } from '../../src/report/diffDocuments';
import { diffLines } from '../../src/report/diffLines';
import type { DiffLine } from '../../src/report/Page';

const word = fc.constantFrom('a', 'b', 'c', 'd');
const side = (lines: readonly DiffLine[], change: 'added' | 'removed') =>
  lines.filter((line) => line.change !== change).map(({ text }) => text);

describe('the difference of two texts', () => {
  it('has both texts in it', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(word, { maxLength: 12 }), (before, after) => {
        const lines = diffLines(before, after);
        expect(side(lines, 'added')).toEqual(before);
        expect(side(lines, 'removed')).toEqual(after);
      }),
    );
  });

  it('keeps as many lines as both have in the same order', () => {
    expect(
      diffLines(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd']).map(({ change, text }) => `${change} ${text}`),
    ).toEqual(['same a', 'removed b', 'added x', 'same c', 'same d']);
  });
});

describe('the difference of two trust policies', () => {
  const irsa = { Effect: 'Allow', Principal: { Federated: 'oidc' }, Action: 'sts:AssumeRoleWithWebIdentity' } as const;
  const pods = {
    Effect: 'Allow',
    Principal: { Service: 'pods' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  } as const;
  const documentOf = (...Statement: readonly (typeof irsa | typeof pods)[]) =>
    ({ Version: '2012-10-17', Statement }) as const;

  it('shows a statement that is removed from its first line to its last one', () => {
    const lines = diffDocuments(documentOf(irsa, pods), documentOf(pods));
    expect(lines.filter(({ change }) => change === 'removed').map(({ text }) => text)).toEqual([
      '    {',
      '      "Effect": "Allow",',
      '      "Principal": {',
      '        "Federated": "oidc"',
      '      },',
      '      "Action": "sts:AssumeRoleWithWebIdentity"',
      '    },',
    ]);
    expect(lines.filter(({ change }) => change === 'added')).toEqual([]);
  });

  it('shows what differs in a statement that is another one now', () => {
    const other = { ...irsa, Principal: { Federated: 'other' } } as unknown as typeof irsa;
    const changed = diffDocuments(documentOf(irsa, pods), documentOf(other, pods)).filter(
      ({ change }) => change !== 'same',
    );
    expect(changed).toEqual([
      { change: 'removed', text: '        "Federated": "oidc"' },
      { change: 'added', text: '        "Federated": "other"' },
    ]);
  });

  it.each([
    ['nothing to one', documentOf(), documentOf(irsa)],
    ['one to another', documentOf(irsa), documentOf(pods)],
    ['two to one', documentOf(irsa, pods), documentOf(irsa)],
    ['one to two', documentOf(pods), documentOf(irsa, pods)],
  ])('has the whole new policy in it: %s', (_, before, after) => {
    const text = side(diffDocuments(before, after), 'removed').join('\n');
    // A comma can stand after the last statement that stays: a removed one follows.
    expect(JSON.parse(text.replace(/,(\s*\])/g, '$1'))).toEqual(after);
  });
});
