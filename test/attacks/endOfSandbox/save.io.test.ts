import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { policy, podTrust } from '../../sandbox/testSandbox';

const PODLIFT = resolve('src/cli/podlift.js');
const INVENTORY = resolve('inventory.yaml');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-end-'));
  // Loaded into the process before podlift: SIGUSR2 makes it fail as a defect would.
  for (const [name, statement] of Object.entries({
    error: `throw new Error('a defect')`,
    rejection: `void Promise.reject(new Error('a defect'))`,
    exit: `process.exit(5)`,
  })) {
    writeFileSync(join(folder, `${name}.cjs`), `process.on('SIGUSR2', () => { ${statement}; });`);
  }
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `podlift sandbox` and creates a role in it. */
async function sandboxWithRole(command: readonly string[], preload?: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PODLIFT, 'sandbox', ...command], {
    cwd: folder,
    env: {
      ...process.env,
      PODLIFT_INVENTORY: INVENTORY,
      ...(preload === undefined ? {} : { NODE_OPTIONS: `--require ${join(folder, preload)}` }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endpoint = await new Promise<string>((found) => {
    let text = '';
    const read = (data: Buffer) => {
      text += data.toString();
      const [, url] = /AWS at (http:\S+),/.exec(text) ?? [];
      // The second line comes when everything is ready.
      if (url !== undefined && text.includes('you are administrator')) found(url);
    };
    child.stderr.on('data', read);
  });
  const iam = new IAMClient({
    endpoint,
    region: 'us-west-2',
    maxAttempts: 1,
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'podlift/sandbox/secret/access/key/0000000' },
  });
  await iam.send(
    new CreateRoleCommand({ RoleName: 'made', AssumeRolePolicyDocument: JSON.stringify(policy(podTrust())) }),
  );
  return child;
}

function savedRoles(): string[] {
  const home = join(folder, '.podlift', 'sandbox');
  const world = JSON.parse(readFileSync(join(home, readdirSync(home)[0] ?? '', 'aws.json'), 'utf8')) as {
    accounts: Record<string, { roles: object }>;
  };
  return Object.keys(world.accounts['111111111111']?.roles ?? {});
}

const endOf = async (child: ChildProcess) => (await once(child, 'exit'))[0] as number | null;

describe('The AWS of the sandbox is saved before the process ends', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s', async (signal) => {
    const child = await sandboxWithRole([]);
    child.kill(signal);
    expect(await endOf(child)).toBe(0);
    expect(savedRoles()).toContain('made');
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('by %s while a command runs', async (signal) => {
    const child = await sandboxWithRole(['--', 'sleep', '600']);
    child.kill(signal);
    expect(await endOf(child)).toBe(143);
    expect(savedRoles()).toContain('made');
  });

  it.each([
    ['error', 'by an uncaught error', 70],
    ['rejection', 'by an unhandled rejection', 70],
    ['exit', 'by process.exit', 5],
  ])('%s: %s', async (file, _how, code) => {
    const child = await sandboxWithRole([], `${file}.cjs`);
    child.kill('SIGUSR2');
    expect(await endOf(child)).toBe(code);
    expect(savedRoles()).toContain('made');
  });

  it('some seconds before SIGKILL, which no process can handle', async () => {
    const child = await sandboxWithRole([]);
    const isSaved = () => {
      try {
        return savedRoles().includes('made');
      } catch {
        return false;
      }
    };
    while (!isSaved()) await new Promise((later) => setTimeout(later, 100));
    child.kill('SIGKILL');
    await endOf(child);
    expect(savedRoles()).toContain('made');
  });
});
