import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Kubernetes API on loopback, and the environment in which kubectl reaches it as the context `prod-main`. */
export interface FakeApi {
  readonly environment: Record<string, string | undefined>;
  /** Paths with their queries, without discovery. */
  readonly paths: string[];
  readonly stop: () => Promise<void>;
}

export interface ApiAnswer {
  readonly status?: number;
  readonly body: unknown;
  /** Milliseconds before the answer. */
  readonly after?: number;
}

const RESOURCES = [
  ['pods', 'Pod', true],
  ['nodes', 'Node', false],
  ['serviceaccounts', 'ServiceAccount', true],
] as const;

/** Source: https://kubernetes.io/docs/reference/using-api/api-concepts/ */
function discovery(path: string): unknown {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/version') return { major: '1', minor: '33', gitVersion: 'v1.33.0' };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: [] };
  if (path === '/api/v1')
    return {
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: RESOURCES.map(([name, kind, namespaced]) => ({
        name,
        kind,
        namespaced,
        singularName: kind.toLowerCase(),
        verbs: ['get', 'list'],
      })),
    };
  return undefined;
}

/** `user` is that of both contexts in the kubeconfig. Default: one with a token. */
export async function fakeApi(
  answer: (path: string) => ApiAnswer,
  user: object = { token: 'token' },
): Promise<FakeApi> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    const found = discovery(url.split('?')[0]!);
    if (found === undefined) paths.push(url);
    const { status = 200, body, after = 0 } = found === undefined ? answer(url) : { body: found };
    setTimeout(() => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    }, after).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'podlift-kubectl-'));
  const server_ = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'here', cluster: { server: server_ } },
      { name: 'gone', cluster: { server: 'https://127.0.0.1:9' } },
    ],
    users: [{ name: 'someone', user }],
    contexts: ['here', 'gone'].map((cluster) => ({
      name: cluster === 'here' ? 'prod-main' : 'gone',
      context: { cluster, user: 'someone' },
    })),
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(config));
  return {
    environment: { ...process.env, KUBECONFIG: join(folder, 'config'), HOME: folder },
    paths,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function failure(code: number, reason: string, message: string): ApiAnswer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code } };
}
