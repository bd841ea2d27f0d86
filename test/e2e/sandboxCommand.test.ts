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

function sandbox(...command: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/podlift.js', 'sandbox', '--', ...command], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
  });
  return { status, output: stdout + stderr };
}
const cdktf = (...words: string[]) => ['node_modules/.bin/cdktf', ...words, '--skip-provider-lock', '--no-color'];

describe('podlift sandbox', () => {
  it('plans prod-identity with cdktf', () => {
    const { status, output } = sandbox(...cdktf('plan', 'prod-identity'));
    expect(output).toMatch(/Plan: 1 to import, \d+ to add, 1 to change, 0 to destroy/);
    expect(status).toBe(0);
  }, 180_000);

  it('applies it, and finds nothing to change when it is applied again', () => {
    const once = sandbox(...cdktf('apply', 'prod-identity', '--auto-approve'));
    expect(once.output).toMatch(/Apply complete! Resources: 1 imported, \d+ added, 1 changed, 0 destroyed/);
    const again = sandbox(...cdktf('apply', 'prod-identity', '--auto-approve'));
    expect(again.output).toMatch(/No changes/);
    expect([once.status, again.status]).toEqual([0, 0]);
  }, 300_000);

  it('gives the command the ambient account and hides the operator’s own credentials', () => {
    const { status, output } = sandbox('aws', 'sts', 'get-caller-identity', '--output', 'text');
    expect(output).toMatch(/^111111111111\s/m);
    expect(status).toBe(0);
  }, 60_000);

  it('gives back the command’s exit code', () => {
    expect(sandbox('sh', '-c', 'exit 7').status).toBe(7);
  }, 60_000);

  it('says so when the command cannot be found, and exits 2', () => {
    const { status, output } = sandbox('no-such-command');
    expect(output).toContain('there is no command "no-such-command" on PATH');
    expect(status).toBe(2);
  }, 60_000);
});
