import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadInventory } from '../../../inventory/loadInventory';
import { MAX_FILE_BYTES, READING_RULES } from '../../../inventory/reading/readingRules';
import { folderOf, removeFolders } from '../fixtures';
import { BASE, unmark } from '../marked';

afterEach(removeFolders);

interface ReadingCase {
  readonly rule: string;
  readonly when: string;
  /** `§` stands before what the only finding points to; without it the finding is at the first line of `at`. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly at?: string;
  readonly message: RegExp;
}

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
    (name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]!}`).join(',')}]`,
  ),
];
const INCLUDING = BASE.replace('version: 1\n', 'version: 1\ninclude: [§"teams/*.yaml"]\n');

const CASES: readonly ReadingCase[] = [
  { rule: 'file-not-found', when: 'the file is missing', files: {}, message: /there is no file .*inventory\.yaml/ },
  {
    rule: 'file-too-large',
    when: 'a file has 10 MB',
    files: { 'inventory.yaml': Buffer.alloc(2 * MAX_FILE_BYTES, '#') },
    message: /10,485,760 bytes; 5,242,880 are allowed/,
  },
  { rule: 'file-empty', when: 'a file is empty', files: { 'inventory.yaml': '' }, message: /is empty/ },
  {
    rule: 'file-empty',
    when: 'a file has comments only',
    files: { 'inventory.yaml': '# nothing\n\n' },
    message: /is empty/,
  },
  {
    rule: 'file-not-text',
    when: 'a file has NUL bytes',
    files: { 'inventory.yaml': Buffer.from('version: 1\0') },
    message: /byte 11 is NUL/,
  },
  {
    rule: 'file-not-text',
    when: 'a file is no UTF-8',
    files: { 'inventory.yaml': Buffer.from([0x61, 0xff, 0xfe, 0x62]) },
    message: /not UTF-8/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a bracket is open',
    files: { 'inventory.yaml': 'version: 1\naccounts: { apps: { id: "1" }\n§environments: {}\n' },
    message: /this is not YAML/,
  },
  {
    rule: 'yaml-syntax',
    when: 'a tab indents',
    files: { 'inventory.yaml': 'version: 1\naccounts:\n§\tapps: 1\n' },
    message: /Tabs are not allowed/,
  },
  {
    rule: 'yaml-several-documents',
    when: 'a second document follows',
    files: { 'inventory.yaml': 'version: 1\n§---\nversion: 1\n' },
    message: /second YAML document/,
  },
  {
    rule: 'yaml-not-a-map',
    when: 'a file is a list',
    files: { 'inventory.yaml': '§- version: 1\n' },
    message: /holds a list, not a map/,
  },
  {
    rule: 'yaml-not-a-map',
    when: 'a file is one word',
    files: { 'inventory.yaml': '§hello\n' },
    message: /holds one string, not a map/,
  },
  {
    rule: 'yaml-alias',
    when: 'an alias is not defined',
    files: { 'inventory.yaml': BASE.replace('wave: pilot', 'wave: §*wave') },
    message: /alias/,
  },
  {
    rule: 'yaml-alias',
    when: 'an alias stands in itself',
    files: { 'inventory.yaml': `${BASE}    permissions: &p { statements: [§*p] }\n` },
    message: /\*p stands inside/,
  },
  {
    rule: 'yaml-merge-key',
    when: 'a map is merged',
    files: { 'inventory.yaml': `${BASE}    role: { §<<: { path: / } }\n` },
    message: /merge key << is not supported/,
  },
  {
    rule: 'yaml-tag',
    when: 'a value has a tag of its own',
    files: { 'inventory.yaml': BASE.replace('cost-centre: platform', 'cost-centre: !secret §x') },
    message: /the tag !secret/,
  },
  {
    rule: 'yaml-tag',
    when: "a value has one of YAML's tags",
    files: { 'inventory.yaml': BASE.replace('cost-centre: platform', 'cost-centre: !!str §5') },
    message: /the tag !!str/,
  },
  {
    rule: 'yaml-tag',
    when: 'a value that must be there has a tag',
    files: { 'inventory.yaml': BASE.replace('namespace: production', 'namespace: !x §production') },
    message: /the tag !x/,
  },
  {
    rule: 'yaml-depth',
    when: 'maps nest without end',
    files: {
      'inventory.yaml': BASE.replace(
        'eksbuild.1 }',
        `eksbuild.1, configuration: ${'{ a: '.repeat(45)}§1${' }'.repeat(45)} }`,
      ),
    },
    message: /more than 50 levels deep/,
  },
  {
    rule: 'duplicate-key',
    when: 'a key stands twice',
    files: { 'inventory.yaml': BASE.replace('workloads:', 'waves: {}\nworkloads:').replace('waves: {}', '§waves: {}') },
    message: /the key "waves" stands here for the second time/,
  },
  {
    rule: 'key-not-text',
    when: 'a key is a number',
    files: { 'inventory.yaml': BASE.replace('values: { bucket: acme-dev', 'values: { §5: x, bucket: acme-dev') },
    message: /the key 5 is a number/,
  },
  {
    rule: 'key-not-text',
    when: 'a key is a list',
    files: { 'inventory.yaml': BASE.replace('values: { bucket: acme-dev', 'values: { ? §[a] : x, bucket: acme-dev') },
    message: /no plain text/,
  },
  {
    rule: 'reserved-key',
    when: 'a key is __proto__',
    files: {
      'inventory.yaml': BASE.replace(
        'values: { bucket: acme-dev',
        'values: { §__proto__: { polluted: yes }, bucket: acme-dev',
      ),
    },
    message: /"__proto__" is reserved/,
  },
  {
    rule: 'reserved-key',
    when: 'a workload is called constructor',
    files: { 'inventory.yaml': `${BASE}  §constructor: { prototype: { polluted: yes } }\n` },
    message: /"constructor" is reserved/,
  },
  {
    rule: 'duplicate-entry',
    when: 'two files have one workload',
    files: {
      'inventory.yaml': INCLUDING.replace('§', ''),
      'teams/a.yaml': 'workloads:\n  §api: { namespace: a, serviceAccount: a }\n',
    },
    message: /workload "api" is defined already in .*inventory\.yaml:31:3/,
  },
  {
    rule: 'include-no-match',
    when: 'a pattern matches nothing',
    files: { 'inventory.yaml': INCLUDING },
    message: /no file matches "teams\/\*\.yaml"/,
  },
  {
    rule: 'include-pattern',
    when: 'a pattern is absolute',
    files: { 'inventory.yaml': INCLUDING.replace('teams/', '/teams/') },
    message: /"\/teams\/\*\.yaml" is not a relative path/,
  },
  {
    rule: 'include-cycle',
    when: 'a file includes itself',
    files: { 'inventory.yaml': INCLUDING.replace('teams/', '') },
    message: /inventory\.yaml → .*inventory\.yaml is a circle/,
  },
  {
    rule: 'include-cycle',
    when: 'two files include each other',
    files: { 'inventory.yaml': INCLUDING.replace('§', ''), 'teams/a.yaml': 'include: [§../inventory.yaml]\n' },
    message: /inventory\.yaml → .*a\.yaml → .*inventory\.yaml is a circle/,
  },
  {
    rule: 'include-twice',
    when: 'two patterns match a file',
    files: {
      'inventory.yaml': INCLUDING.replace('§"teams/*.yaml"', '"teams/*.yaml", §teams/a.yaml'),
      'teams/a.yaml': 'waves: {}\n',
    },
    message: /a\.yaml is included already by .*inventory\.yaml:2:11/,
  },
  {
    rule: 'file-empty',
    when: 'an included file is empty',
    files: { 'inventory.yaml': INCLUDING.replace('§', ''), 'teams/a.yaml': '' },
    at: 'teams/a.yaml',
    message: /a\.yaml is empty/,
  },
  {
    rule: 'file-not-regular',
    when: 'an include names a folder',
    files: { 'inventory.yaml': INCLUDING.replace('teams/*.yaml', 'teams'), 'teams/a.txt': '' },
    message: /teams is a folder/,
  },
];

describe('bad input', () => {
  it.each(CASES.map((reading) => [reading.rule, reading.when, reading] as const))(
    '%s: %s',
    (rule, _when, { files, at, message }) => {
      const unmarked = Object.entries(files).map(([file, content]) => ({
        file,
        ...(typeof content === 'string' ? unmark(content) : { text: content }),
      }));
      const folder = folderOf(Object.fromEntries(unmarked.map(({ file, text }) => [file, text])));
      const marked = unmarked.find((file) => 'place' in file && file.place) as
        { file: string; place: object } | undefined;
      const loaded = loadInventory(join(folder, 'inventory.yaml'));
      expect(loaded.findings).toEqual([
        {
          severity: 'error',
          rule,
          path: expect.any(String),
          file: join(folder, marked?.file ?? at ?? 'inventory.yaml'),
          ...(marked?.place ?? { line: 1, column: 1 }),
          message: expect.stringMatching(message),
          hint: expect.stringMatching(/\S{3}/),
        },
      ]);
      expect(loaded.inventory).toBeUndefined();
      expect(({} as { polluted?: string }).polluted).toBeUndefined();
    },
  );

  it('is found in a folder, a device and a circle of links', () => {
    const folder = folderOf({});
    mkdirSync(join(folder, 'folder'));
    symlinkSync(join(folder, 'b'), join(folder, 'a'));
    symlinkSync(join(folder, 'a'), join(folder, 'b'));
    const rulesOf = (file: string): readonly string[] =>
      loadInventory(join(folder, file)).findings.map(({ rule }) => rule);
    expect(rulesOf('folder')).toEqual(['file-not-regular']);
    expect(rulesOf('a')).toEqual(['file-unreadable']);
    expect(loadInventory('/dev/zero').findings.map(({ rule }) => rule)).toEqual(['file-not-regular']);
  });

  it.each([
    ['an alias bomb', `version: 1\n${bomb.join('\n')}\n`],
    [
      'an alias bomb where any value may stand',
      BASE.replace('eksbuild.1 }', `eksbuild.1, configuration: { ${bomb.join(', ')} } }`),
    ],
  ])('ends quickly at %s, with one finding for it', (_what, text) => {
    const folder = folderOf({ 'inventory.yaml': text });
    const before = performance.now();
    const { findings } = loadInventory(join(folder, 'inventory.yaml'));
    expect(performance.now() - before).toBeLessThan(2000);
    expect(findings.filter(({ rule }) => rule === 'yaml-alias')).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/more than 10,000 values/) }),
    ]);
  });

  it.each([['['], ['{ a: '], ['- '], ['? '], ['{']])('ends at 200,000 times %j with one finding', (opening) => {
    const folder = folderOf({ 'inventory.yaml': `version: 1\nworkloads:\n  ${opening.repeat(200_000)}` });
    const before = performance.now();
    const { findings } = loadInventory(join(folder, 'inventory.yaml'));
    expect(performance.now() - before).toBeLessThan(1000);
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'yaml-depth', line: 3, message: 'this file nests too deep to be read' }),
    ]);
  });

  it('ends at a map that is indented ever further', () => {
    const text = Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    const { findings } = loadInventory(join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml'));
    expect(findings.map(({ rule }) => rule)).toContain('yaml-depth');
  });

  it('has a case for every rule about files', () => {
    const tried = new Set([...CASES.map(({ rule }) => rule), 'file-unreadable']);
    expect(
      Object.values(READING_RULES)
        .map(({ name }) => name)
        .filter((name) => !tried.has(name)),
    ).toEqual([]);
  });
});

describe('files that only look odd', () => {
  it.each([
    ['a byte order mark', `\uFEFF${BASE}`],
    ['Windows line ends', BASE.replaceAll('\n', '\r\n')],
    ['a document start', `---\n${BASE}`],
    ['JSON', '{"version": 1, "workloads": {}}'],
  ])('with %s load', (_what, text) => {
    const folder = folderOf({ 'inventory.yaml': text });
    expect(loadInventory(join(folder, 'inventory.yaml')).findings).toEqual([]);
  });

  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`, 1],
    ['Windows line ends', (text: string) => text.replaceAll('\n', '\r\n'), 4],
  ])('with %s keep lines and columns', (_what, change, line) => {
    const text = line === 1 ? 'versoin: 1\nversion: 1\n' : BASE.replace('  data: {', '  data: { ix: 1,');
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
    expect(findings).toEqual([]);
  });
});
