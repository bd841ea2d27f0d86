import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { CLUSTER, MOVABLE, seedOf } from '../../operations/discover/shapes';
import { useSandbox } from '../../sandbox/testSandbox';
import { WITHOUT_CLUSTER } from './liveDiscover';

const holder = useSandbox(() => ({ seed: seedOf(MOVABLE) }));

it.each([2, 10])('leaves the inventory as it was when it is interrupted after %d calls', async (calls) => {
  const { sandbox } = holder;
  const folder = mkdtempSync(join(tmpdir(), 'podlift-interrupt-'));
  const file = join(folder, 'inventory.yaml');
  const kubeconfig = join(folder, 'kubeconfig');
  const context = `arn:aws:eks:us-west-2:${CLUSTER.account}:cluster/prod-main`;
  writeFileSync(file, WITHOUT_CLUSTER);
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'main', cluster: { server: sandbox.kubernetes.apiServer(CLUSTER) } }],
      users: [{ name: 'me', user: { token: 'podlift-sandbox' } }],
      contexts: [{ name: context, context: { cluster: 'main', user: 'me' } }],
    }),
  );
  const begun = sandbox.calls().length;
  const child = spawn(
    process.execPath,
    ['src/cli/podlift.js', 'discover', '-e', 'prod', '-c', 'prod-main', '--write'],
    {
      env: { ...process.env, ...sandbox.environment(), KUBECONFIG: kubeconfig, PODLIFT_INVENTORY: file },
      stdio: 'ignore',
    },
  );
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  while (sandbox.calls().length < begun + calls && child.exitCode === null)
    await new Promise((done) => setTimeout(done, 2));
  child.kill('SIGINT');
  const [, signal] = await ended;
  const text = readFileSync(file, 'utf8');
  expect(signal).toBe('SIGINT');
  expect(text).toBe(WITHOUT_CLUSTER);
  expect(readdirSync(folder).sort()).toEqual(['inventory.yaml', 'kubeconfig']);
  rmSync(folder, { recursive: true });
});
