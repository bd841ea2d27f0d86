import { join } from 'node:path';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../fixtures';
import { BASE } from '../marked';

afterEach(removeFolders);

const bomb = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
    (name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]!}`).join(',')}]`,
  ),
];

describe('a hostile file', () => {
  it.each([
    ['an alias bomb', `version: 1\n${bomb.join('\n')}\n`],
    [
      'an alias bomb where any value may stand',
      BASE.replace('eksbuild.1 }', `eksbuild.1, configuration: { ${bomb.join(', ')} } }`),
    ],
  ])('ends at %s, with one finding for it', (_what, text) => {
    const folder = folderOf({ 'inventory.yaml': text });
    const { findings } = loadInventory(join(folder, 'inventory.yaml'));
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'yaml-alias', message: expect.stringMatching(/more than 10,000 values/) }),
    ]);
  });

  it('with a long line of words that end nowhere is refused where it stumbles', () => {
    const text = `version: 1\nworkloads: [${'arn:{'.repeat(500)}]\nx: [${'a'.repeat(2_000_000)}: b}`;
    const { findings } = loadInventory(join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml'));
    expect(findings.map(({ rule }) => rule)).toEqual(['yaml-syntax']);
  });

  it.each([['['], ['{ a: '], ['- '], ['? '], ['{']])('ends at 200,000 times %j with one finding', (opening) => {
    const folder = folderOf({ 'inventory.yaml': `version: 1\nworkloads:\n  ${opening.repeat(200_000)}` });
    const { findings } = loadInventory(join(folder, 'inventory.yaml'));
    expect(findings).toEqual([
      expect.objectContaining({ rule: 'yaml-depth', line: 3, message: 'this file is nested too deep' }),
    ]);
  });

  it('ends at a map that is indented ever further', () => {
    const text = Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    const { findings } = loadInventory(join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml'));
    expect(findings.map(({ rule }) => rule)).toContain('yaml-depth');
  });
});
