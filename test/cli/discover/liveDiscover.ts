import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discover, type DiscoverOptions } from '../../../src/cli/commands/discover';
import type { Sandbox } from '../../../src/sandbox/startSandbox';
import { CLUSTER } from '../../operations/discover/shapes';

/** An inventory that does not have the cluster yet. */
export const WITHOUT_CLUSTER = `version: 1
# people write here
accounts:
  apps: { id: "333333333333" }   # ambient
environments:
  prod:
    account: apps
    region: us-west-2
`;

/** The context that \`aws eks update-kubeconfig\` writes. */
const CONTEXT = 'arn:aws:eks:us-west-2:333333333333:cluster/prod-main';

export interface Discovered {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly file: string;
  readonly text: string;
}

/** Runs discover against a sandbox with the real SDK and the real kubectl. */
export async function liveDiscover(
  sandbox: Sandbox,
  inventory: string,
  options: Partial<DiscoverOptions> = {},
): Promise<Discovered> {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-discover-'));
  const file = join(folder, 'inventory.yaml');
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(file, inventory);
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'main', cluster: { server: sandbox.kubernetes.apiServer(CLUSTER) } }],
      users: [{ name: 'me', user: { token: 'podlift-sandbox' } }],
      contexts: [{ name: CONTEXT, context: { cluster: 'main', user: 'me' } }],
    }),
  );
  const before = { ...process.env };
  Object.assign(process.env, sandbox.environment(), { KUBECONFIG: kubeconfig, PODLIFT_INVENTORY: file });
  const [out, err]: [string[], string[]] = [[], []];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(text)),
    jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text)),
  ];
  try {
    const exit = await discover({ environment: 'prod', cluster: 'prod-main', format: 'text', ...options });
    return { exit, out: out.join('\n'), err: err.join('\n'), file, text: readFileSync(file, 'utf8') };
  } finally {
    process.env = before;
    for (const spy of spies) spy.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  }
}
