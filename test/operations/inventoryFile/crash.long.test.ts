import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockInventory, removeLeftovers } from '../../../src/operations/inventoryFile/lockInventory';
import { writeWhole } from '../../../src/operations/inventoryFile/writeWhole';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { startChild } from './childProcess';

afterAll(removeFolders);

const OLD = `# old\n${'a: 1 # ünïcödé\n'.repeat(20_000)}`;
const NEW = `# new\n${'b: 2 # 🚀\n'.repeat(25_000)}`;

/** A run after a crash: it gets the lock, writes, and leaves nothing behind but the file. */
function nextRun(file: string, text: string): void {
  const lock = lockInventory(file);
  if (!('release' in lock)) throw new Error(`the next run does not get the lock: ${JSON.stringify(lock)}`);
  removeLeftovers(file);
  writeWhole(file, text);
  lock.release();
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readdirSync(join(file, '..')).sort()).toEqual(['inventory.yaml', 'new.txt']);
}

describe('a run that is killed', () => {
  it('leaves the old file or the new one, whole, at whichever call to the file system it happens, and nothing that stops the next run', async () => {
    const folder = folderOf({ 'inventory.yaml': OLD, 'new.txt': NEW });
    const file = join(folder, 'inventory.yaml');
    const seen: string[] = [];
    for (let call = 1; call < 100; call++) {
      writeFileSync(file, OLD);
      const ended = await startChild(['crash', String(call), 'write', file, join(folder, 'new.txt')]).ended;
      const content = readFileSync(file, 'utf8');
      seen.push(content === OLD ? 'old' : content === NEW ? 'new' : `broken at call ${call}`);
      nextRun(file, OLD);
      if (ended === 0) break;
      expect(ended).toBe('SIGKILL');
    }
    const firstNew = seen.indexOf('new');
    expect(firstNew).toBeGreaterThan(8);
    expect(seen.length - firstNew).toBeGreaterThan(3);
    expect(seen).toEqual([...seen.slice(0, firstNew).fill('old'), ...seen.slice(firstNew).fill('new')]);
  });

  it('does so at any moment', async () => {
    const folder = folderOf({ 'inventory.yaml': OLD, 'new.txt': NEW });
    const file = join(folder, 'inventory.yaml');
    const old = join(folderOf({ 'old.txt': OLD }), 'old.txt');
    for (let round = 0; round < 15; round++) {
      const child = startChild(['loop', file, join(folder, 'new.txt'), old]);
      await child.ready;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
      child.kill();
      expect(await child.ended).toBe('SIGKILL');
      expect([OLD, NEW].includes(readFileSync(file, 'utf8'))).toBe(true);
      nextRun(file, OLD);
    }
  });
});

describe('a lock whose process is gone', () => {
  it('is taken over by one of several who try at the same moment', async () => {
    for (let round = 0; round < 6; round++) {
      const folder = folderOf({ 'inventory.yaml': OLD });
      const file = join(folder, 'inventory.yaml');
      const dead = startChild(['take', file, '0']);
      await dead.ready;
      dead.kill();
      await dead.ended;

      const at = String(Date.now() + 250);
      const takers = Array.from({ length: 4 }, () => startChild(['take', file, at]));
      await Promise.all(takers.map(({ ready }) => ready));
      const answers = takers.map(({ said }) => said());
      for (const taker of takers) taker.kill();
      await Promise.all(takers.map(({ ended }) => ended));
      expect(answers.filter((answer) => answer === 'got')).toHaveLength(1);
      const winner = takers[answers.indexOf('got')]!;
      for (const answer of answers) expect(['got', ...takers.map(({ pid }) => `held by ${pid}`)]).toContain(answer);
      expect(answers).toContain(`held by ${winner.pid}`);
    }
  });
});
