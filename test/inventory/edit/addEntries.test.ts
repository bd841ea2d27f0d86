import fc from 'fast-check';
import { parseSource } from '../../../src/inventory/source/parseSource';
import { addEntries } from '../../../src/inventory/edit/addEntries';
import type { NewEntry } from '../../../src/inventory/edit/editFile';
import { entryLines, type Plain } from '../../../src/inventory/edit/entryLines';
import { EDIT_RULES } from '../../../src/inventory/edit/obstacles';
import { inventoryTexts } from './inventoryTexts';

const API: NewEntry = { into: ['workloads'], key: 'api', value: { namespace: 'shop', clusters: ['main'] } };
const BLOCK = 'api:\n    namespace: shop\n    clusters: [main]';

function edited(text: string, entries: readonly NewEntry[] = [API]) {
  const result = addEntries({ file: 'inventory.yaml', text }, entries);
  if ('refusal' in result) throw new Error(result.refusal.message);
  return result.edit;
}
function refused(text: string, entries: readonly NewEntry[] = [API]) {
  const result = addEntries({ file: 'inventory.yaml', text }, entries);
  if ('edit' in result) throw new Error(result.edit.text);
  return result.refusal;
}

describe('adding entries', () => {
  it.each([
    ['behind the last one', 'workloads:\n  a: {}\n', `workloads:\n  a: {}\n  ${BLOCK}\n`],
    ['without a final line break', 'workloads:\n  a: {}', `workloads:\n  a: {}\n  ${BLOCK}`],
    [
      'before the next section',
      'workloads:\n  a: {} # one\n\n# waves\nwaves: {}\n',
      `workloads:\n  a: {} # one\n  ${BLOCK}\n\n# waves\nwaves: {}\n`,
    ],
    [
      'behind comments that belong to the last one',
      'workloads:\n  a: {}\n\n  # b: {}\nwaves: {}\n',
      `workloads:\n  a: {}\n\n  # b: {}\n  ${BLOCK}\nwaves: {}\n`,
    ],
    ['spaced as the others are', 'workloads:\n  a: {}\n\n  b: {}\n', `workloads:\n  a: {}\n\n  b: {}\n\n  ${BLOCK}\n`],
    ['in place of {}', 'workloads: {} # none yet\nwaves: {}\n', `workloads: # none yet\n  ${BLOCK}\nwaves: {}\n`],
    [
      'under an empty key',
      'workloads: # none\n  # yet\nversion: 1\n',
      `workloads: # none\n  # yet\n  ${BLOCK}\nversion: 1\n`,
    ],
    ['with their section where that is missing', 'version: 1\n# end\n', `version: 1\n# end\nworkloads:\n  ${BLOCK}\n`],
    ['before the end of the document', 'version: 1\n...\n', `version: 1\nworkloads:\n  ${BLOCK}\n...\n`],
    [
      'in the indentation of the file',
      'accounts:\n    a: {}\nworkloads:\n    b: {}\n',
      'accounts:\n    a: {}\nworkloads:\n    b: {}\n    api:\n        namespace: shop\n        clusters: [main]\n',
    ],
    [
      'with the line breaks of Windows',
      '\uFEFFworkloads:\r\n  a: {}\r\n',
      `\uFEFFworkloads:\r\n  a: {}\r\n  ${BLOCK.replaceAll('\n', '\r\n')}\r\n`,
    ],
    [
      'behind a block of text',
      'workloads:\n  a:\n    because: |+\n      long\n\n  \n# end\n',
      `workloads:\n  a:\n    because: |+\n      long\n\n  \n  ${BLOCK}\n# end\n`,
    ],
    [
      'between braces that are not empty',
      'workloads: { a: {} }\n',
      'workloads: { a: {}, "api": {"namespace":"shop","clusters":["main"]} }\n',
    ],
    [
      'in JSON',
      '{"version": 1, "workloads": {}}',
      '{"version": 1, "workloads": { "api": {"namespace":"shop","clusters":["main"]} }}',
    ],
  ])('puts them %s', (_where, text, wanted) => {
    expect(edited(text).text).toBe(wanted);
  });

  it.each([
    ['workloads: { a: { stage: irsa } } # a\n', 'workloads: { a: { stage: irsa, imports: true } } # a\n'],
    ['{"workloads": {"a": {"stage": "irsa"}}}\n', '{"workloads": {"a": {"stage": "irsa", "imports": true}}}\n'],
  ])('writes a short value between braces as the keys beside it: %j', (text, wanted) => {
    expect(edited(text, [{ into: ['workloads', 'a'], key: 'imports', value: true }]).text).toBe(wanted);
  });

  it('says where they stand', () => {
    expect(edited('version: 1\nworkloads:\n  a: {}\n').places).toEqual([{ path: 'workloads.api', line: 4, column: 3 }]);
  });

  it('makes every map of the way, in the order of what is given', () => {
    const entries: NewEntry[] = [
      { into: ['environments', 'prod', 'clusters'], key: 'main', value: { name: 'x' } },
      { into: ['waves'], key: 'w', value: {} },
      API,
    ];
    expect(edited('environments:\n  prod:\n    account: a\n', entries).text).toBe(
      `environments:\n  prod:\n    account: a\n    clusters:\n      main: { name: x }\nwaves:\n  w: {}\nworkloads:\n  ${BLOCK}\n`,
    );
  });

  it.each([
    ['{}\n', '{ "waves": {"w":{}}, "workloads": {"api":{"namespace":"shop","clusters":["main"]}} }\n'],
    [
      '{\n  version: 1\n}\n',
      '{\n  version: 1,\n  "waves": {"w":{}}, "workloads": {"api":{"namespace":"shop","clusters":["main"]}}\n}\n',
    ],
  ])('adds two sections between the braces of %j', (text, wanted) => {
    expect(edited(text, [{ into: ['waves'], key: 'w', value: {} }, API]).text).toBe(wanted);
  });

  it('adds what two entries share on their way once', () => {
    const clusterOf = (environment: string): NewEntry => ({
      into: ['environments', environment, 'clusters'],
      key: 'main',
      value: { name: environment },
    });
    expect(edited('version: 1\n', [clusterOf('dev'), clusterOf('prod')]).text).toBe(
      'version: 1\nenvironments:\n  dev:\n    clusters:\n      main: { name: dev }\n  prod:\n    clusters:\n      main: { name: prod }\n',
    );
  });

  it.each([
    ['a key that is taken', 'workloads:\n  api: {}\n', EDIT_RULES.taken.name, 2],
    ['an alias', 'x: &x { a: {} }\nworkloads: *x\n', EDIT_RULES.alias.name, 2],
    ['an anchor that is used elsewhere', 'workloads: &x\n  a: {}\nwaves: *x\n', EDIT_RULES.anchor.name, 2],
    ['a list', 'workloads: [a]\n', EDIT_RULES.form.name, 1],
    ['a nothing that is written out', 'workloads: ~\n', EDIT_RULES.form.name, 1],
    ['a key behind a question mark', '? workloads\n: ? a\n  : {}\n', EDIT_RULES.form.name, 2],
    ['text that is no YAML', 'workloads: [', EDIT_RULES.unreadable.name, 1],
    ['a mistyped section', 'waves: {}\nworkload:\n  api: {}\n', EDIT_RULES.unreadable.name, 2],
    ['another mistyped section', 'acounts: {}\nworkloads:\n  api: {}\n', EDIT_RULES.unreadable.name, 1],
  ])('refuses %s', (_what, text, rule, line) => {
    expect(refused(text)).toMatchObject({ rule, line, severity: 'error', file: 'inventory.yaml' });
  });
});

const texts = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    'yes',
    '1.30',
    '~',
    'a: b',
    '#x',
    '- y',
    '{z}',
    '*',
    '&a',
    "it's",
    '"q"',
    'x\ny',
    '2026-01-01',
    '0x1f',
    ' a ',
    '\u0085\u2028',
  ),
);
const keys = texts.filter((key) => !['__proto__', 'constructor', 'prototype', '<<'].includes(key));
const { value } = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  ),
}));
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);

describe('for all inventories and entries', () => {
  it('writes an entry that is read back as the same', () => {
    fc.assert(
      fc.property(keys, value, fc.constantFrom(2, 4), (key, entry, step) => {
        const text = entryLines('workloads', { [key]: entry }, step).join('\n');
        const { data } = parseSource(text, 'x').source!;
        expect(JSON.parse(JSON.stringify(data))).toEqual({ workloads: { [key]: entry } });
      }),
      { numRuns: 400 },
    );
  });

  it('keeps every line that stood there, and all that it meant', () => {
    const entries = fc.uniqueArray(fc.tuple(label, fc.dictionary(keys, value, { minKeys: 1, maxKeys: 3 })), {
      selector: ([key]) => key,
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(inventoryTexts, entries, entries, (text, waves, workloads) => {
        const added = [
          ...waves.map(([key, entry]): NewEntry => ({ into: ['waves'], key: `w-${key}`, value: entry })),
          ...workloads.map(([key, entry]): NewEntry => ({ into: ['workloads'], key: `x-${key}`, value: entry })),
        ];
        // It throws where the rest would mean something else than before.
        const { text: after, places } = edited(text, added);
        expect(isSubsequence(text.split('\n'), after.split('\n'))).toBe(true);
        expect(places).toHaveLength(added.length);
        for (const { path, line } of places) expect(after.split('\n')[line - 1]).toContain(path.split('.')[1]);
        expect(after.includes('\r\n')).toBe(text.includes('\r\n'));
        expect(/(?<!\r)\n/.test(after)).toBe(/(?<!\r)\n/.test(text));
        expect(after.endsWith('\n')).toBe(text.endsWith('\n'));
      }),
      { numRuns: 300 },
    );
  });
});

function isSubsequence(lines: readonly string[], among: readonly string[]): boolean {
  let next = 0;
  for (const line of among) if (line.replace(/\r$/, '') === lines[next]?.replace(/\r$/, '')) next += 1;
  return next === lines.length;
}
