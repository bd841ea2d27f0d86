import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { folderOf, removeFolders } from '../../inventory/fixtures';

afterAll(removeFolders);

describe('the exit code of wrong usage and of what is missing', () => {
  const folder = folderOf({ 'inventory.yaml': 'version: 1\nenvironments: {}\n' });

  it.each<[readonly string[], number]>([
    [['plan', '--bogus'], 2],
    [['plan', '--detailed-exitcode', '--bogus'], 1],
    [['plan', '--detailed-exitcode', '--parallelism', '0'], 1],
    [['plan', '--detailed-exitcode', '--base', 'HEAD'], 1],
    [['plan', '--base', 'HEAD'], 2],
    [['plan', '--detailed-exitcode', '--help'], 0],
    [['apply', '--detailed-exitcode'], 2],
    [['apply', 'plan', '--detailed-exitcode'], 2],
    [['apply', '--plan', 'none'], 2],
    [['apply', '--plan', 'none', '--wave', 'pilot'], 2],
  ])('podlift %j gives %i', (words, code) => {
    const env = { ...process.env, TERRAFORM_BINARY_NAME: resolve(folder, 'none') };
    const { status, stdout } = spawnSync(process.execPath, [resolve('src/cli/podlift.js'), ...words], {
      cwd: folder,
      env,
    });
    expect([status, words.includes('--help') ? '' : String(stdout)]).toEqual([code, '']);
  });
});
