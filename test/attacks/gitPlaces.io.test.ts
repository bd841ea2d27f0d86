import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';
import { checked, git, marker, repository, type TreeEntry, writeTree } from './hostileCommits';

// Where git finds its settings, and shapes of commits that git stores without complaint.

afterAll(removeFolders);

const INCLUDING = (pattern: string) => BASE.replace('version: 1\n', `version: 1\ninclude: [${pattern}]\n`);

/** A commit of a tree that `git add` would not write. */
function commitOf(folder: string, entries: readonly TreeEntry[]): string {
  return git(folder, ['commit-tree', '-m', 'x', writeTree(folder, entries)]);
}

const blobOf = (folder: string, text: string) => git(folder, ['hash-object', '-w', '--stdin'], text);

const CONFIG = (script: string) =>
  `[core]\n\tfsmonitor = ${script}\n\tpager = ${script}\n\tsshCommand = ${script}\n[diff]\n\texternal = ${script}\n`;

describe('the settings of git that stand elsewhere', () => {
  it.each<[string, (folder: string, script: string) => void]>([
    [
      'a folder of the commit that is itself a repository',
      (folder, script) => {
        // The inventory stands in a folder that has all that git asks of a bare repository.
        git(folder, ['init', '-q', '--bare', 'iam']);
        writeFileSync(
          join(folder, 'iam/config'),
          `[core]\n\trepositoryformatversion = 0\n\tbare = true\n${CONFIG(script)}`,
        );
      },
    ],
    [
      'a .git file that leads to a repository of others',
      (folder, script) => {
        const other = repository({ 'iam/inventory.yaml': BASE });
        writeFileSync(join(other, '.git/config'), CONFIG(script));
        rmSync(join(folder, '.git'), { recursive: true });
        writeFileSync(join(folder, '.git'), `gitdir: ${other}/.git\n`);
      },
    ],
    [
      'a .git link',
      (folder, script) => {
        const other = repository({ 'iam/inventory.yaml': BASE });
        writeFileSync(join(other, '.git/config'), CONFIG(script));
        rmSync(join(folder, '.git'), { recursive: true });
        symlinkSync(join(other, '.git'), join(folder, '.git'));
      },
    ],
    [
      'config.worktree',
      (folder, script) => {
        git(folder, ['config', 'extensions.worktreeConfig', 'true']);
        writeFileSync(join(folder, '.git/config.worktree'), CONFIG(script));
      },
    ],
    [
      'includeIf of the folder',
      (folder, script) => {
        writeFileSync(join(dirname(script), 'more'), CONFIG(script));
        git(folder, ['config', `includeIf.gitdir:**.path`, join(dirname(script), 'more')]);
      },
    ],
    [
      'includeIf of the branch',
      (folder, script) => {
        writeFileSync(join(dirname(script), 'more'), CONFIG(script));
        git(folder, ['config', 'includeIf.onbranch:**.path', join(dirname(script), 'more')]);
      },
    ],
    [
      'every hook',
      (folder, script) => {
        const hooks = [
          'post-index-change',
          'reference-transaction',
          'post-checkout',
          'pre-auto-gc',
          'fsmonitor-watchman',
        ];
        for (const hook of hooks) cpSync(script, join(folder, '.git/hooks', hook));
        git(folder, ['config', 'core.fsmonitor', '.git/hooks/fsmonitor-watchman']);
      },
    ],
    [
      'attributes of the repository, with a driver',
      (folder, script) => {
        writeFileSync(join(folder, '.git/info/attributes'), '* filter=x diff=x working-tree-encoding=UTF-16\n');
        git(folder, ['config', 'filter.x.process', script]);
        git(folder, ['config', 'filter.x.required', 'true']);
        git(folder, ['config', 'diff.x.textconv', script]);
      },
    ],
  ])('run no command: %s', (_what, prepare) => {
    const folder = repository({ 'iam/inventory.yaml': BASE });
    const { script, mark } = marker();
    prepare(folder, script);
    checked(folder, 'HEAD', 'iam/inventory.yaml');
    renameSync(join(folder, 'iam/inventory.yaml'), join(folder, 'iam/moved.yaml'));
    checked(folder, 'HEAD', 'iam/moved.yaml');
    expect(existsSync(mark)).toBe(false);
  });

  it('would run one in git itself, so the tests above show something', () => {
    const folder = repository({ 'iam/inventory.yaml': BASE });
    const { script, mark } = marker();
    git(folder, ['init', '-q', '--bare', 'iam']);
    writeFileSync(join(folder, 'iam/config'), `[core]\n\tbare = true\n[alias]\n\tx = !${script}\n`);
    spawnSync('git', ['-C', join(folder, 'iam'), 'x']);
    expect(existsSync(mark)).toBe(true);
  });

  it('of a linked working tree are those of a repository: it is read as any other', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const tree = join(folderOf({}), 'tree');
    git(folder, ['worktree', 'add', '-q', '--detach', tree]);
    expect(checked(tree)).toMatchObject({ exit: 0 });
  });

  it.each<[string, (folder: string) => Readonly<Record<string, string>>]>([
    ['the person’s configuration', (folder) => ({ HOME: folder })],
    ['the person’s configuration elsewhere', (folder) => ({ XDG_CONFIG_HOME: folder, HOME: '/nonexistent' })],
    ['GIT_CONFIG_GLOBAL', (folder) => ({ GIT_CONFIG_GLOBAL: join(folder, '.gitconfig') })],
    ['GIT_CONFIG_SYSTEM', (folder) => ({ GIT_CONFIG_SYSTEM: join(folder, '.gitconfig'), GIT_CONFIG_NOSYSTEM: '0' })],
    [
      'GIT_CONFIG_COUNT',
      (folder) => ({
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'core.fsmonitor',
        GIT_CONFIG_VALUE_0: join(folder, 'run.sh'),
      }),
    ],
    ['GIT_COMMON_DIR', (folder) => ({ GIT_COMMON_DIR: folder })],
    ['GIT_INDEX_FILE', (folder) => ({ GIT_INDEX_FILE: join(folder, 'pwned') })],
    ['GIT_SHALLOW_FILE', (folder) => ({ GIT_SHALLOW_FILE: folder })],
    ['GIT_GRAFT_FILE', (folder) => ({ GIT_GRAFT_FILE: folder })],
    ['GIT_ATTR_SOURCE', () => ({ GIT_ATTR_SOURCE: 'nonexistent' })],
    ['GIT_CEILING_DIRECTORIES', () => ({ GIT_CEILING_DIRECTORIES: '/' })],
    [
      'GIT_TRACE_SETUP',
      (folder) => ({ GIT_TRACE_SETUP: join(folder, 'pwned'), GIT_TRACE2_PERF: join(folder, 'pwned') }),
    ],
    ['GIT_ICASE_PATHSPECS', () => ({ GIT_ICASE_PATHSPECS: '1', GIT_LITERAL_PATHSPECS: '1' })],
    ['GIT_DISCOVERY_ACROSS_FILESYSTEM', () => ({ GIT_DISCOVERY_ACROSS_FILESYSTEM: '1', GIT_DEFAULT_HASH: 'sha256' })],
  ])('reach git no more: %s', (_what, variables) => {
    const folder = repository({ 'inventory.yaml': BASE });
    const { script, mark } = marker();
    const place = dirname(script);
    const text = `${CONFIG(script)}[trace2]\n\teventTarget = ${mark}\n\tnormalTarget = ${mark}\n\tperfTarget = ${mark}\n`;
    writeFileSync(join(place, '.gitconfig'), text);
    mkdirSync(join(place, 'git'));
    writeFileSync(join(place, 'git/config'), text);
    const before = { ...process.env };
    Object.assign(process.env, variables(place));
    try {
      expect(checked(folder)).toMatchObject({ exit: 0 });
    } finally {
      process.env = before;
    }
    expect(existsSync(mark)).toBe(false);
  });

  it('do not come from GIT_EXEC_PATH: no program of this folder is run', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const { script, mark } = marker();
    for (const name of ['git', 'git-cat-file', 'git-ls-tree', 'git-rev-parse', 'git-remote-https'])
      cpSync(script, join(dirname(script), name));
    process.env.GIT_EXEC_PATH = dirname(script);
    try {
      checked(folder);
    } finally {
      delete process.env.GIT_EXEC_PATH;
    }
    expect(existsSync(mark)).toBe(false);
  });
});

describe('the name of a base', () => {
  it.each([
    ['--output=pwned'],
    ['-h'],
    ['--upload-pack=touch pwned'],
    ['--all'],
    ['--'],
    [''],
    ['HEAD\n--all'],
    ['HEAD:inventory.yaml'],
    ['HEAD^{tree}'],
    ['HEAD..HEAD'],
    ['^HEAD'],
    [':/base\u001b[2J'],
    ['HEAD\0x'],
    ['refs/heads/../../config'],
    ['ext::touch pwned'],
    ['/etc/passwd'],
    ['@{u}'],
  ])('is never an option and never more than a commit: %j', (base) => {
    const folder = repository({ 'inventory.yaml': BASE });
    const { exit } = checked(folder, base);
    expect(exit).toBe(2);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
    expect(existsSync('pwned')).toBe(false);
  });
});

describe('the inventory in a commit', () => {
  it.each<[string, (folder: string) => readonly TreeEntry[]]>([
    ['a submodule', (folder) => [['160000', 'inventory.yaml', git(folder, ['rev-parse', 'HEAD'])]]],
    ['a link to a device', (folder) => [['120000', 'inventory.yaml', blobOf(folder, '/dev/zero')]]],
    ['an empty link', (folder) => [['120000', 'inventory.yaml', blobOf(folder, '')]]],
    ['a link with a line break', (folder) => [['120000', 'inventory.yaml', blobOf(folder, 'a\nb')]]],
    ['an object that does not exist', () => [['100644', 'inventory.yaml', '1'.repeat(40)]]],
    [
      'a tree that is called a file',
      (folder) => [['100644', 'inventory.yaml', git(folder, ['rev-parse', 'HEAD^{tree}'])]],
    ],
    ['a file of a mode that git does not know', (folder) => [['170000', 'inventory.yaml', blobOf(folder, BASE)]]],
    [
      'below a submodule',
      (folder) => [
        ['160000', 'sub', git(folder, ['rev-parse', 'HEAD'])],
        ['100644', 'inventory.yaml', blobOf(folder, INCLUDING('sub/x.yaml'))],
      ],
    ],
  ])('ends with exit code 2: %s', (_what, entries) => {
    const folder = repository({ 'inventory.yaml': BASE });
    const { exit, said } = checked(folder, commitOf(folder, entries(folder)));
    expect(said).not.toBe('');
    expect(exit).toBe(2);
  });

  it.each([
    ['of bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x2e])],
    ['of an overlong point', Buffer.from([0xc0, 0xae, 0xc0, 0xae])],
    ['with a line break', Buffer.from('a\nb')],
    ['with a tab and a quote', Buffer.from('a\t"b')],
    ['with a control sequence', Buffer.from('a\u001b[2J\u202e')],
    ['of 5,000 letters', Buffer.from('a'.repeat(5000))],
  ])('is read beside a name %s, and nothing of it reaches the terminal', (_what, name) => {
    const folder = repository({ 'inventory.yaml': BASE });
    const blob = blobOf(folder, INCLUDING('"**/a*"'));
    const bytes = Buffer.concat([
      Buffer.from('100644 '),
      name,
      Buffer.from('\0'),
      Buffer.from(blob, 'hex'),
      Buffer.from('100644 inventory.yaml\0'),
      Buffer.from(blob, 'hex'),
    ]);
    const args = ['-C', folder, 'hash-object', '-t', 'tree', '-w', '--stdin', '--literally'];
    const tree = execFileSync('git', args, { input: bytes, encoding: 'utf8' }).trim();
    const { exit, said } = checked(folder, git(folder, ['commit-tree', '-m', 'x', tree]));
    expect([0, 2]).toContain(exit);
    expect(said).not.toMatch(/[\u001b\u202e]/);
  });

  it('of 300 megabytes is refused, and not read into memory', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const args = ['-C', folder, '-c', 'core.compression=1', 'hash-object', '-w', '--stdin'];
    const blob = execFileSync('git', args, { input: Buffer.alloc(300 * 1024 * 1024, '#'), encoding: 'utf8' }).trim();
    const { exit, said } = checked(folder, commitOf(folder, [['100644', 'inventory.yaml', blob]]));
    expect(said).toContain('inventory.yaml');
    expect(exit).toBe(2);
  });

  it('of a bomb of trees is refused: ten folders in each of ten folders, ten times', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const blob = blobOf(folder, BASE);
    let tree = writeTree(folder, [['100644', 'x.yaml', blob]]);
    for (let depth = 0; depth < 10; depth += 1)
      tree = writeTree(
        folder,
        Array.from({ length: 10 }, (_, index): TreeEntry => ['40000', `d${index}`, tree]),
      );
    const commit = commitOf(folder, [
      ['40000', 'd', tree],
      ['100644', 'inventory.yaml', blob],
    ]);
    const { exit, said } = checked(folder, commit);
    expect(said).not.toBe('');
    expect(exit).toBe(2);
  });

  it('of 300 folders inside each other is read or refused', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const blob = blobOf(folder, INCLUDING('"**/x.yaml"'));
    let tree = writeTree(folder, [['100644', 'y', blob]]);
    for (let depth = 0; depth < 300; depth += 1) tree = writeTree(folder, [['40000', 'd', tree]]);
    const commit = commitOf(folder, [
      ['40000', 'd', tree],
      ['100644', 'inventory.yaml', blob],
    ]);
    expect([0, 2]).toContain(checked(folder, commit).exit);
  });

  it('whose commit is missing from a clone without trees is not fetched', () => {
    const origin = repository({ 'inventory.yaml': BASE });
    git(origin, ['config', 'uploadpack.allowFilter', 'true']);
    const clone = join(folderOf({}), 'clone');
    execFileSync('git', ['clone', '-q', '--no-checkout', '--filter=tree:0', `file://${origin}`, clone]);
    writeFileSync(join(clone, 'inventory.yaml'), BASE);
    const { script, mark } = marker();
    git(clone, ['config', 'remote.origin.uploadpack', script]);
    for (const base of ['HEAD', '1'.repeat(40)]) expect(checked(clone, base).exit).toBe(2);
    expect(existsSync(mark)).toBe(false);
  });

  it('is not chosen by a name that looks like its commit, or by a graft', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const real = git(folder, ['rev-parse', 'HEAD']);
    const other = commitOf(folder, [
      ['100644', 'inventory.yaml', blobOf(folder, BASE.replace('dev: dual', 'dev: cutover'))],
    ]);
    const before = checked(folder, real);
    git(folder, ['update-ref', `refs/tags/${real}`, other]);
    git(folder, ['update-ref', `refs/heads/${real}`, other]);
    writeFileSync(join(folder, '.git/info/grafts'), `${real} ${other}\n`);
    expect(checked(folder, real)).toEqual(before);
  });
});
