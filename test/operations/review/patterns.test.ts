import { foundBy, reviewOf } from './reviewOf';

const previews = (subjects: string, expanded: readonly string[] = []) => ({
  append:
    `  previews:\n    stage: dual\n    because: test\n    environments: [dev]\n    subjects: [${subjects}]\n` +
    (expanded.length === 0
      ? ''
      : `expanded: { previews: { main: [${expanded.map((one) => `{ namespace: ${one}, serviceAccount: app }`).join(', ')}] } }\n`),
});
const PR = '{ namespaces: "pr-*", serviceAccounts: app }';

describe('the review of accounts by pattern', () => {
  it.each<[string, string, string]>([
    ['a wider one', PR, '{ namespaces: "p*", serviceAccounts: app }'],
    ['a further one', PR, `${PR}, { namespaces: "test-*", serviceAccounts: app }`],
    ['one in place of a name', '{ namespace: pr-1, serviceAccount: app }', PR],
    ['one for more names', PR, '{ namespaces: "pr-*", serviceAccounts: [app, web] }'],
  ])('finds a pattern that admits more: %s', (_what, base, head) => {
    const { problems, allowed } = reviewOf(previews(base), previews(head));
    const found = problems.filter(({ rule }) => rule === 'trust-widened');
    expect(found).toEqual([
      expect.objectContaining({
        path: 'workloads.previews.subjects',
        message: expect.stringMatching(/trusts others than before: pods of .*\*\/app/),
      }),
    ]);
    expect(allowed.map(({ kind }) => kind)).toContain('assume');
  });

  it('finds a new entry with a pattern', () => {
    const { problems, allowed } = reviewOf({}, previews(PR));
    expect(problems.map(({ rule }) => rule)).toContain('trust-widened');
    expect(allowed).toContainEqual(expect.objectContaining({ kind: 'assume', who: 'pods of pr-*/app on main' }));
  });

  it.each<[string, ReturnType<typeof previews>, ReturnType<typeof previews>]>([
    ['more names within a pattern', previews(PR, ['pr-1']), previews(PR, ['pr-1', 'pr-2', 'pr-3'])],
    ['the first names', previews(PR), previews(PR, ['pr-1'])],
    ['fewer names', previews(PR, ['pr-1', 'pr-2']), previews(PR, ['pr-2'])],
    ['a narrower pattern', previews(PR), previews('{ namespaces: "pr-1*", serviceAccounts: app }')],
  ])('finds nothing: %s', (_what, base, head) => {
    expect(foundBy(base, head)).toEqual([]);
  });
});
