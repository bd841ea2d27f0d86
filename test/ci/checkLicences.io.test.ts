import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-licences-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function check(entry: object) {
  const file = join(folder, 'package-lock.json');
  writeFileSync(
    file,
    JSON.stringify({ packages: { '': {}, 'node_modules/a/node_modules/x': { version: '1.0.0', ...entry } } }),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['.ci/checkLicences.cjs', file], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('the check of licences', () => {
  it.each([
    [{ license: 'MIT' }],
    [{ license: '(MIT OR GPL-3.0-or-later)' }],
    [{ license: 'Apache-2.0 AND MIT' }],
    [{ license: 'AGPL-3.0-or-later', dev: true }],
  ])('allows %j', (entry) => {
    expect(check(entry)).toMatchObject({ status: 0 });
  });

  it.each([
    [{ license: 'AGPL-3.0-or-later' }, 'x@1.0.0: the licence AGPL-3.0-or-later is not allowed at run time'],
    [{ license: 'AGPL-3.0-or-later', devOptional: true }, 'at run time'],
    [{ license: 'MIT AND AGPL-3.0-or-later' }, 'at run time'],
    [{ license: 'SEE LICENSE IN x', dev: true }, 'for development'],
    [{ license: 'constructor' }, 'at run time'],
    [{ license: '((MIT))' }, 'at run time'],
    [{}, 'x@1.0.0: the licence is not stated'],
  ])('refuses %j', (entry, says) => {
    const { status, output } = check(entry);
    expect(status).toBe(1);
    expect(output).toContain(says);
  });

  it('allows all packages of podlift', () => {
    expect(spawnSync(process.execPath, ['.ci/checkLicences.cjs']).status).toBe(0);
  });
});
