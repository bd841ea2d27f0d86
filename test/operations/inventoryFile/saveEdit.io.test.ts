import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { readForEdit, saveEdit } from '../../../src/operations/inventoryFile/editableInventory';
import { writeWhole } from '../../../src/operations/inventoryFile/writeWhole';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { BASE } from '../../inventory/marked';
import { startChild } from './childProcess';

afterAll(removeFolders);
afterEach(() => jest.restoreAllMocks());

const [TOP = '', WORKLOADS = ''] = BASE.split(/^(?=workloads:)/m);
const folderWith = (files: Readonly<Record<string, string>> = { 'inventory.yaml': BASE }): string => folderOf(files);

describe('writeWhole', () => {
  it('keeps the mode and follows links to the file itself', () => {
    const folder = folderWith({ 'real/inventory.yaml': 'old' });
    const [link, real] = [join(folder, 'inventory.yaml'), join(folder, 'real/inventory.yaml')];
    fs.symlinkSync('real/inventory.yaml', link);
    fs.chmodSync(real, 0o604);
    writeWhole(link, 'new');
    expect(fs.readFileSync(real, 'utf8')).toBe('new');
    expect(fs.statSync(real).mode & 0o7777).toBe(0o604);
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? it : it.skip)('keeps the owner where that is permitted', () => {
    const file = join(folderWith({ 'inventory.yaml': 'old' }), 'inventory.yaml');
    fs.chownSync(file, 1234, 4321);
    writeWhole(file, 'new');
    expect(fs.statSync(file)).toMatchObject({ uid: 1234, gid: 4321 });
  });

  it('keeps the group where only the owner cannot be kept', () => {
    const file = join(folderWith({ 'inventory.yaml': 'old' }), 'inventory.yaml');
    const own = fs.statSync(file);
    jest.spyOn(fs, 'statSync').mockImplementation((() => ({ mode: own.mode, uid: 1, gid: 2 })) as never);
    const given: number[][] = [];
    jest.spyOn(fs, 'fchownSync').mockImplementation((_descriptor, uid, gid) => {
      given.push([uid, gid]);
      if (uid !== own.uid) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    writeWhole(file, 'new');
    expect(given).toEqual([
      [1, 2],
      [own.uid, 2],
    ]);
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
  });
});

describe('saveEdit', () => {
  it('writes one file of several, and leaves nothing beside it', () => {
    const folder = folderWith({ 'inventory.yaml': `${TOP}include: [w.yaml]\n`, 'w.yaml': WORKLOADS });
    const read = readForEdit(join(folder, 'inventory.yaml'));
    const file = join(folder, 'w.yaml');
    expect(saveEdit(read, file, `# new\n${WORKLOADS}`)).toEqual({ saved: true });
    expect(fs.readFileSync(file, 'utf8')).toBe(`# new\n${WORKLOADS}`);
    expect(fs.readdirSync(folder).sort()).toEqual(['inventory.yaml', 'w.yaml']);
  });

  it.each([
    [
      'the file itself changed',
      (folder: string) => {
        fs.appendFileSync(join(folder, 'w.yaml'), '# x\n');
      },
      'w.yaml',
    ],
    [
      'another of its files changed',
      (folder: string) => {
        fs.appendFileSync(join(folder, 'inventory.yaml'), '# x\n');
      },
      'inventory.yaml',
    ],
    [
      'another file belongs to it now',
      (folder: string) => {
        fs.writeFileSync(join(folder, 'wx.yaml'), '{}');
      },
      'wx.yaml',
    ],
    [
      'a file is gone',
      (folder: string) => {
        fs.unlinkSync(join(folder, 'w.yaml'));
      },
      'w.yaml',
    ],
  ])('refuses when %s', (_what, change, name) => {
    const folder = folderWith({ 'inventory.yaml': `${TOP}include: ["w*.yaml"]\n`, 'w.yaml': WORKLOADS });
    const read = readForEdit(join(folder, 'inventory.yaml'));
    change(folder);
    const before = fs.readdirSync(folder).map((file) => fs.readFileSync(join(folder, file), 'utf8'));
    expect(saveEdit(read, join(folder, 'w.yaml'), 'new')).toMatchObject({
      saved: false,
      reason: 'changed',
      message: expect.stringContaining(`${name} changed while this command ran`),
    });
    expect(fs.readdirSync(folder).map((file) => fs.readFileSync(join(folder, file), 'utf8'))).toEqual(before);
  });

  it.each([
    ['writeFileSync', 'ENOSPC', /no space left/, 'inventory.yaml cannot be written'],
    ['fsyncSync', 'EIO', /the disk reports an error/, 'inventory.yaml cannot be written'],
    ['renameSync', 'EACCES', /permission denied/, 'inventory.yaml cannot be written'],
    ['openSync', 'EROFS', /read-only/, 'inventory.yaml cannot be written'],
    ['linkSync', 'EACCES', /permission denied/, 'the lock file beside'],
  ] as const)('says what the disk said: %s %s', (call, code, reason, what) => {
    const folder = folderWith();
    const read = readForEdit(join(folder, 'inventory.yaml'));
    const real = fs[call] as (...args: unknown[]) => unknown;
    jest.spyOn(fs, call).mockImplementation(((...args: unknown[]) => {
      // The lock works; only the write of the inventory fails.
      const path = JSON.stringify(args[0]);
      const isOther = path.includes('podlift-lock') || (call === 'openSync' && !path.includes('podlift-new'));
      if (call !== 'linkSync' && isOther) return real(...args);
      throw Object.assign(new Error(code), { code });
    }) as never);
    const result = saveEdit(read, join(folder, 'inventory.yaml'), 'new');
    jest.restoreAllMocks();
    expect(result).toMatchObject({ saved: false, reason: 'failed', message: expect.stringMatching(reason) });
    expect(result).toMatchObject({ message: expect.stringContaining(what) });
    expect(fs.readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toBe(BASE);
    expect(fs.readdirSync(folder)).toEqual(['inventory.yaml']);
  });

  it.each([
    [
      { pid: 17, host: 'elsewhere', since: '2026-01-01T00:00:00Z' },
      /process 17 on elsewhere, since 2026-01-01T00:00:00Z/,
    ],
    [{}, /exists and does not name a process/],
  ])('names the lock file and how to delete it when the lock is %j', (holder, message) => {
    const folder = folderWith();
    const lock = join(folder, '.inventory.yaml.podlift-lock');
    fs.writeFileSync(lock, JSON.stringify(holder));
    const result = saveEdit(readForEdit(join(folder, 'inventory.yaml')), join(folder, 'inventory.yaml'), 'new');
    expect(result).toMatchObject({
      saved: false,
      reason: 'held',
      message: expect.stringMatching(message),
      hint: expect.stringContaining(`delete the lock file:\nrm ${lock}`),
    });
    expect(fs.readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toBe(BASE);
  });

  it('works where the file system has no hard links', () => {
    const folder = folderWith();
    const read = readForEdit(join(folder, 'inventory.yaml'));
    jest.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    expect(saveEdit(read, join(folder, 'inventory.yaml'), 'new')).toEqual({ saved: true });
    expect(fs.readdirSync(folder)).toEqual(['inventory.yaml']);
  });

  it('does not write into a folder that is read-only', async () => {
    const folder = folderWith({ 'inventory.yaml': BASE, 'new.txt': 'new' });
    fs.chmodSync(folder, 0o555);
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const quiet = startChild(['crash', '0', 'write', join(folder, 'inventory.yaml'), join(folder, 'new.txt')], nobody);
    expect(await quiet.ended).toBe(1);
    expect(quiet.said()).toContain('EACCES');
    fs.chmodSync(folder, 0o755);
    expect(fs.readFileSync(join(folder, 'inventory.yaml'), 'utf8')).toBe(BASE);
    expect(fs.readdirSync(folder).sort()).toEqual(['inventory.yaml', 'new.txt']);
  });

  it.each([0o444, 0o400])('does not replace a file that is read-only, of mode %i, in a folder that is not', (mode) => {
    const folder = folderWith();
    const file = join(folder, 'inventory.yaml');
    const read = readForEdit(file);
    fs.chmodSync(file, mode);
    expect(saveEdit(read, file, 'new')).toMatchObject({
      saved: false,
      reason: 'failed',
      message: expect.stringContaining('it is read-only'),
      hint: expect.stringContaining(`chmod u+w ${file}`),
    });
    expect(fs.readFileSync(file, 'utf8')).toBe(BASE);
    expect(fs.readdirSync(folder)).toEqual(['inventory.yaml']);
  });

  it('removes what killed runs left, and nothing else', () => {
    const folder = folderWith();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const host = encodeURIComponent(hostname());
    const left = [
      `.inventory.yaml.podlift-new.${host}.${gone}.ab12`,
      `..inventory.yaml.podlift-lock.podlift-new.${host}.${gone}.ab12`,
    ];
    const others = [
      `.inventory.yaml.podlift-new.elsewhere.${gone}.ab12`,
      `.inventory.yaml.podlift-new.${host}.1.ab12`,
      `.other.yaml.podlift-new.${host}.${gone}.ab12`,
      '.inventory.yaml.swp',
    ];
    for (const name of [...left, ...others]) fs.writeFileSync(join(folder, name), '');
    const read = readForEdit(join(folder, 'inventory.yaml'));
    expect(saveEdit(read, join(folder, 'inventory.yaml'), 'new')).toEqual({ saved: true });
    expect(fs.readdirSync(folder).sort()).toEqual(['inventory.yaml', ...others].sort());
  });
});
