import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { estateSource } from '../../src/cli/estateFor';
import { UsageError } from '../../src/cli/exit';
import { sandboxWorld } from '../../src/cli/sandboxWorld';
import { lockInventory } from '../../src/operations/inventoryFile/lockInventory';
import { writePrivate } from '../../src/operations/inventoryFile/writeWhole';
import { privateFolder, readPrivateFile, writePrivateFile } from '../../src/runners/privateFiles';

// Whoever commits to a project can commit symbolic links, and podlift writes below `.podlift/` of the project, and beside the inventory.

const AWS = '{"version":1,"ambientAccount":"111111111111","accounts":{},"clusters":{}}';
const SECRET = 'secret of the person';

const project = process.cwd();
let folder: string;
let outside: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podlift-links-')));
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'podlift-outside-')));
  writeFileSync(join(outside, 'file'), SECRET);
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(project);
  for (const one of [folder, outside]) rmSync(one, { recursive: true });
});

/** The folder of the sandbox of `inventory.yaml`, from the project. */
function homeOf(): string {
  const world = sandboxWorld('inventory.yaml', false);
  world.keep(AWS);
  return relative(folder, world.folder);
}

/** Puts a link to a place outside where podlift has something. */
function linkAt(path: string, target: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

const listing = () => [readFileSync(join(outside, 'file'), 'utf8'), existsSync(join(outside, 'sandbox'))];

describe('a symbolic link in the place of', () => {
  it.each<[string, (home: string) => readonly [string, string]]>([
    ['.podlift', () => ['.podlift', '']],
    ['.podlift, to a folder above', () => ['.podlift', '..']],
    ['.podlift/sandbox', () => ['.podlift/sandbox', '']],
    ['the folder of the inventory', (home) => [home, '']],
    ['the saved world', (home) => [join(home, 'aws.json'), 'file']],
    ['the saved world, to nothing', (home) => [join(home, 'aws.json'), 'absent']],
    ['the lock', (home) => [join(home, 'running'), 'file']],
    ['the lock, to nothing', (home) => [join(home, 'running'), 'absent']],
    ['the kubeconfig', (home) => [join(home, 'kubeconfig'), 'file']],
    ["Terraform's configuration", (home) => [join(home, 'terraform.rc'), 'file']],
    ['a state of Terraform', (home) => [join(home, 'prod-identity.tfstate'), 'file']],
    ["a state's backup, to nothing", (home) => [join(home, 'prod-identity.tfstate.backup'), 'absent']],
    ['a folder below', (home) => [join(home, 'a', 'b'), '']],
  ])('%s ends the sandbox with an error that names it, and nothing is written', (_what, link) => {
    const [path, target] = link(homeOf());
    linkAt(path, join(outside, target));
    const before = listing();
    const open = () => sandboxWorld('inventory.yaml', false);
    expect(open).toThrow(UsageError);
    expect(open).toThrow(`${path} is a symbolic link, and podlift keeps its own files there: delete it`);
    expect(listing()).toEqual(before);
    expect(existsSync(join(outside, 'absent'))).toBe(false);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });

  it('a folder above is not followed by --fresh either: nothing outside is deleted', () => {
    const home = homeOf();
    const elsewhere = join(outside, 'podlift');
    mkdirSync(join(elsewhere, relative('.podlift', home)), { recursive: true });
    linkAt('.podlift', elsewhere);
    expect(() => sandboxWorld('inventory.yaml', true)).toThrow('.podlift is a symbolic link');
    expect(existsSync(join(elsewhere, relative('.podlift', home)))).toBe(true);
  });

  it('the world that a run wrote is not followed when the run ends', () => {
    const world = sandboxWorld('inventory.yaml', false);
    linkAt(join(world.folder, 'aws.json'), join(outside, 'file'));
    expect(() => {
      world.keep(AWS);
    }).toThrow('is a symbolic link');
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe(SECRET);
  });

  it('a file named --save-estate is not followed', () => {
    linkAt('estate.json', join(outside, 'file'));
    writeFileSync(join(outside, 'file'), '');
    expect(() => estateSource({ saveEstate: 'estate.json' })).toThrow(
      '--save-estate estate.json: this is a symbolic link. Name the file itself. Nothing is saved.',
    );
    expect(() => {
      writePrivate('estate.json', 'x');
    }).toThrow('ELOOP');
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('');
  });

  it('the lock of the inventory is not followed, and its target is not shown', () => {
    writeFileSync('inventory.yaml', 'version: 1\n');
    const first = lockInventory('inventory.yaml');
    if (!('release' in first)) throw new Error('the inventory is locked');
    first.release();
    writeFileSync(join(outside, 'file'), JSON.stringify({ pid: 1, host: SECRET, since: SECRET }));
    const held = () => lockInventory('inventory.yaml');
    const name = lockName();
    linkAt(name, join(outside, 'file'));
    expect(JSON.stringify(held())).not.toContain(SECRET);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toContain(SECRET);
  });
});

/** The lock file of the inventory in the current folder. */
function lockName(): string {
  const lock = lockInventory('inventory.yaml');
  const again = lockInventory('inventory.yaml');
  if ('release' in lock) lock.release();
  if (!('file' in again)) throw new Error('the second lock was given');
  return again.file;
}

describe('what podlift keeps', () => {
  it('is readable for its owner alone, also what an earlier version left', () => {
    const home = homeOf();
    for (const [name, mode] of [
      ['old.tfstate', 0o644],
      ['aws.json', 0o666],
    ] as const)
      writeFileSync(join(home, name), AWS, { mode });
    const world = sandboxWorld('inventory.yaml', false);
    world.keep(AWS);
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    for (const path of ['.podlift', '.podlift/sandbox', home]) expect([path, modeOf(path)]).toEqual([path, '700']);
    for (const name of ['old.tfstate', 'aws.json']) expect([name, modeOf(join(home, name))]).toEqual([name, '600']);
  });

  it('is written and read as files only', () => {
    const base = privateFolder(folder, 'a', 'b');
    writePrivateFile(join(base, 'f'), 'text');
    expect(readPrivateFile(join(base, 'f'))).toBe('text');
    linkAt(join(base, 'l'), join(base, 'f'));
    expect(() => readPrivateFile(join(base, 'l'))).toThrow('a/b/l is a symbolic link');
    expect(() => {
      writePrivateFile(join(base, 'l'), 'x');
    }).toThrow('a/b/l is a symbolic link');
    expect(() => {
      writePrivateFile(base, 'x');
    }).toThrow('a/b is not a file');
    expect(() => privateFolder(folder, 'a', 'b', 'f')).toThrow('a/b/f is not a folder');
  });
});
