import fs, { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { lockFile, lockInventory, type Lock } from '../../../src/operations/inventoryFile/lockInventory';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { startChild } from './childProcess';

afterAll(removeFolders);

const inventory = (): string => join(folderOf({ 'inventory.yaml': 'version: 1\n' }), 'inventory.yaml');
const NOBODY = 2 ** 22 - 3;

describe('lockInventory', () => {
  it('makes a file beside the inventory that says who holds it, and removes it', () => {
    const file = inventory();
    const lock = lockInventory(file) as Lock;
    expect(lockFile(file)).toBe(join(file, '../.inventory.yaml.podlift-lock'));
    const holder = JSON.parse(readFileSync(lockFile(file), 'utf8')) as object;
    expect(holder).toMatchObject({ pid: process.pid, host: hostname(), since: expect.stringMatching(/^\d{4}-.*Z$/) });
    lock.release();
    expect(existsSync(lockFile(file))).toBe(false);
  });

  it('says who holds it', async () => {
    const file = inventory();
    const child = startChild(['take', file, '0']);
    await child.ready;
    expect(child.said()).toBe('got');
    expect(lockInventory(file)).toMatchObject({ file: lockFile(file), holder: { pid: child.pid, host: hostname() } });
    child.kill();
    await child.ended;
    const lock = lockInventory(file) as Lock;
    lock.release();
    expect(existsSync(lockFile(file))).toBe(false);
  });

  it('is not had twice by one process', () => {
    const file = inventory();
    const lock = lockInventory(file) as Lock;
    expect(lockInventory(file)).not.toHaveProperty('release');
    lock.release();
    (lockInventory(file) as Lock).release();
  });

  const holder = { pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00Z' };

  it.each([
    ['of another host, whose processes cannot be seen', { ...holder, host: 'elsewhere', pid: NOBODY }, 'held'],
    ['of a process that runs', holder, 'held'],
    ['of a process that is gone', { ...holder, pid: NOBODY }, 'taken'],
    ['of an earlier process with a number that is in use again', { ...holder, started: 'boot 17' }, 'taken'],
    ['that says nothing', undefined, 'held'],
  ])('a lock %s', (_what, content, expected) => {
    const file = inventory();
    writeFileSync(lockFile(file), content === undefined ? '' : JSON.stringify(content));
    const lock = lockInventory(file);
    expect('release' in lock ? 'taken' : 'held').toBe(expected);
    if ('release' in lock) lock.release();
    else expect(lock.holder).toEqual(content);
    expect(existsSync(lockFile(file))).toBe(expected === 'held');
  });

  it('gets past what two killed processes left, one of which was removing the lock of the other', () => {
    const file = inventory();
    for (const name of [lockFile(file), `${lockFile(file)}.removal`])
      writeFileSync(name, JSON.stringify({ ...holder, pid: NOBODY }));
    (lockInventory(file) as Lock).release();
    expect(readdirSync(join(file, '..'))).toEqual(['inventory.yaml']);
  });

  it('does not remove the lock of a process that took over first', () => {
    const file = inventory();
    writeFileSync(lockFile(file), JSON.stringify({ ...holder, pid: NOBODY }));
    const link = fs.linkSync;
    const spy = jest.spyOn(fs, 'linkSync').mockImplementation((from, to) => {
      if (to === `${lockFile(file)}.removal`) writeFileSync(lockFile(file), JSON.stringify(holder));
      link(from, to);
    });
    const lock = lockInventory(file);
    spy.mockRestore();
    expect(lock).toEqual({ file: lockFile(file), holder });
    expect(readdirSync(join(file, '..')).sort()).toEqual(['.inventory.yaml.podlift-lock', 'inventory.yaml']);
  });

  it('leaves alone what somebody else put in its place', () => {
    const file = inventory();
    const lock = lockInventory(file) as Lock;
    writeFileSync(lockFile(file), JSON.stringify({ ...holder, pid: 17 }));
    lock.release();
    expect(existsSync(lockFile(file))).toBe(true);
  });
});
