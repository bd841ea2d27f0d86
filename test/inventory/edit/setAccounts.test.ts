import fc from 'fast-check';
import { type AccountChange, setAccounts } from '../../../src/inventory/edit/setAccounts';
import { parseSource } from '../../../src/inventory/source/parseSource';

const account = (namespace: string, serviceAccount = 'app') => ({ namespace, serviceAccount });
const change = (added: readonly string[], removed: readonly string[] = []): AccountChange => ({
  workload: 'previews',
  reference: 'main',
  added: added.map((one) => account(one)),
  removed: removed.map((one) => account(one)),
});
function written(text: string, what: AccountChange): string {
  const result = setAccounts({ file: 'inventory.yaml', text }, what);
  if ('refusal' in result) throw new Error(result.refusal.message);
  return result.text;
}

const HEAD = 'version: 1 # first\n';
const item = (namespace: string) => `- { namespace: ${namespace}, serviceAccount: app }`;
const LIST = `${HEAD}expanded:\n  previews:\n    main: # found at night\n      # the first\n      ${item('pr-1')} # keep me\n      # the third\n      - namespace: pr-3\n        serviceAccount: app\n# the end\nwaves: {}\n`;

describe('setAccounts', () => {
  it.each<[string, string, AccountChange, string]>([
    [
      'adds the map',
      HEAD,
      change(['pr-2', 'pr-1']),
      `${HEAD}expanded:\n  previews:\n    main:\n      ${item('pr-1')}\n      ${item('pr-2')}\n`,
    ],
    [
      'fills an empty map',
      `${HEAD}expanded: {}\n`,
      change(['pr-1']),
      `${HEAD}expanded:\n  previews:\n    main:\n      ${item('pr-1')}\n`,
    ],
    [
      'inserts in order, and keeps comments',
      LIST,
      change(['pr-4', 'pr-2']),
      LIST.replace(' # keep me', ` # keep me\n      ${item('pr-2')}`).replace(
        '\n# the end',
        `\n      ${item('pr-4')}\n# the end`,
      ),
    ],
    [
      'inserts before the first',
      LIST,
      change(['pr-0']),
      LIST.replace('# the first', `# the first\n      ${item('pr-0')}`),
    ],
    [
      'removes an entry of several lines',
      LIST,
      change([], ['pr-3']),
      LIST.replace('\n      - namespace: pr-3\n        serviceAccount: app', ''),
    ],
    [
      'removes the first and adds before it',
      LIST,
      change(['pr-0'], ['pr-1']),
      LIST.replace(`${item('pr-1')} # keep me`, item('pr-0')),
    ],
    [
      'leaves an empty list',
      `${HEAD}expanded:\n  previews:\n    main:\n      ${item('pr-1')}\n`,
      change([], ['pr-1']),
      `${HEAD}expanded:\n  previews:\n    main: []\n`,
    ],
    [
      'fills an empty list',
      `${HEAD}expanded:\n  previews:\n    main: [] # none\n`,
      change(['pr-1']),
      `${HEAD}expanded:\n  previews:\n    main: # none\n      ${item('pr-1')}\n`,
    ],
    [
      'stays between braces',
      `${HEAD}expanded: { previews: { main: [{ namespace: pr-1, serviceAccount: app }] } }\n`,
      change(['pr-2']),
      `${HEAD}expanded: { previews: { main: [{ namespace: pr-1, serviceAccount: app }, { namespace: pr-2, serviceAccount: app }] } }\n`,
    ],
    [
      'keeps line breaks of Windows and no break at the end',
      LIST.replace('# the end\nwaves: {}\n', '').trimEnd().replaceAll('\n', '\r\n'),
      change(['pr-4']),
      `${LIST.replace('# the end\nwaves: {}\n', '').trimEnd()}\n      ${item('pr-4')}`.replaceAll('\n', '\r\n'),
    ],
    ['writes nothing where nothing changes', LIST, change([]), LIST],
  ])('%s', (_what, before, what, after) => {
    expect(written(before, what)).toBe(after);
  });

  it.each(['true', 'null', '1e3', '0x10', '2026-11-14', 'y', '1.5', '---'.replaceAll('-', 'a-') + 'b'])(
    'writes the name %s so that it is read back as text',
    (name) => {
      const { source } = parseSource(written(HEAD, { ...change([]), added: [account(name, name)] }), 'inventory.yaml');
      expect(source?.data).toMatchObject({ expanded: { previews: { main: [account(name, name)] } } });
    },
  );

  it('refuses an alias and a comment between brackets', () => {
    const aliased = `${HEAD}expanded:\n  other: &list { main: [] }\n  previews: *list\n`;
    const commented = `${HEAD}expanded:\n  previews:\n    main: [ # mine\n      { namespace: pr-1, serviceAccount: app } ]\n`;
    for (const text of [aliased, commented])
      expect(setAccounts({ file: 'inventory.yaml', text }, change(['pr-2']))).toHaveProperty(
        'refusal.file',
        'inventory.yaml',
      );
  });

  it('gives the same text for the same accounts, in whatever order they are found', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,4}[a-z0-9])?$/), { maxLength: 6 });
    fc.assert(
      fc.property(names, names, (first, second) => {
        const later = second.filter((one) => !first.includes(one));
        const once = written(HEAD, change(first));
        expect(written(HEAD, change(first.toReversed()))).toBe(once);
        const all = written(once, change(later));
        expect(written(once, change(later.toReversed()))).toBe(all);
        const back = written(all, change([], later));
        expect(parseSource(back, 'a').source?.data).toEqual(
          first.length === 0 && later.length > 0
            ? parseSource(`${HEAD}expanded: { previews: { main: [] } }`, 'a').source?.data
            : parseSource(once, 'a').source?.data,
        );
      }),
      { numRuns: 60 },
    );
  });
});
