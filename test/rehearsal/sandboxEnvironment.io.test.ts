import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxEnvironment } from '../../src/rehearsal/sandboxEnvironment';
import { sandboxKubernetes } from '../../src/rehearsal/sandboxEnvironment';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import { clusterOf, environmentOf, inventoryOf } from '../blueprint/inventoryOf';

const inventory = inventoryOf(
  environmentOf({
    clusters: [clusterOf({ kubernetes: { context: 'real-prod' } }), clusterOf({ key: 'gitops' })],
    workloads: [],
  }),
);
let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-environment-'));
  sandbox = await startSandbox({ seed: sandboxSeed(inventory, []) });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

describe('the environment of a command in the sandbox', () => {
  it.each([
    'AWS_PROFILE',
    'AWS_SESSION_TOKEN',
    'AMAZON_ENDPOINT',
    'KUBECONFIG',
    'KUBE_CONFIG_PATH',
    'KUBE_CONFIG_PATHS',
    'KUBE_TOKEN',
    'KUBE_HOST',
    'KUBERNETES_SERVICE_HOST',
  ])('does not have the operator’s own %s', (name) => {
    const own = { [name]: 'the operator’s', PATH: '/bin' };
    expect(sandboxEnvironment(sandbox, {}, folder, own)).toMatchObject({ PATH: '/bin' });
    expect(Object.values(sandboxEnvironment(sandbox, {}, folder, own))).not.toContain('the operator’s');
  });

  it('knows no cluster unless it is told of one', () => {
    expect(sandboxEnvironment(sandbox, {}, folder, {})).toMatchObject({ KUBECONFIG: '/dev/null' });
  });

  it('leads every context of the inventory, and every cluster’s ARN, to that cluster of the sandbox', async () => {
    const variables = sandboxKubernetes(sandbox, inventory, folder);
    const { KUBECONFIG = '', KUBE_CONFIG_PATH, KUBE_HOST } = sandboxEnvironment(sandbox, variables, folder, {});
    expect([KUBE_CONFIG_PATH, KUBE_HOST]).toEqual([KUBECONFIG, undefined]);
    const { clusters, contexts } = JSON.parse(readFileSync(KUBECONFIG, 'utf8')) as {
      clusters: { cluster: { server: string } }[];
      contexts: { name: string }[];
    };
    expect(contexts.map(({ name }) => name)).toEqual([
      'real-prod',
      'arn:aws:eks:us-west-2:333333333333:cluster/prod-main',
      'arn:aws:eks:us-west-2:333333333333:cluster/prod-gitops',
    ]);
    const names = ['prod-main', 'prod-main', 'prod-gitops'];
    expect(clusters.map(({ cluster }) => cluster.server)).toEqual(
      names.map((name) => `${sandbox.endpoint}/kubernetes/${sandbox.kubernetes.token}/333333333333/us-west-2/${name}`),
    );
    for (const { cluster } of clusters) {
      const answer = await fetch(`${cluster.server}/api/v1/namespaces/default/serviceaccounts`);
      expect(await answer.json()).toMatchObject({
        kind: 'ServiceAccountList',
        items: [{ metadata: { name: 'default' } }],
      });
    }
  });

  it.each(['http://', 'https://'])('leads a client that insists on another %s server nowhere', async (scheme) => {
    const { KUBE_PROXY_URL = '' } = sandboxKubernetes(sandbox, inventory, folder);
    const proxy = new URL(KUBE_PROXY_URL);
    const url = `${scheme}real.invalid/api/v1/namespaces`;
    const [method, path] = scheme === 'https://' ? ['CONNECT', 'real.invalid:443'] : ['GET', url];
    const reached = await new Promise<number | string>((resolve) => {
      const asked = request({ host: proxy.hostname, port: proxy.port, method, path });
      asked.on('response', ({ statusCode = 0 }) => {
        resolve(statusCode);
      });
      asked.on('connect', () => {
        resolve('connected');
      });
      asked.on('error', () => {
        resolve('cut off');
      });
      asked.end();
    });
    expect(reached).toBe(scheme === 'https://' ? 'cut off' : 502);
  });

  it('lets a client that takes the sandbox for its proxy reach the sandbox’s own clusters', async () => {
    const { port, hostname: host } = new URL(sandbox.endpoint);
    const cluster = { account: '333333333333', region: 'us-west-2', name: 'prod-main' };
    const path = `${sandbox.kubernetes.apiServer(cluster)}/version`;
    const status = await new Promise((resolve) => {
      request({ host, port, path }, ({ statusCode }) => {
        resolve(statusCode);
      }).end();
    });
    expect(status).toBe(200);
  });
});
