import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxEnvironment } from '../../cli/sandboxEnvironment';
import { sandboxKubernetes } from '../../cli/sandboxKubernetes';
import { sandboxSeed } from '../../cli/sandboxSeed';
import { type Sandbox, startSandbox } from '../../sandbox/startSandbox';
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

  it('leads every context of the inventory to the sandbox, which says that no cluster was touched', async () => {
    const variables = sandboxKubernetes(sandbox, inventory, folder);
    const { KUBECONFIG = '', KUBE_CONFIG_PATH, KUBE_HOST = '' } = sandboxEnvironment(sandbox, variables, folder, {});
    expect(KUBE_CONFIG_PATH).toBe(KUBECONFIG);
    const { clusters, contexts } = JSON.parse(readFileSync(KUBECONFIG, 'utf8')) as {
      clusters: { cluster: { server: string } }[];
      contexts: { name: string }[];
    };
    expect(contexts.map(({ name }) => name)).toEqual(['real-prod']);
    const servers = [...clusters.map(({ cluster }) => cluster.server), KUBE_HOST];
    expect(servers).toEqual([
      `${sandbox.endpoint}/kubernetes/333333333333/us-west-2/prod-main`,
      `${sandbox.endpoint}/kubernetes`,
    ]);
    for (const server of servers) {
      const answer = await fetch(`${server}/api/v1/namespaces/shop/serviceaccounts`, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(501);
      expect(await answer.json()).toMatchObject({
        kind: 'Status',
        message: expect.stringContaining('no cluster was touched'),
      });
    }
  });
});
