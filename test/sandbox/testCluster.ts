import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAIN } from './testSandbox';
import type { Sandbox } from '../../src/sandbox/startSandbox';

/** What kubectl said. */
interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The real kubectl in a context of its own, for a cluster of a sandbox; `input` is its standard input. */
export function kubectlOf(at: { readonly sandbox: Sandbox }, cluster = MAIN) {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-kubectl-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const kubectl = (args: readonly string[], input = ''): Promise<Said> => {
    const config = join(folder, 'config');
    const server = at.sandbox.kubernetes.apiServer(cluster);
    const named = { clusters: [{ name: 'c', cluster: { server } }], users: [{ name: 'u', user: { token: 'u' } }] };
    const contexts = [{ name: 'c', context: { cluster: 'c', user: 'u' } }];
    writeFileSync(
      config,
      JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...named, contexts, 'current-context': 'c' }),
    );
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: config };
    return new Promise((resolve) => {
      const child = execFile('kubectl', args, { env, timeout: 30_000 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err });
      });
      child.stdin?.end(input);
    });
  };
  return {
    kubectl,
    /** What `kubectl … -o json` prints, after it succeeded. */
    read: async (...args: string[]): Promise<Record<string, unknown>> => {
      const { out, err, code } = await kubectl([...args, '-o', 'json']);
      if (code !== 0) throw new Error(err);
      return JSON.parse(out) as Record<string, unknown>;
    },
  };
}

/** A Deployment, its service account and its namespace, as a manifest. */
export function shop(env: readonly object[] = []): string {
  const labels = { app: 'orders' };
  const container = { name: 'app', image: 'nginx', ...(env.length === 0 ? {} : { env }) };
  const template = { metadata: { labels }, spec: { serviceAccountName: 'orders', containers: [container] } };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'orders', namespace: 'shop' },
      imagePullSecrets: [{ name: 'registry' }],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'orders', namespace: 'shop' },
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    },
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
