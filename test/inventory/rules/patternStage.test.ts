import { changed, checkMarked } from '../marked';

const ACCEPTED = '{ stage: cutover, because: nothing starts at night, accepted: [';
const previews = (more: string) =>
  `  previews:\n${more}    environments: [dev]\n    subjects: [{ namespaces: pr-*, serviceAccounts: app }]\n`;

/** The findings of the rule, each with what stands at its place. */
function found(change: Parameters<typeof changed>[0]) {
  const { loaded } = checkMarked({ 'inventory.yaml': changed(change) });
  return loaded.findings.filter(({ rule }) => rule === 'pattern-stage').map(({ severity, path }) => [severity, path]);
}

describe('a workload with service accounts by pattern', () => {
  it.each(['irsa', 'prepared', 'dual'])('can be at %s without a reason', (stage) => {
    expect(found({ replace: { 'dev: dual': `dev: ${stage}` }, append: previews('    wave: pilot\n') })).toEqual([]);
    expect(found({ append: previews(`    stage: ${stage}\n`) })).toEqual([]);
  });

  it.each(['cutover', 'pod-identity'])(
    'cannot be at %s without a reason: a new namespace has no association',
    (stage) => {
      expect(found({ replace: { 'dev: dual': `dev: ${stage}` }, append: previews('    wave: pilot\n') })).toEqual([
        ['error', 'workloads.previews.wave'],
      ]);
      expect(found({ append: previews(`    stage: ${stage}\n`) })).toEqual([['error', 'workloads.previews.stage']]);
      expect(found({ append: previews(`    stage: ${stage}\n    because: previews start after the run\n`) })).toEqual(
        [],
      );
    },
  );

  it.each([
    ['expanded-accounts', []],
    ['"expanded-accounts:previews"', []],
    ['"expanded-accounts:api"', ['error']],
    ['"expanded-accounts:previews:main"', ['error']],
    ['role-used', ['error']],
  ])('can be there where the step was taken with %s accepted: %s', (accepted, severities) => {
    const change = {
      replace: { 'dev: dual': `dev: ${ACCEPTED}${accepted}] }` },
      append: previews('    wave: pilot\n'),
    };
    expect(found(change).map(([severity]) => severity)).toEqual(severities);
  });

  it('has its accounts as subjects that podlift changes nothing of, on all their clusters', () => {
    const expanded =
      'expanded:\n  previews:\n    dev/main: [{ namespace: pr-1, serviceAccount: app }]\n    prod/main: [{ namespace: pr-1, serviceAccount: app }, { namespace: pr-2, serviceAccount: app }]\n';
    const { loaded } = checkMarked({
      'inventory.yaml': changed({
        append: previews('    stage: dual\n    because: test\n').replace('    environments: [dev]\n', '') + expanded,
      }),
    });
    expect(loaded.findings).toEqual([]);
    const subjects = loaded.inventory!.environments.map(({ workloads }) => workloads[1]!.subjects);
    const account = { name: 'app', manage: 'none', clusters: ['main'], isFirst: false, isExpanded: true };
    expect(subjects).toEqual([
      [{ namespace: 'pr-1', ...account }],
      [
        { namespace: 'pr-1', ...account },
        { namespace: 'pr-2', ...account },
      ],
    ]);
  });

  it('gets its accounts from another file, and from one file alone', () => {
    const list = 'expanded: { previews: { dev/main: [{ namespace: pr-1, serviceAccount: app }] } }\n';
    const text = changed({ append: previews('    stage: dual\n    because: test\n') });
    const { loaded } = checkMarked({ 'inventory.yaml': text, 'expanded.yaml': list });
    expect(loaded.findings).toEqual([]);
    expect(loaded.inventory?.environments[0]?.workloads[1]?.subjects).toHaveLength(1);
    const twice = checkMarked({
      'inventory.yaml': text,
      'expanded.yaml': list,
      'more.yaml': list.replace('previews', '§previews'),
    });
    expect(twice.loaded.findings).toEqual([
      expect.objectContaining({ rule: 'duplicate-entry', path: 'expanded.previews', ...twice.place }),
    ]);
  });

  it('is left out of the sound part of the inventory where its list has an error', () => {
    const { loaded } = checkMarked({
      'inventory.yaml': `${changed({ append: previews('    stage: dual\n    because: test\n') })}expanded: { previews: { main: [{ namespace: shop, serviceAccount: app }] } }\n`,
    });
    expect(loaded.sound?.environments[0]?.workloads.map(({ key }) => key)).toEqual(['api']);
  });
});
