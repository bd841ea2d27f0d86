import { join } from 'node:path';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../fixtures';
import { BASE } from '../marked';

afterEach(removeFolders);

describe('files that only look odd', () => {
  it.each([
    ['a byte order mark', `\uFEFF${BASE}`],
    ['Windows line ends', BASE.replaceAll('\n', '\r\n')],
    ['a document start', `---\n${BASE}`],
    [
      'JSON',
      '{"version": 1, "waves": {}, "workloads": {"a": {"stage": "pod-identity", "namespace": "a", "serviceAccount": "a", "environments": ["e"]}}, "accounts": {"a": {"id": "111111111111"}}, "environments": {"e": {"account": "a", "region": "us-west-2", "clusters": {"c": {"name": "c", "version": "1.33", "autoMode": true}}}}}',
    ],
  ])('with %s load', (_what, text) => {
    const folder = folderOf({ 'inventory.yaml': text });
    expect(loadInventory(join(folder, 'inventory.yaml')).findings).toEqual([]);
  });

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`, 1],
    ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n'), 4],
  ])('with %s keep lines and columns', (_what, change, line) => {
    const text = line === 1 ? `versoin: 1\n${BASE}` : BASE.replace('  data: {', '  data: { ix: 1,');
    const folder = folderOf({ 'inventory.yaml': change(text) });
    const { findings } = loadInventory(join(folder, 'inventory.yaml'));
    expect(findings).toEqual([expect.objectContaining({ rule: 'unknown-key', line, column: line === 1 ? 1 : 11 })]);
  });
});

describe('several files', () => {
  const files = {
    'inventory.yaml': BASE.replace('version: 1\n', 'version: 1\ninclude: ["teams/**/*.yaml"]\n'),
    'teams/a.yaml': 'workloads:\n  one: { wave: pilot, namespace: a, serviceAccount: one }\n',
    'teams/deep/er/b.yaml':
      'version: 1\nwaves: { late: {} }\nworkloads:\n  two: { wave: late, namespace: a, serviceAccount: two }\n',
    'teams/.hidden.yaml': 'not: read\n',
    'teams/notes.txt': 'not read\n',
  };

  it('are merged, in the order of their names', () => {
    const folder = folderOf(files);
    const loaded = loadInventory(join(folder, 'inventory.yaml'));
    expect(loaded.findings).toEqual([]);
    expect(loaded.files).toEqual(
      ['inventory.yaml', 'teams/a.yaml', 'teams/deep/er/b.yaml'].map((file) => join(folder, file)),
    );
    expect(loaded.inventory!.environments[0]!.workloads.map(({ key, stage }) => [key, stage])).toEqual([
      ['api', 'dual'],
      ['one', 'dual'],
      ['two', 'irsa'],
    ]);
  });

  it('are read though `include` is mistyped, so that only that is found', () => {
    const folder = folderOf({ ...files, 'inventory.yaml': files['inventory.yaml'].replace('include:', 'inclde:') });
    const loaded = loadInventory(join(folder, 'inventory.yaml'));
    expect(loaded.findings).toEqual([
      expect.objectContaining({ rule: 'unknown-key', line: 2, column: 1, hint: 'Rename it to include.' }),
    ]);
    expect(loaded.files).toHaveLength(3);
  });

  it('have findings in the file where the entry stands', () => {
    const folder = folderOf({
      ...files,
      'teams/a.yaml': 'workloads:\n  one: { wave: plot, namespace: a, serviceAccount: one }\n',
    });
    const { findings } = loadInventory(join(folder, 'inventory.yaml'));
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'unknown-wave', file: join(folder, 'teams/a.yaml'), line: 2, column: 16 }),
    ]);
  });

  it('are named relative to the current folder when they are below it', () => {
    const { files: names, findings } = loadInventory('test/inventory/fixtures/design.yaml');
    expect(names).toEqual(['test/inventory/fixtures/design.yaml']);
    expect(findings.map(({ file }) => file)).toEqual(names);
  });
});
