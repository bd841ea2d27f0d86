import { mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { READING_RULES } from '../../../src/inventory/reading/readingRules';
import { folderOf, removeFolders } from '../fixtures';
import { unmark } from '../marked';
import { FILE_CASES } from './fileCases';
import { YAML_CASES } from './yamlCases';

const CASES = [...FILE_CASES, ...YAML_CASES];

/** Rules with their cases in test/attacks/. */
const ATTACKS = ['include-outside', 'include-too-many', 'commit-link', 'not-an-inventory'];

afterEach(removeFolders);

describe('bad input', () => {
  it.each(CASES.map((reading) => [reading.rule, reading.when, reading] as const))(
    '%s: %s',
    (rule, _when, { files, at, message, hint }) => {
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
          hint: expect.stringMatching(hint ?? /\S{3}/),
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

  it('says where it looked for a file that is missing', () => {
    const messageOf = (file: string): string => loadInventory(file).findings[0]!.message;
    expect(messageOf('no/inventory.yaml')).toBe(
      `there is no file ${resolve('no/inventory.yaml')}: "no/inventory.yaml" is relative to the current folder`,
    );
    expect(messageOf('/no/inventory.yaml')).toBe('there is no file /no/inventory.yaml');
  });

  it('has a case for every rule about files', () => {
    const tried = new Set([...CASES.map(({ rule }) => rule), 'file-unreadable', ...ATTACKS]);
    expect(
      Object.values(READING_RULES)
        .map(({ name }) => name)
        .filter((name) => !tried.has(name)),
    ).toEqual([]);
  });
});
