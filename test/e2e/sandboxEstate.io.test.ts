import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PODLIFT = resolve('src/cli/podlift.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-estate-'));
  cpSync('examples/existing-estate', folder, { recursive: true });
  rmSync(join(folder, 'inventory.yaml'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs podlift in a folder that has an estate and no inventory. */
function podlift(...words: string[]) {
  const { PODLIFT_INVENTORY: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [PODLIFT, ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, CI: 'true', NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

const ROLES = ['--', 'aws', 'iam', 'list-roles', '--query', 'Roles[].RoleName', '--output', 'text'];

describe('podlift sandbox --estate', () => {
  it('starts with the roles, clusters and pods of the file, without an inventory, and keeps them for the next run', () => {
    const first = podlift('sandbox', '--estate', 'estate.yaml', ...ROLES);
    expect([first.status, first.stdout]).toEqual([0, expect.stringContaining('tracker-irsa')]);
    expect(first.stderr).toContain('you are administrator of account 111122223333');

    const cluster = 'arn:aws:eks:eu-central-1:111122223333:cluster/parcels-one';
    const pods = podlift(
      'sandbox',
      '--',
      'kubectl',
      '--context',
      cluster,
      '-n',
      'tracking',
      'get',
      'pods',
      '-o',
      'name',
    );
    expect([pods.status, pods.stdout]).toEqual([0, expect.stringMatching(/pod\/tracker-/)]);

    // What is deleted stays deleted, with and without the option.
    const remove = ['aws', 'iam', 'delete-role-policy', '--role-name', 'tracker-irsa', '--policy-name', 'parcels'];
    const both = `${remove.join(' ')} && aws iam delete-role --role-name tracker-irsa`;
    expect(podlift('sandbox', '--', 'sh', '-c', both).status).toBe(0);
    expect(podlift('sandbox', ...ROLES).stdout).not.toContain('tracker-irsa');
    expect(podlift('sandbox', '--estate', 'estate.yaml', ...ROLES).stdout).not.toContain('tracker-irsa');
    expect(podlift('sandbox', '--estate', 'estate.yaml', '--fresh', ...ROLES).stdout).toContain('tracker-irsa');
  });

  it('refuses another estate than the one with which the saved sandbox began', () => {
    writeFileSync(join(folder, 'other.yaml'), 'version: 1\naccounts: { "111122223333": {} }\n');
    expect(podlift('sandbox', '--estate', 'estate.yaml', ...ROLES).status).toBe(0);
    const { status, stderr } = podlift('sandbox', '--estate', 'other.yaml', ...ROLES);
    expect([status, stderr]).toEqual([2, expect.stringContaining('did not begin with this estate: add --fresh')]);
    const fresh = podlift('sandbox', '--estate', 'other.yaml', '--fresh', ...ROLES);
    expect([fresh.status, fresh.stdout.trim()]).toEqual([0, '']);
  });

  it.each([
    ['has an error', 'wrong.yaml', 'wrong.yaml:2:1  error  unknown key "acounts"'],
    ['is not there', 'none.yaml', 'there is no file'],
  ])('says where a file %s, and exits with 1', (_what, file, text) => {
    writeFileSync(join(folder, 'wrong.yaml'), 'version: 1\nacounts: {}\n');
    const { status, stderr } = podlift('sandbox', '--estate', file, ...ROLES);
    expect([status, stderr]).toEqual([1, expect.stringContaining(text)]);
  });

  it('needs an inventory without --estate', () => {
    expect(podlift('sandbox', ...ROLES)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is no file'),
    });
  });
});
