import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { estateSource } from '../../src/cli/estateFor';
import { UsageError } from '../../src/cli/exit';
import { sandboxWorld } from '../../src/cli/sandboxWorld';
import { lockInventory } from '../../src/operations/inventoryFile/lockInventory';
import { writePrivate, writeWhole } from '../../src/operations/inventoryFile/writeWhole';
import { privateFolder, readPrivateFile, writePrivateFile } from '../../src/runners/privateFiles';

// What is no link and leads elsewhere all the same: hard links, pipes, sockets, files of others, masks and names of temporary files.

const AWS = '{"version":1,"ambientAccount":"111111111111","accounts":{},"clusters":{}}';
const SECRET = 'secret of the person';
const isRoot = process.getuid?.() === 0;

const project = process.cwd();
let folder: string;
let outside: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'podlift-kinds-')));
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'podlift-outside-')));
  writeFileSync(join(outside, 'file'), SECRET, { mode: 0o640 });
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(project);
  for (const one of [folder, outside]) rmSync(one, { recursive: true, force: true });
});

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

/** The folder of the sandbox of `inventory.yaml`, from the project. */
function homeOf(): string {
  const world = sandboxWorld('inventory.yaml', false);
  world.keep(AWS);
  return relative(folder, world.folder);
}

/** What a piece of work ends with: nothing, or the error that a person sees. */
function endOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

const openAndKeep = () => {
  const world = sandboxWorld('inventory.yaml', false);
  world.keep(AWS);
};

describe('a hard link to a file outside', () => {
  it.each([
    'aws.json',
    'running',
    'kubeconfig',
    'terraform.rc',
    'prod-identity.tfstate',
    'prod-identity.tfstate.backup',
  ])('in the place of %s is not written through, and does not change its mode', (name) => {
    const home = homeOf();
    rmSync(join(home, name), { force: true });
    linkSync(join(outside, 'file'), join(home, name));
    endOf(openAndKeep);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe(SECRET);
    expect(modeOf(join(outside, 'file'))).toBe('640');
  });

  it('named --save-estate is not written through', () => {
    writeFileSync(join(outside, 'file'), '');
    linkSync(join(outside, 'file'), 'estate.json');
    endOf(() => {
      estateSource({ saveEstate: 'estate.json' });
      writePrivate('estate.json', 'x');
    });
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('');
  });

  it('in the place of the inventory is replaced, and the other name keeps its text', () => {
    linkSync(join(outside, 'file'), 'inventory.yaml');
    writeWhole('inventory.yaml', 'version: 1\n');
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe(SECRET);
  });
});

describe('what is no file', () => {
  const MAKERS: readonly (readonly [string, (path: string) => unknown])[] = [
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    [
      'a folder',
      (path) => {
        mkdirSync(path);
      },
    ],
    ['a folder that is not empty', (path) => mkdirSync(join(path, 'x'), { recursive: true })],
  ];
  const NAMES = ['aws.json', 'running', 'kubeconfig', 'terraform.rc'];

  it.each(MAKERS.flatMap(([what, make]) => NAMES.map((name) => [what, name, make] as const)))(
    'ends, and nothing hangs: %s in the place of %s',
    (_what, name, make) => {
      const home = homeOf();
      rmSync(join(home, name), { force: true });
      make(join(home, name));
      const before = lstatSync(join(home, name)).ino;
      const said = endOf(() => {
        const world = sandboxWorld('inventory.yaml', false);
        world.saved();
        world.keep(AWS);
      });
      if (said !== '') expect(said).toContain(name);
      if (said !== '') expect(lstatSync(join(home, name)).ino).toBe(before);
    },
  );

  it('ends: a socket in the place of the saved world', async () => {
    const home = homeOf();
    rmSync(join(home, 'aws.json'));
    const server = createServer().listen(join(home, 'aws.json'));
    await new Promise((resolve) => server.once('listening', resolve));
    expect(endOf(() => sandboxWorld('inventory.yaml', false).saved())).toContain('aws.json');
    await new Promise((resolve) => server.close(resolve));
  });

  it.each(['.podlift', '.podlift/sandbox'])('ends: a pipe in the place of %s', (path) => {
    homeOf();
    rmSync(path, { recursive: true });
    execFileSync('mkfifo', [path]);
    expect(endOf(() => sandboxWorld('inventory.yaml', false))).toContain(path);
  });

  it('ends: --save-estate and the lock of an inventory with a pipe', () => {
    execFileSync('mkfifo', ['estate.json']);
    expect(endOf(() => estateSource({ saveEstate: 'estate.json' }))).toContain('estate.json');
    writeFileSync('inventory.yaml', 'version: 1\n');
    const first = lockInventory('inventory.yaml');
    const second = lockInventory('inventory.yaml');
    if (!('release' in first) || !('file' in second)) throw new Error('the lock was given twice');
    first.release();
    execFileSync('mkfifo', [second.file]);
    expect('release' in lockInventory('inventory.yaml')).toBe(false);
  });

  it.each(['/dev/full', '/dev/null', '/dev/stdout', '/proc/self/mem', '/proc/version'])(
    'takes no Estate: %s',
    (path) => {
      expect(endOf(() => estateSource({ saveEstate: path }))).toContain(path);
    },
  );
});

describe('modes', () => {
  it.each([0o000, 0o022, 0o077, 0o177, 0o277, 0o777])('are 0700 and 0600 whatever the mask: %i', (mask) => {
    const before = process.umask(mask);
    try {
      const home = homeOf();
      for (const path of ['.podlift', '.podlift/sandbox', home]) expect(modeOf(path)).toBe('700');
      expect(modeOf(join(home, 'aws.json'))).toBe('600');
      writePrivate('estate.json', 'x');
      expect(modeOf('estate.json')).toBe('600');
    } finally {
      process.umask(before);
    }
  });

  it('are made safe where others prepared the folders: all may write, set-group-id and sticky', () => {
    const home = homeOf();
    for (const path of ['.podlift', '.podlift/sandbox', home]) chmodSync(path, 0o3777);
    chmodSync(join(home, 'aws.json'), 0o4777);
    openAndKeep();
    for (const path of ['.podlift', '.podlift/sandbox', home]) expect(modeOf(path)).toBe('700');
    expect(modeOf(join(home, 'aws.json'))).toBe('600');
  });

  it('are made safe in folders below too, and a program there stays a program for its owner alone', () => {
    const home = homeOf();
    mkdirSync(join(home, 'providers/a'), { recursive: true, mode: 0o777 });
    writeFileSync(join(home, 'providers/a/run'), '', { mode: 0o755 });
    chmodSync(join(home, 'providers/a/run'), 0o777);
    openAndKeep();
    expect(Number.parseInt(modeOf(join(home, 'providers/a/run')), 8) & 0o077).toBe(0);
    expect(Number.parseInt(modeOf(join(home, 'providers/a')), 8) & 0o077).toBe(0);
  });

  const other = isRoot ? it : it.skip;
  other.each(['.podlift', '.podlift/sandbox', 'HOME', 'HOME/aws.json'])(
    'do not protect what belongs to another user: %s ends with an error or becomes ours',
    (name) => {
      const home = homeOf();
      const path = name.replace('HOME', home);
      chownSync(path, 65_534, 65_534);
      const said = endOf(openAndKeep);
      if (said === '') expect(statSync(path).uid).toBe(0);
      else expect(said).toContain(path);
    },
  );
});

describe('names that can be guessed', () => {
  it.each([
    'aws.json.tmp',
    'aws.json~',
    '.aws.json.tmp',
    'aws.json.new',
    '.aws.json.swp',
    'aws.json.podlift',
    'aws.json.1',
  ])('are not followed: %s', (name) => {
    const home = homeOf();
    symlinkSync(join(outside, 'file'), join(home, name));
    endOf(openAndKeep);
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe(SECRET);
    expect(modeOf(join(outside, 'file'))).toBe('640');
  });

  it('are not followed beside the inventory: names of temporary files with the number of the process', () => {
    writeFileSync('inventory.yaml', 'version: 1\n');
    for (const name of [
      `inventory.yaml.${process.pid}`,
      `.inventory.yaml.${process.pid}.tmp`,
      'inventory.yaml.tmp',
      '.inventory.yaml.podlift',
    ])
      symlinkSync(join(outside, 'file'), name);
    writeWhole('inventory.yaml', 'version: 2\n');
    expect(readFileSync('inventory.yaml', 'utf8')).toBe('version: 2\n');
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe(SECRET);
  });

  it('of the folder of an inventory do not come from the inventory', () => {
    for (const name of ['../../x', '/etc/passwd', 'a\u0000b', '..', '~/x', '$(touch pwned)']) {
      const world = sandboxWorld(name, false);
      expect(relative(folder, world.folder)).toMatch(/^\.podlift\/sandbox\/[0-9a-f]{12}$/);
      world.keep(AWS);
    }
    expect(existsSync('pwned')).toBe(false);
  });
});

describe('a link that appears while podlift works', () => {
  it.each(['.podlift', '.podlift/sandbox', 'HOME'])('is not followed when the world is kept: %s', (name) => {
    const world = sandboxWorld('inventory.yaml', false);
    const path = name.replace('HOME', relative(folder, world.folder));
    const tail = relative(join(folder, path), world.folder);
    mkdirSync(join(outside, 'kept', tail), { recursive: true });
    rmSync(path, { recursive: true });
    symlinkSync(join(outside, 'kept'), path);
    endOf(() => {
      world.keep(AWS);
    });
    expect(readdirSync(join(outside, 'kept', tail))).toEqual([]);
  });

  it('in the place of a file is not followed by a single write or read', () => {
    const base = privateFolder(folder, 'a');
    writePrivateFile(join(base, 'f'), 'x');
    rmSync(join(base, 'f'));
    symlinkSync(join(outside, 'file'), join(base, 'f'));
    expect(() => {
      writePrivateFile(join(base, 'f'), 'y');
    }).toThrow();
    expect(() => readPrivateFile(join(base, 'f'))).toThrow();
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe(SECRET);
  });
});
