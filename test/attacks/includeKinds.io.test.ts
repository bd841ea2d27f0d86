import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { loadInventory } from '../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';

// Files that are no plain files, names that mean something to programs, and files of other programs that resemble an inventory.

afterAll(removeFolders);

const SECRET = 'hunter2-Zk9';
const including = (...patterns: readonly string[]) =>
  BASE.replace('version: 1\n', `version: 1\ninclude: ${JSON.stringify(patterns)}\n`);

function repository(files: Readonly<Record<string, string>>): string {
  const folder = folderOf({ '.git/HEAD': 'ref: refs/heads/main\n' });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (content.startsWith('→')) symlinkSync(content.slice(1), join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
  return folder;
}

const found = (folder: string, options = {}) => loadInventory(join(folder, 'iam/inventory.yaml'), options).findings;
const errors = (folder: string, options = {}) =>
  found(folder, options)
    .filter(({ severity }) => severity === 'error')
    .map(({ rule }) => rule);

describe('a file that is no plain file', () => {
  const DEVICES = ['/dev/zero', '/dev/random', '/dev/stdin', '/dev/fd/0', '/dev/full', '/dev/tty', '/dev/null'];

  it.each([
    ...DEVICES,
    '/proc/self/environ',
    '/proc/self/mem',
    '/proc/self/fd/0',
    '/proc/kmsg',
    '/proc/self/root/etc/shadow',
    '/sys/power',
  ])('is not read inside the repository, by its name or by a link: %s', (path) => {
    for (const pattern of [path, 'l.yaml', '*.link', `../../../../../../../..${path}`]) {
      const folder = repository({
        'iam/inventory.yaml': including(pattern),
        'iam/l.yaml': `→${path}`,
        'iam/x.link': `→${path}`,
      });
      expect(errors(folder)).toEqual([pattern === path ? 'include-pattern' : 'include-outside']);
    }
  });

  it.each([
    ...DEVICES.filter((path) => !path.includes('fd') && !path.includes('std')),
    '/proc/self/mem',
    '/proc/self/pagemap',
  ])('is not read outside of it either, and ends: %s', (path) => {
    const folder = repository({ 'iam/inventory.yaml': including(path) });
    const rules = errors(folder, { includeOutside: true });
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatch(/^(?:unreadable|include|not-a|file|yaml|empty)/);
  });

  it.each([
    ['a pipe that nobody writes', (path: string) => execFileSync('mkfifo', [path])],
    [
      'a folder',
      (path: string) => {
        mkdirSync(path);
      },
    ],
    [
      'a link to nothing',
      (path: string) => {
        symlinkSync('absent', path);
      },
    ],
    [
      'a link to itself',
      (path: string) => {
        symlinkSync('m.yaml', path);
      },
    ],
    [
      'a link to its folder',
      (path: string) => {
        symlinkSync('.', path);
      },
    ],
    ['a device in the repository', (path: string) => execFileSync('mknod', [path, 'c', '1', '5'])],
  ])('is a finding, and ends: %s', (_what, make) => {
    for (const pattern of ['m.yaml', '*m.yaml']) {
      const folder = repository({ 'iam/inventory.yaml': including(pattern) });
      try {
        make(join(folder, 'iam/m.yaml'));
      } catch (error) {
        // A container without the right to make devices has none in a repository.
        expect(String(error)).toContain('mknod');
        return;
      }
      expect(errors(folder)).toHaveLength(1);
    }
  });

  it('is a finding, and ends: a socket', async () => {
    const folder = repository({ 'iam/inventory.yaml': including('m.yaml') });
    const server = createServer().listen(join(folder, 'iam/m.yaml'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(errors(folder)).toHaveLength(1);
    await new Promise((resolve) => server.close(resolve));
  });

  it('is a finding: a file of four gigabytes', () => {
    const folder = repository({ 'iam/inventory.yaml': including('m.yaml'), 'iam/m.yaml': '' });
    truncateSync(join(folder, 'iam/m.yaml'), 4 * 1024 ** 3);
    expect(errors(folder)).toHaveLength(1);
  });

  it('is a finding: a file of 100 megabytes', () => {
    const folder = repository({ 'iam/inventory.yaml': including('m.yaml'), 'iam/m.yaml': '' });
    truncateSync(join(folder, 'iam/m.yaml'), 100 * 1024 ** 2);
    expect(errors(folder)).toHaveLength(1);
  });

  it('is not quoted: a secret that is a hard link', () => {
    const outside = folderOf({ s: `password=${SECRET}\n` });
    const folder = repository({ 'iam/inventory.yaml': including('m.yaml') });
    linkSync(join(outside, 's'), join(folder, 'iam/m.yaml'));
    expect(errors(folder)).toHaveLength(1);
    expect(JSON.stringify(found(folder))).not.toMatch(/hunter2|Zk9/i);
  });

  it('is not quoted: a file that nobody may read', () => {
    const folder = repository({ 'iam/inventory.yaml': including('m.yaml'), 'iam/m.yaml': `password=${SECRET}\n` });
    chmodSync(join(folder, 'iam/m.yaml'), 0);
    expect(errors(folder)).toHaveLength(1);
    expect(JSON.stringify(found(folder))).not.toMatch(/hunter2|Zk9/i);
  });
});

describe('a name that means something to a program', () => {
  let other: string;
  beforeAll(() => (other = folderOf({ 'm.yaml': `workloads: { ${SECRET}: { stage: irsa } }\n` })));

  it.each([
    'file://OTHERFULL/m.yaml',
    '~/m.yaml',
    '~root/.bashrc',
    '$HOME/m.yaml',
    '${OTHER}/m.yaml',
    '%2e%2e/%2e%2e/OTHER/m.yaml',
    '..\\..\\OTHER\\m.yaml',
    '[.][.]/[.][.]/OTHER/m.yaml',
    '[.]./.[.]/OTHER/m.yaml',
    '.?/.?/OTHER/m.yaml',
    '?./?./OTHER/m.yaml',
    '.*/.*/OTHER/m.yaml',
    '*(../)OTHER/m.yaml',
    '@(..)/@(..)/OTHER/m.yaml',
    '+(.)/+(.)/OTHER/m.yaml',
    '{..,x}/{..,x}/OTHER/m.yaml',
    '!(x)/!(x)/OTHER/m.yaml',
    '**/../../../OTHER/m.yaml',
    '*/../../../OTHER/m.yaml',
    '…/…/OTHER/m.yaml',
    '．．/．．/OTHER/m.yaml',
    '//OTHERFULL/m.yaml',
    'm.yaml\u0000../../OTHER/m.yaml',
    'http://127.0.0.1:1/m.yaml',
    '|cat OTHERFULL/m.yaml',
    '-rf',
    '',
    '.',
    '..',
    '/',
    ' ../../OTHER/m.yaml',
    '../../OTHER/m.yaml ',
    '../../OTHER/./m.yaml',
    './../.././OTHER/m.yaml',
    '..//..//OTHER/m.yaml',
  ])('is a finding, and reads nothing outside: %j', (written) => {
    const pattern = written.replace('OTHERFULL', other).replace('OTHER', basename(other));
    const folder = repository({ 'iam/inventory.yaml': including(pattern), 'iam/a/x.txt': '' });
    const findings = found(folder);
    expect(findings.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|Zk9/i);
  });

  it('is read as it is where a file has it', () => {
    const more = 'workloads: { more: { stage: pod-identity, namespace: a, serviceAccount: b } }\n';
    const folder = repository({ 'iam/inventory.yaml': including('~/m.yaml'), 'iam/~/m.yaml': more });
    expect(errors(folder)).toEqual([]);
  });
});

describe('a file of another program', () => {
  it.each([
    ['a state of Terraform', `{"version": 4, "outputs": {"password": {"value": "${SECRET}"}}}`],
    ['a state of version 1', `{"version": 1, "modules": [{"outputs": {"${SECRET}": {"value": "${SECRET}"}}}]}`],
    ['a file of docker', `{"auths": {"https://index.docker.io/v1/": {"auth": "${SECRET}"}}}`],
    ['accounts in a list', `accounts: [{ user: root, password: ${SECRET} }]\n`],
    ['a pipeline of GitLab', `include: "https://token:${SECRET}@git.invalid/x.yml"\nvariables: { TOKEN: ${SECRET} }\n`],
    ['a workflow of GitHub', `on: push\nenv: { TOKEN: ${SECRET} }\njobs: {}\n`],
    ['settings of a network', `version: 1\nconfig: [{ type: physical, name: ${SECRET} }]\n`],
    ['settings of a network of version 2', `network: { version: 2, wifis: { w0: { password: ${SECRET} } } }\n`],
    ['a playbook', `- hosts: all\n  vars: { ansible_become_pass: ${SECRET} }\n`],
    ['a secret of Kubernetes', `apiVersion: v1\nkind: Secret\nstringData: { workloads: ${SECRET} }\n`],
    ['users', `version: 1\nusers: { ${SECRET}: { hash: ${SECRET} } }\n`],
    ['one word with a colon', `${SECRET}:`],
    ['one key with the version', `version: 1\n${SECRET}: true\n`],
    ['a version that is a secret', `version: ${SECRET}\n`],
    ['a version that is a map', `version: { ${SECRET}: ${SECRET} }\n`],
    ['environments that are a list of words', `environments: [${SECRET}]\n`],
    ['waves that are a number', `waves: ${SECRET}\nservices: {}\n`],
    ['text of two bytes a letter', Buffer.from(`password: ${SECRET}\n`, 'utf16le').toString('latin1')],
    ['a comment before an error', `# ${SECRET}\n\t- x: [\n`],
    ['an anchor', `a: &${SECRET} x\nb: *${SECRET}x\n`],
    ['a directive', `%${SECRET} 1\n---\na: b\n`],
    ['a version of YAML', `%YAML ${SECRET}\n---\na: b\n`],
    ['a handle', `%TAG !e! tag:${SECRET},2000:\n---\na: !e!${SECRET} b\n`],
    ['an entry of merge', `<<: ${SECRET}\n`],
    ['a block without an end', `a: |9${SECRET}\n  x\n`],
    ['a key of 2,000 letters', `? ${SECRET.repeat(200)}\n: x\n`],
    ['an indentation that is wrong', `a:\n   b: c\n  ${SECRET}: d\n`],
    ['a key without a colon', `version: 1\n${SECRET}\nworkloads: {}\n`],
  ])('is not quoted: %s', (_what, text) => {
    const folder = repository({ 'iam/inventory.yaml': including('../x'), x: text });
    const findings = found(folder);
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|Zk9/i);
  });

  it('is not quoted by aliases of aliases, and ends', () => {
    const rows = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map(
      (name, index) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdefghij'.charAt(index)}`)
          .join(',')}]`,
    );
    const folder = repository({
      'iam/inventory.yaml': including('../x'),
      x: `a: &a [${SECRET}]\n${rows.join('\n')}\n`,
    });
    expect(errors(folder)).toHaveLength(1);
    expect(JSON.stringify(found(folder))).not.toMatch(/hunter2|Zk9/i);
  });
});
