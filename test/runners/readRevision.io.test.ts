import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readRevision } from '../../src/runners/readRevision';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { BASE } from '../inventory/marked';

afterAll(removeFolders);

function git(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8' }).trim();
}

function commit(folder: string, files: Readonly<Record<string, string | null>>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (content === null) unlinkSync(path);
    else if (content.startsWith('→')) symlinkSync(content.slice(1), path);
    else writeFileSync(path, content);
  }
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'change');
  return git(folder, 'rev-parse', 'HEAD');
}

function repository(files: Readonly<Record<string, string>>): string {
  const folder = folderOf({});
  git(folder, 'init', '-q', '-b', 'main');
  commit(folder, files);
  return folder;
}

const [TOP = '', WORKLOADS = ''] = BASE.split(/^(?=workloads:)/m);
const stages = (result: ReturnType<typeof readRevision>): unknown =>
  result.found ? result.loaded.inventory?.waves[0]?.stages.dev?.stage : result;

describe('readRevision', () => {
  it('reads the inventory as it was, and leaves the working tree and the temporary folder as they are', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    commit(folder, { 'inventory.yaml': BASE.replace('dev: dual', 'dev: cutover') });
    writeFileSync(join(folder, 'inventory.yaml'), 'dirty: [');
    const temporary = folderOf({});
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      expect(stages(readRevision(join(folder, 'inventory.yaml'), 'HEAD~1'))).toBe('dual');
      expect(stages(readRevision(join(folder, 'inventory.yaml'), 'main'))).toBe('cutover');
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    expect(readdirSync(temporary)).toEqual([]);
    expect(git(folder, 'status', '--porcelain')).toBe('M inventory.yaml');
  });

  it('reads what it included then, in folders beside, above and below, through links', () => {
    const folder = repository({
      'iam/inventory.yaml': `${TOP}include: [teams/**/*.yaml, ../more.yaml]\n`,
      'iam/teams/a/shop.yaml': WORKLOADS,
      'iam/teams/notes.txt': 'no: [yaml',
      'more.yaml': '→real/more.yaml',
      'real/more.yaml': 'workloads: { web: { stage: pod-identity, namespace: a, serviceAccount: web } }\n',
    });
    commit(folder, { 'iam/inventory.yaml': BASE, 'iam/teams/a/shop.yaml': null, 'more.yaml': null });
    const result = readRevision(join(folder, 'iam/inventory.yaml'), 'HEAD~1');
    expect(result.found && result.loaded.findings).toEqual([]);
    expect(result.found && result.loaded.inventory?.environments[0]?.workloads.map(({ key }) => key)).toEqual([
      'api',
      'web',
    ]);
  });

  it('finds it through a link to its folder, and when it is gone now', () => {
    const folder = repository({ 'iam/inventory.yaml': BASE });
    const linked = join(folderOf({}), 'linked');
    symlinkSync(join(folder, 'iam'), linked);
    expect(stages(readRevision(join(linked, 'inventory.yaml'), 'HEAD'))).toBe('dual');
    rmSync(join(folder, 'iam'), { recursive: true });
    expect(stages(readRevision(join(folder, 'iam/inventory.yaml'), 'HEAD'))).toBe('dual');
  });

  it('names findings by the revision', () => {
    const folder = repository({ 'inventory.yaml': BASE.replace('wave: pilot', 'wave: pilto') });
    const result = readRevision(join(folder, 'inventory.yaml'), 'HEAD');
    expect(result).toMatchObject({
      found: true,
      loaded: { findings: [{ file: 'HEAD:inventory.yaml', rule: 'unknown-wave' }] },
    });
    expect(JSON.stringify(result)).not.toContain(tmpdir());
  });

  it.each([
    ['absolute', (outside: string) => join(outside, 'secret.yaml')],
    ['relative', (outside: string) => join('..', basename(outside), 'secret.yaml')],
  ])('does not follow an %s link out of the repository', (_what, target) => {
    const outside = folderOf({ 'secret.yaml': BASE });
    const folder = repository({ 'inventory.yaml': `→${target(outside)}` });
    const result = readRevision(join(folder, 'inventory.yaml'), 'HEAD');
    expect(result).toMatchObject({ found: true, loaded: { findings: [{ rule: 'commit-link' }] } });
  });

  it('says that the file was not there', () => {
    const folder = repository({ README: 'x' });
    commit(folder, { 'inventory.yaml': BASE });
    expect(readRevision(join(folder, 'inventory.yaml'), 'HEAD~1')).toEqual({ found: false, gone: [] });
  });

  it.each([
    ['that is not there', 'nope'],
    ['that is an option', '--output=/tmp/x'],
    ['that is empty', ''],
    ['that is a command', '$(touch pwned); `touch pwned`; touch pwned #'],
    ['that is a file', 'HEAD:inventory.yaml'],
  ])('says that git does not know a revision %s', (_what, revision) => {
    const folder = repository({ 'inventory.yaml': BASE });
    const result = readRevision(join(folder, 'inventory.yaml'), revision);
    expect(result).toMatchObject({
      found: false,
      problem: expect.stringContaining(`git has no commit "${revision}"`),
    });
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('says that the history is missing in a shallow clone', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    commit(folder, { README: 'x' });
    const clone = join(folderOf({}), 'clone');
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${folder}`, clone]);
    const result = readRevision(join(clone, 'inventory.yaml'), 'HEAD~1');
    expect(result).toMatchObject({ found: false, problem: expect.stringContaining('this clone is shallow') });
  });

  it('says that there is no repository, and is not led to another one', () => {
    const folder = folderOf({ 'inventory.yaml': BASE });
    const other = repository({ 'inventory.yaml': BASE });
    process.env.GIT_DIR = join(other, '.git');
    try {
      const result = readRevision(join(folder, 'inventory.yaml'), 'HEAD');
      expect(result).toEqual({ found: false, problem: `${folder} is in no git repository` });
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  it('says that there is no git', () => {
    const folder = repository({ 'inventory.yaml': BASE });
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      expect(readRevision(join(folder, 'inventory.yaml'), 'HEAD')).toEqual({
        found: false,
        problem: 'git is not installed, or not in the PATH',
      });
    } finally {
      process.env.PATH = path;
    }
  });
});
