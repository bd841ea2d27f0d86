import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { PILOT, run, useFolder } from './commandLine';

const folder = useFolder();
const PODLIFT = resolve('src/cli/podlift.js');
/** `podlift synth` in a project, as its user calls it. */
const synth = (project: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  run([PODLIFT, 'synth', ...words], env, project);
const projectIn = (...path: readonly string[]) => {
  const project = join(folder.path, ...path);
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'inventory.yaml'), PILOT);
  // The states of a project with its own cdktf.json are in its folder, also where podlift runs from its repository.
  cpSync('cdktf.json', join(project, 'cdktf.json'));
  return project;
};
const filesIn = (place: string) =>
  Object.fromEntries(
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [relative(place, file), readFileSync(file, 'utf8')]),
  );
const stateOf = (root: string) => {
  const { terraform } = JSON.parse(readFileSync(join(root, 'main.tf.json'), 'utf8'));
  return terraform.backend.local.path as string;
};

describe('podlift synth --out', () => {
  it('writes the same bytes for everybody: in another folder, with another home, kubeconfig and time zone', () => {
    const mine = projectIn('home', 'me', 'platform');
    const theirs = projectIn('srv', 'ci', 'builds', '17');
    expect(synth(mine, ['--out', 'roots'], { HOME: join(folder.path, 'home', 'me') })).toMatchObject({ status: 0 });
    const other = {
      HOME: join(folder.path, 'srv'),
      KUBECONFIG: '/srv/kube.yaml',
      TZ: 'Asia/Tokyo',
      LC_ALL: 'tr_TR.UTF-8',
    };
    expect(synth(theirs, ['--out', join(theirs, 'roots')], other)).toMatchObject({ status: 0 });
    const files = filesIn(join(mine, 'roots'));
    expect(Object.keys(files)).toContain(join('prod-identity', 'main.tf.json'));
    expect(filesIn(join(theirs, 'roots'))).toEqual(files);
    for (const text of Object.values(files)) expect(text).not.toContain(folder.path);
  });

  it('names the local state of the project where the folder of the roots is a link', () => {
    const project = projectIn('platform');
    const elsewhere = join(folder.path, 'a', 'b', 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    symlinkSync(elsewhere, join(project, 'roots'));
    expect(synth(project, ['--out', 'roots'])).toMatchObject({ status: 0 });
    // Terraform starts in the real folder of the root.
    const root = join(elsewhere, 'prod-identity');
    expect(resolve(root, stateOf(root))).toBe(join(project, 'terraform.prod-identity.tfstate'));
  });

  it('writes the same roots in a project that is reached by a link', () => {
    const project = projectIn('data', 'platform');
    symlinkSync(project, join(folder.path, 'platform'));
    expect(synth(project, ['--out', 'roots'])).toMatchObject({ status: 0 });
    const files = filesIn(join(project, 'roots'));
    rmSync(join(project, 'roots'), { recursive: true });
    const inventory = { PODLIFT_INVENTORY: join(folder.path, 'platform', 'inventory.yaml') };
    expect(synth(project, ['--out', join(folder.path, 'platform', 'roots')], inventory)).toMatchObject({ status: 0 });
    expect(filesIn(join(project, 'roots'))).toEqual(files);
  });

  it('says which roots the inventory has no more, and keeps what others added to a root', () => {
    const project = projectIn('platform');
    const text = PILOT.replace(
      'environments:\n',
      `environments:\n  test: { account: apps, region: eu-west-1, clusters: {} }\n`,
    );
    writeFileSync(join(project, 'inventory.yaml'), text);
    expect(synth(project, ['--out', 'roots'])).toMatchObject({ status: 0 });
    expect(synth(project, ['--out', 'roots', '--environment', 'prod']).stdout).not.toContain('test-identity');
    const ours = join(project, 'roots', 'prod-identity', 'policies', 'ours.json');
    cpSync(join(project, 'roots', 'prod-identity', 'main.tf.json'), ours);
    writeFileSync(join(project, 'inventory.yaml'), PILOT);
    const { stdout } = synth(project, ['--out', 'roots']);
    expect(stdout).toContain('roots/test-identity: the inventory has no such stack.');
    expect(readdirSync(join(project, 'roots'))).toContain('test-identity');
    expect(readFileSync(ours, 'utf8')).toContain('required_version');
  });
});

describe('the commands with which CI compares the roots with the inventory', () => {
  const [block = ''] =
    /(?<=```\n)npx podlift synth --out roots\ngit [^`]*(?=```)/.exec(readFileSync('docs/LEAVING_CDKTF.md', 'utf8')) ??
    [];
  const [, ...commands] = block.trim().split('\n');

  it('fail after an edit of the inventory alone, also one that only brings new files', () => {
    const project = projectIn('platform');
    const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: project, stdio: 'pipe' });
    const isSame = () => {
      expect(synth(project, ['--out', 'roots'])).toMatchObject({ status: 0 });
      const { status } = spawnSync('sh', ['-c', commands.join(' && ')], { cwd: project });
      return status === 0;
    };
    synth(project, ['--out', 'roots']);
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'roots');
    expect([commands.length > 0, isSame()]).toEqual([true, true]);
    const more = PILOT.replace(
      'environments:\n',
      `environments:\n  test: { account: apps, region: eu-west-1, clusters: {} }\n`,
    );
    writeFileSync(join(project, 'inventory.yaml'), more);
    expect(isSame()).toBe(false);
  });
});
