import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { loadInventory } from '../../src/inventory/loadInventory';
import { DISK, type FileTree } from '../../src/inventory/reading/FileTree';
import { readSources } from '../../src/inventory/reading/readSources';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';

// Whoever writes the inventory chooses what `include` names: podlift runs in CI, beside files that the author must not read.

afterAll(removeFolders);

const MORE = 'workloads: { more: { stage: pod-identity, namespace: a, serviceAccount: b } }\n';
const including = (pattern: string) =>
  BASE.replace('version: 1\n', `version: 1\ninclude: [${JSON.stringify(pattern)}]\n`);

/** A repository with these files, `→` before the target of a link; the inventory stands in `iam/`. */
function repository(files: Readonly<Record<string, string>>): string {
  const folder = folderOf({ '.git/HEAD': 'ref: refs/heads/main\n' });
  write(folder, files);
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (content.startsWith('→')) symlinkSync(content.slice(1), join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
}

const found = (folder: string, file = 'iam/inventory.yaml', options = {}) =>
  loadInventory(join(folder, file), options).findings.map(({ rule, message, hint }) => ({ rule, message, hint }));
const outside = (where: string) => [
  {
    rule: 'include-outside',
    message: expect.stringContaining(where),
    hint: expect.stringContaining('--include-outside'),
  },
];

describe('what an inventory includes', () => {
  let other: string;
  beforeAll(() => (other = folderOf({ 'm.yaml': MORE, 'd/m.yaml': MORE })));

  it.each<[string, string, () => Readonly<Record<string, string>>]>([
    ['by ..', '../../OTHER/m.yaml', () => ({})],
    ['by .. in the middle', 'a/../../../OTHER/m.yaml', () => ({ 'iam/a/x': '' })],
    ['by a glob', '../../OTHER/*.yaml', () => ({})],
    ['by a glob of folders', '../../OTHER/**/m.yaml', () => ({})],
    ['by a glob in the folder', '../../*/m.yaml', () => ({})],
    ['by a question mark', '../../OTHE?/m.yaml', () => ({})],
    ['by the disk', '../../../../../../**/*.yaml', () => ({})],
    ['by a link', 'l.yaml', () => ({ 'iam/l.yaml': `→${other}/m.yaml` })],
    ['by a relative link', 'l.yaml', () => ({ 'iam/l.yaml': `→../../${basename(other)}/m.yaml` })],
    ['by two links', 'l.yaml', () => ({ 'iam/l.yaml': '→k.yaml', 'iam/k.yaml': `→${other}/m.yaml` })],
    ['by a link that a glob matches', 't*/l.yaml', () => ({ 'iam/t/l.yaml': `→${other}/m.yaml` })],
    ['by a link to a folder', 'd/m.yaml', () => ({ 'iam/d': `→${other}/d` })],
    ['by a glob below a link to a folder', 'd/*.yaml', () => ({ 'iam/d': `→${other}` })],
    ['by a link to the folder above the repository', 'up/OTHER/m.yaml', () => ({ 'iam/up': '→../..' })],
    ['by a link to the top of the disk', 'root/etc/passwd', () => ({ 'iam/root': '→/' })],
    ["in git's own folder", '../.git/config', () => ({ '.git/config': MORE })],
    ["in git's own folder without case", '../.GIT/config', () => ({ '.GIT/config': MORE })],
    ["in git's own folder by a link", 'c.yaml', () => ({ '.git/config': MORE, 'iam/c.yaml': '→../.git/config' })],
  ])('stays inside the repository: %s', (_what, pattern, files) => {
    const folder = repository({
      'iam/inventory.yaml': including(pattern.replace('OTHER', basename(other))),
      ...files(),
    });
    expect(found(folder)).toEqual(outside(`leaves the repository ${folder}`));
  });

  it('stays inside the folder of the inventory where there is no repository', () => {
    const folder = folderOf({});
    write(folder, { 'iam/inventory.yaml': including('../more.yaml'), 'more.yaml': MORE });
    expect(found(folder)).toEqual(outside(`leaves the inventory's folder ${join(folder, 'iam')}`));
  });

  it('stays inside for the files that an included file includes', () => {
    const folder = repository({
      'iam/inventory.yaml': including('../teams/a.yaml'),
      'teams/a.yaml': `include: ["../../${basename(other)}/m.yaml"]\n`,
    });
    expect(found(folder)).toEqual(outside(`leaves the repository ${folder}`));
  });

  it('may be anywhere in the repository, also through links', () => {
    const folder = repository({
      'iam/inventory.yaml': including('l.yaml'),
      'iam/l.yaml': '→../teams/m.yaml',
      'teams/m.yaml': MORE,
    });
    expect(found(folder)).toEqual([]);
  });

  it('may be outside with the option or the variable; the option wins', () => {
    const folder = repository({ 'iam/inventory.yaml': including(`../../${basename(other)}/m.yaml`) });
    expect(found(folder, undefined, { includeOutside: true })).toEqual([]);
    process.env.PODLIFT_INCLUDE_OUTSIDE = '1';
    try {
      expect(found(folder)).toEqual([]);
      expect(found(folder, undefined, { includeOutside: false })).toEqual(outside('leaves the repository'));
      for (const other of ['0', '', 'no', 'yes', 'true']) {
        process.env.PODLIFT_INCLUDE_OUTSIDE = other;
        expect(found(folder)).toEqual(outside('leaves the repository'));
      }
    } finally {
      delete process.env.PODLIFT_INCLUDE_OUTSIDE;
    }
  });

  it('says nothing about a file outside: neither that it exists nor that it does not', () => {
    const about = (name: string) =>
      found(repository({ 'iam/inventory.yaml': including(`../../${basename(other)}/${name}`) })).map(
        ({ rule }) => rule,
      );
    expect(about('m.yaml')).toEqual(about('absent.yaml'));
  });
});

describe('a file that is not an inventory', () => {
  const SECRET = 'hunter2-Zk9';

  it.each([
    ['a file of passwords', `root:${SECRET}:0:0:root:/root:/bin/sh\nbin:x:1:1::/:/bin/false\n`],
    ['a private key', `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n`],
    ['credentials of AWS', `[default]\naws_secret_access_key = ${SECRET}\n`],
    ['variables', `export TOKEN="${SECRET}\nA=b\n`],
    ['a kubeconfig', `apiVersion: v1\nkind: Config\nusers: [{ name: ${SECRET}, user: { token: ${SECRET} } }]\n`],
    ['keys', `${SECRET}: 1\n`],
    ['a key that occurs twice', `${SECRET}: 1\n${SECRET}: 2\n`],
    ['a tag', `a: !${SECRET} x\n`],
    ['an alias', `a: *${SECRET}\n`],
    ['a broken alias', `*${SECRET} : *\n`],
    ['a word with braces', `a: [x {${SECRET}} y\n`],
    ['a quote that is not closed', `a: "${SECRET}\n`],
    ['an escape', `a: "\\${SECRET}"\n`],
    ['a key that is a list', `[${SECRET}]: x\n`],
    ['two documents', `a: ${SECRET}\n---\nb: ${SECRET}\n`],
    ['a list', `- ${SECRET}\n`],
    ['a text', SECRET],
    ['a number', 'version: 3.4\nhunter2-Zk9: x\n'],
    ['a chart', `apiVersion: v2\nname: ${SECRET}\nversion: 1.2.3\n`],
    ['a compose file', `version: "3"\nservices: { ${SECRET}: { image: x } }\n`],
    ['settings of git', `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${SECRET}\n`],
  ])('is not quoted: %s', (_what, text) => {
    const folder = repository({ 'iam/inventory.yaml': including('../x.yaml'), 'x.yaml': text });
    const findings = found(folder);
    expect(findings).toHaveLength(1);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|Zk9/i);
  });

  it('is not quoted as the first file either: the inventory can be a link', () => {
    const folder = repository({ 'iam/inventory.yaml': '→../x', x: `a: "${SECRET}\n` });
    expect(JSON.stringify(found(folder))).not.toContain(SECRET);
  });

  it('is told from a broken inventory, whose mistake is shown', () => {
    const folder = repository({ 'iam/inventory.yaml': including('../x.yaml'), 'x.yaml': 'workloads:\n  a: !tag b\n' });
    expect(found(folder)).toEqual([
      expect.objectContaining({ rule: 'yaml-tag', message: 'the tag !tag is not supported' }),
    ]);
  });
});

describe('a glob over the whole disk', () => {
  /** A disk of folders without end. */
  const endless: FileTree = {
    ...DISK,
    entriesOf: () => Array.from({ length: 1000 }, (_, index) => ({ name: `d${index}`, isFolder: true })),
  };

  it.each([
    '**',
    '**/*.yaml',
    'a/**/b/**',
    '*/**/x.yaml',
    '**/**/**',
    '*/*/*/*/*.yaml',
    '?*/**/?',
    '**/*/**',
    '*/**',
    '**/x',
  ])('ends with a finding: %s', (pattern) => {
    const folder = repository({ 'iam/inventory.yaml': including(pattern) });
    const { findings, complete } = readSources(join(folder, 'iam/inventory.yaml'), { files: endless });
    expect(findings.map(({ rule }) => rule)).toEqual(['include-too-many']);
    expect(findings[0]?.message).toBe(`"${pattern}" searches more than 250,000 files and folders`);
    expect(complete).toBe(false);
  });

  it('ends for many small globs together', () => {
    const patterns = Array.from({ length: 3000 }, (_, index) => `d${index}/*`);
    const inventory = BASE.replace('version: 1\n', `version: 1\ninclude: ${JSON.stringify(patterns)}\n`);
    const folder = repository({ 'iam/inventory.yaml': inventory });
    const { findings } = readSources(join(folder, 'iam/inventory.yaml'), { files: endless });
    expect(findings.filter(({ rule }) => rule === 'include-too-many')).toHaveLength(1);
  });
});
