import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A copy of the project, so that states and the sandbox's AWS of these tests are nobody else's. */
let project: string;
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'podlift-project-'));
  const names = ['main.ts', 'cdktf.json', 'package.json', 'tsconfig.json', 'inventory.yaml', 'examples'];
  const rooms = ['src', 'modules', 'stacks'];
  for (const name of [...names, ...rooms]) cpSync(name, join(project, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(project, 'node_modules'));
});
afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

/** The file that starts podlift in the copy. */
export function podliftFile(): string {
  return join(project, 'src/cli/podlift.js');
}

/** Runs `podlift sandbox -- COMMAND` in the copy. */
export function sandbox(...command: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/podlift.js', 'sandbox', '--', ...command], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
  });
  return { status, output: stdout + stderr };
}
