import { spawnSync } from 'node:child_process';
import { existsSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { wrongPath } from '../../src/runners/CommitTree';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';
import { checked, git, hostileTree, marker, partialClone, repository } from './hostileCommits';

// A pull request chooses the entries of its commits; who can write `.git/config` or the environment chooses git's settings.

afterAll(removeFolders);

describe('the names of a commit', () => {
  it.each([
    ['..', '.. is the folder above'],
    ['.', '. is the folder itself'],
    ['.git', "git's own folder"],
    ['.GIT', 'the same without case'],
    ['.Git', 'the same without case'],
    ['git~1', 'its short name on NTFS'],
    ['GIT~1', 'its short name on NTFS without case'],
    ['.git.', 'NTFS ignores dots at the end'],
    ['.git ', 'NTFS ignores blanks at the end'],
    ['.git . .', 'NTFS ignores both'],
    ['.git::$INDEX_ALLOCATION', 'NTFS reads a stream'],
    ['.g\u200cit', 'HFS+ ignores joiners'],
    ['\ufeff.git', 'HFS+ ignores a byte order mark'],
    ['.\u202egit', 'HFS+ ignores directions'],
    ['a\\..\\..\\b', 'Windows reads separators'],
    ['a\\.git\\config', "Windows reads git's own folder"],
    ['C:\\pwned.yaml', 'Windows reads a drive'],
    ['.\u200d.', 'HFS+ reads the folder above'],
  ])('refuses %j: %s', (name) => {
    const folder = hostileTree((_, tree) => [['40000', name, tree]]);
    const { exit, said } = checked(folder, 'hostile');
    expect(said).toContain('--base: hostile has an entry that git does not check out');
    expect(exit).toBe(2);
    expect(existsSync(join(dirname(folder), 'pwned.yaml'))).toBe(false);
  });

  it.each([['/etc/passwd'], ['//x'], ['a//b'], [''], ['a/'], ['a/../b'], ['./a'], ['C:/x'], ['c:\\x']])(
    'refuses the path %j',
    (path) => {
      expect(wrongPath(path)).toBeDefined();
    },
  );

  it.each([
    ['.github/workflows/ci.yaml'],
    ['a/.gitignore'],
    ['git~2'],
    ['...x'],
    ['a..b'],
    ['git'],
    ['x.git'],
    ['ü ä'],
  ])('accepts the path %j', (path) => {
    expect(wrongPath(path)).toBeUndefined();
  });

  it('refuses a name that is a link and a folder: a write into the folder would follow the link', () => {
    const folder = hostileTree((blob, tree) => [
      ['120000', 'a', blob],
      ['40000', 'a', tree],
    ]);
    expect(checked(folder, 'hostile')).toMatchObject({ exit: 2, said: expect.stringContaining('a file and a folder') });
  });

  it('refuses a name that occurs twice', () => {
    const folder = hostileTree((blob) => [
      ['100644', 'a', blob],
      ['120000', 'a', blob],
    ]);
    expect(checked(folder, 'hostile')).toMatchObject({ exit: 2, said: expect.stringContaining('it occurs twice') });
  });

  it('refuses an empty name', () => {
    const folder = hostileTree((_, tree) => [['40000', '', tree]]);
    expect(checked(folder, 'hostile')).toMatchObject({ exit: 2, said: expect.stringContaining('empty filename') });
  });

  it('refuses a name with an absolute path in it', () => {
    const folder = hostileTree((_, tree) => [['40000', '/etc', tree]]);
    expect(checked(folder, 'hostile')).toMatchObject({
      exit: 2,
      said: expect.stringContaining('its path is absolute'),
    });
  });
});

describe('the symbolic links of a commit', () => {
  const SECRET = 'workloads: { secret-of-the-machine: { stage: irsa, namespace: a, serviceAccount: b } }\n';
  const including = BASE.replace(/^/, 'include: [extra.yaml]\n');

  it.each<[string, (outside: string) => Readonly<Record<string, string>>]>([
    ['absolute', (outside) => ({ 'extra.yaml': `→${outside}/s.yaml` })],
    ['relative', (outside) => ({ 'extra.yaml': `→../${basename(outside)}/s.yaml` })],
    ['through a folder', (outside) => ({ 'extra.yaml': '→d/s.yaml', d: `→../${basename(outside)}` })],
    ['through two links', (outside) => ({ 'extra.yaml': '→b', b: '→c', c: `→${outside}/s.yaml` })],
    ['down and up again', (outside) => ({ 'extra.yaml': `→x/../../${basename(outside)}/s.yaml`, 'x/y': '1' })],
    ['from below', (outside) => ({ 'extra.yaml': '→x/l', 'x/l': `→../../${basename(outside)}/s.yaml` })],
    ['by a link to the folder above', (outside) => ({ 'extra.yaml': `→up/${basename(outside)}/s.yaml`, up: '→..' })],
    ['by a link to the top of the disk', (outside) => ({ 'extra.yaml': `→root${outside}/s.yaml`, root: '→/' })],
    ['to a process', () => ({ 'extra.yaml': '→/proc/self/environ' })],
    ['with the separator of Windows', () => ({ 'extra.yaml': '→..\\s.yaml' })],
    ['in a cycle of two', () => ({ 'extra.yaml': '→b', b: '→extra.yaml' })],
    ['to itself', () => ({ 'extra.yaml': '→extra.yaml' })],
    ['in a growing cycle', () => ({ 'extra.yaml': '→extra.yaml/x' })],
  ])('do not lead out of it: %s', (_what, links) => {
    const outside = folderOf({ 's.yaml': SECRET });
    const folder = repository({ 'inventory.yaml': including, ...links(outside) });
    unlinkSync(join(folder, 'extra.yaml'));
    writeFileSync(join(folder, 'inventory.yaml'), BASE);
    const { exit, said } = checked(folder);
    expect(said).toMatch(/HEAD:inventory\.yaml:1:11 {2}error {2}HEAD:\S+ is .*symbolic link.*\[commit-link\]/s);
    expect(said).not.toContain('secret-of-the-machine');
    expect(exit).toBe(2);
  });

  it('are followed inside of it, also through folders and the top', () => {
    const folder = repository({
      'inventory.yaml': including,
      'extra.yaml': '→a/b/l.yaml',
      'a/b': '→../c',
      'c/l.yaml': '→../c/./../d/s.yaml',
      'd/s.yaml': SECRET,
    });
    unlinkSync(join(folder, 'extra.yaml'));
    writeFileSync(join(folder, 'inventory.yaml'), BASE);
    expect(checked(folder).said).toContain('secret-of-the-machine');
  });
});

describe('.git/config of a partial clone', () => {
  it.each<[string, (script: string) => readonly (readonly [string, string])[]]>([
    ['remote.origin.uploadpack', (script) => [['remote.origin.uploadpack', script]]],
    [
      'a remote that is a command',
      (script) => [
        ['remote.origin.url', `ext::${script} %S`],
        ['protocol.ext.allow', 'always'],
      ],
    ],
    [
      'core.sshCommand',
      (script) => [
        ['remote.origin.url', 'ssh://host.invalid/x'],
        ['core.sshCommand', script],
      ],
    ],
    [
      'core.gitProxy',
      (script) => [
        ['remote.origin.url', 'git://host.invalid/x'],
        ['core.gitProxy', script],
      ],
    ],
    [
      'credential.helper',
      (script) => [
        ['remote.origin.url', 'https://host.invalid/x'],
        ['credential.helper', `!${script}`],
      ],
    ],
    [
      'url.insteadOf',
      (script) => [
        ['url.ext::' + script + '.insteadOf', 'file:'],
        ['protocol.allow', 'always'],
      ],
    ],
    ['core.hooksPath', (script) => [['core.hooksPath', dirname(script)]]],
    [
      'gc by a hook',
      (script) => [
        ['gc.auto', '1'],
        ['core.hooksPath', dirname(script)],
      ],
    ],
    ['core.alternateRefsCommand', (script) => [['core.alternateRefsCommand', script]]],
    [
      'alias',
      (script) => [
        ['alias.fetch', `!${script}`],
        ['alias.cat-file', `!${script}`],
      ],
    ],
  ])('runs no command: %s', (_what, settings) => {
    const clone = partialClone();
    const { script, mark } = marker();
    for (const [key, value] of settings(script)) git(clone, ['config', key, value]);
    const { exit, said } = checked(clone);
    expect(existsSync(mark)).toBe(false);
    expect(said).toMatch(/--base: (inventory\.yaml of HEAD is not in this clone|git cat-file)/);
    expect(exit).toBe(2);
  });

  it('would run one in git itself, so the tests above show something', () => {
    const clone = partialClone();
    const { script, mark } = marker();
    git(clone, ['config', 'remote.origin.uploadpack', script]);
    spawnSync('git', ['-C', clone, 'cat-file', '-p', 'HEAD:inventory.yaml']);
    expect(existsSync(mark)).toBe(true);
  });
});

describe('the settings of a whole repository', () => {
  const ATTRIBUTES = '* filter=x diff=x merge=x\n';

  it.each<[string, (script: string) => readonly (readonly [string, string])[]]>([
    ['core.fsmonitor', (script) => [['core.fsmonitor', script]]],
    [
      'core.pager',
      (script) => [
        ['core.pager', script],
        ['pager.show', script],
        ['pager.grep', script],
      ],
    ],
    ['diff.external', (script) => [['diff.external', script]]],
    [
      'diff.x.textconv',
      (script) => [
        ['diff.x.textconv', script],
        ['diff.x.command', script],
      ],
    ],
    [
      'filter.x.smudge',
      (script) => [
        ['filter.x.smudge', script],
        ['filter.x.clean', script],
        ['filter.x.process', script],
      ],
    ],
    [
      'alias',
      (script) =>
        ['rev-parse', 'ls-tree', 'cat-file', 'show', 'grep'].map((name) => [`alias.${name}`, `!${script}`] as const),
    ],
    [
      'gpg.program',
      (script) => [
        ['gpg.program', script],
        ['log.showSignature', 'true'],
      ],
    ],
    [
      'core.editor',
      (script) => [
        ['core.editor', script],
        ['sequence.editor', script],
      ],
    ],
    ['include.path', (script) => [['include.path', join(dirname(script), 'more')]]],
  ])('run no command: %s', (_what, settings) => {
    const folder = repository({ 'inventory.yaml': BASE, '.gitattributes': ATTRIBUTES });
    const { script, mark } = marker();
    writeFileSync(join(dirname(script), 'more'), `[core]\n\tfsmonitor = ${script}\n\tpager = ${script}\n`);
    for (const [key, value] of settings(script)) git(folder, ['config', key, value]);
    expect(checked(folder)).toMatchObject({ exit: 0 });
    // An inventory that is gone makes podlift search the commit too.
    renameSync(join(folder, 'inventory.yaml'), join(folder, 'moved.yaml'));
    const moved = checked(folder, 'HEAD', 'moved.yaml');
    expect(moved).toMatchObject({ exit: 2, said: expect.stringContaining('which has inventory.yaml instead') });
    expect(existsSync(mark)).toBe(false);
  });

  it.each([
    ['GIT_EXTERNAL_DIFF', (script: string) => script],
    ['GIT_PAGER', (script: string) => script],
    ['GIT_SSH_COMMAND', (script: string) => script],
    ['GIT_ASKPASS', (script: string) => script],
    ['GIT_CONFIG_PARAMETERS', (script: string) => `'core.fsmonitor'='${script}'`],
    ['GIT_TRACE', (script: string) => join(dirname(script), 'pwned')],
    ['GIT_TRACE2_EVENT', (script: string) => join(dirname(script), 'pwned')],
    ['GIT_TRACE_PACKET', (script: string) => join(dirname(script), 'pwned')],
    ['GIT_DIR', (script: string) => dirname(script)],
    ['GIT_WORK_TREE', (script: string) => dirname(script)],
    ['GIT_OBJECT_DIRECTORY', (script: string) => dirname(script)],
    ['GIT_ALTERNATE_OBJECT_DIRECTORIES', (script: string) => dirname(script)],
    ['GIT_NAMESPACE', () => 'other'],
    ['GIT_REPLACE_REF_BASE', () => 'refs/heads/'],
  ])('of the environment reach git no more: %s', (name, value) => {
    const folder = repository({ 'inventory.yaml': BASE });
    const { script, mark } = marker();
    process.env[name] = value(script);
    try {
      expect(checked(folder)).toMatchObject({ exit: 0 });
    } finally {
      Reflect.deleteProperty(process.env, name);
    }
    expect(existsSync(mark)).toBe(false);
  });

  it('do not replace the commit: refs/replace/ is not read', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const real = git(folder, ['rev-parse', 'HEAD']);
    writeFileSync(join(folder, 'inventory.yaml'), BASE.replace('dev: dual', 'dev: cutover'));
    git(folder, ['commit', '-qam', 'other']);
    git(folder, ['replace', real, 'HEAD']);
    writeFileSync(join(folder, 'inventory.yaml'), BASE.replace('dev: dual', 'dev: cutover'));
    const before = checked(folder, real);
    git(folder, ['replace', '-d', real]);
    expect(before).toEqual(checked(folder, real));
  });

  it('do not move the top: an inventory outside of core.worktree is not taken for a new one', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    git(folder, ['config', 'core.worktree', folderOf({})]);
    expect(checked(folder)).toMatchObject({ exit: 2 });
  });
});
