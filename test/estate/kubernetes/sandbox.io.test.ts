import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlPorts } from '../../../src/estate/kubernetes/kubectlPorts';
import { seedDeployment } from '../../sandbox/seedDeployment';
import { clusterOf } from '../../blueprint/inventoryOf';
import { MAIN, roleArn, seedWith, useSandbox } from '../../sandbox/testSandbox';

const ANNOTATIONS = { 'eks.amazonaws.com/role-arn': roleArn('orders') };
const NOW = new Date('2027-01-01T12:00:00.000Z');
const at = useSandbox(() => ({
  clock: () => NOW,
  seed: seedWith([], {
    clusters: [
      {
        ...MAIN,
        version: '1.33',
        nodes: [{ name: 'node-1', compute: 'ec2', labels: { 'eks.amazonaws.com/nodegroup': 'blue' } }],
        addons: [{ name: 'eks-pod-identity-agent' }],
        serviceAccounts: [
          { namespace: 'shop', name: 'orders', annotations: ANNOTATIONS, labels: { team: 'shop' } },
          ...Array.from({ length: 600 }, (_, index) => ({ namespace: 'many', name: `app-${index}` })),
        ],
        manifests: [
          seedDeployment({
            namespace: 'shop',
            name: 'orders',
            serviceAccount: 'orders',
            image: 'orders:1',
            env: { AWS_ACCESS_KEY_ID: 'AKIASECRET', HTTPS_PROXY: 'http://proxy:3128' },
          }),
          seedDeployment({ namespace: 'shop', name: 'reports', serviceAccount: 'orders', replicas: 0 }),
          {
            apiVersion: 'batch/v1',
            kind: 'CronJob',
            metadata: { namespace: 'shop', name: 'nightly' },
            spec: {
              schedule: '0 3 * * *',
              timeZone: 'Etc/UTC',
              jobTemplate: {
                spec: {
                  template: {
                    spec: {
                      restartPolicy: 'Never',
                      serviceAccountName: 'orders',
                      containers: [{ name: 'run', image: 'run' }],
                    },
                  },
                },
              },
            },
          },
          {
            apiVersion: 'apiextensions.k8s.io/v1',
            kind: 'CustomResourceDefinition',
            metadata: { name: 'secretstores.external-secrets.io' },
            spec: {
              group: 'external-secrets.io',
              names: { kind: 'SecretStore', plural: 'secretstores' },
              scope: 'Namespaced',
              versions: [
                {
                  name: 'v1',
                  served: true,
                  storage: true,
                  schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
                },
              ],
            },
          },
          {
            apiVersion: 'external-secrets.io/v1',
            kind: 'SecretStore',
            metadata: { namespace: 'shop', name: 'orders', annotations: { password: 'hunter2' } },
            spec: {
              provider: {
                aws: {
                  region: 'us-west-2',
                  auth: { jwt: { serviceAccountRef: { name: 'orders', audiences: ['a'] } } },
                },
                fake: { data: [{ key: 'k', value: 'hunter2' }] },
              },
            },
          },
          {
            apiVersion: 'networking.k8s.io/v1',
            kind: 'NetworkPolicy',
            metadata: { namespace: 'shop', name: 'web-only' },
            spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 443 }] }] },
          },
        ],
      },
    ],
  }),
}));

describe('The real kubectl, at the sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-kubectl-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const port = () => {
    const file = join(folder, 'config');
    const server = at.sandbox.kubernetes.apiServer(MAIN);
    const context = { name: 'here', context: { cluster: 'c', user: 'u' } };
    const users = [{ name: 'u', user: { token: 'u' } }];
    writeFileSync(file, JSON.stringify({ clusters: [{ name: 'c', cluster: { server } }], users, contexts: [context] }));
    const environment = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: file };
    return kubectlPorts({ environment })('prod', clusterOf({ kubernetes: { context: 'here' } }));
  };
  const valueOf = <T>(answer: { ok: true; value: T } | { ok: false; message: string }): T => {
    if (!answer.ok) throw new Error(answer.message);
    return answer.value;
  };

  it('lists the service accounts of all namespaces, however many pages they have', async () => {
    const accounts = valueOf(await port().serviceAccounts());
    expect(accounts.filter(({ namespace }) => namespace === 'many')).toHaveLength(601);
    expect(accounts.find(({ name }) => name === 'orders')).toEqual({
      namespace: 'shop',
      name: 'orders',
      annotations: ANNOTATIONS,
      roleOwners: [{ manager: 'kubectl-create', operation: 'Update', at: '2027-01-01T12:00:00.000Z' }],
      changedAt: '2027-01-01T12:00:00.000Z',
    });
    expect(valueOf(await port().serviceAccount('shop', 'orders'))).toMatchObject({ name: 'orders', namespace: 'shop' });
  });

  it('lists the pods of all namespaces', async () => {
    const pods = valueOf(await port().allPods());
    expect(pods.map(({ namespace }) => namespace).sort()).toEqual(['kube-system', 'shop']);
    expect(pods.find(({ namespace }) => namespace === 'shop')).toMatchObject({
      serviceAccount: 'orders',
      labels: { app: 'orders' },
      hostNetwork: false,
      owner: { kind: 'Deployment', name: 'orders' },
      containers: [
        {
          image: 'orders:1',
          earlier: ['AWS_ACCESS_KEY_ID'],
          proxy: { HTTPS_PROXY: 'http://proxy:3128' },
          hostPorts: [],
        },
      ],
    });
    expect(JSON.stringify(pods)).not.toContain('AKIASECRET');
    expect(pods.find(({ namespace }) => namespace === 'kube-system')).toMatchObject({
      app: 'eks-pod-identity-agent',
      hostNetwork: true,
      containers: [{ hostPorts: [80, 2703] }],
    });
  });

  it('lists the pod templates of a namespace, also those without pods', async () => {
    const templates = valueOf(await port().templates('shop'));
    expect(templates.map(({ kind, name, replicas }) => [kind, name, replicas])).toEqual([
      ['Deployment', 'orders', 1],
      ['Deployment', 'reports', 0],
      ['CronJob', 'nightly', undefined],
    ]);
    expect(templates[0]).toMatchObject({
      namespace: 'shop',
      serviceAccount: 'orders',
      labels: { app: 'orders' },
      containers: [{ image: 'orders:1', earlier: ['AWS_ACCESS_KEY_ID'] }],
    });
    expect(templates[2]).toMatchObject({
      cron: { schedule: '0 3 * * *', timeZone: 'Etc/UTC', suspended: false },
      serviceAccount: 'orders',
    });
    expect(JSON.stringify(templates)).not.toContain('AKIASECRET');
    const all = valueOf(await port().allTemplates());
    expect(all.map(({ namespace, kind, name }) => `${namespace} ${kind}/${name}`)).toEqual([
      'shop Deployment/orders',
      'shop Deployment/reports',
      'kube-system DaemonSet/eks-pod-identity-agent',
      'shop CronJob/nightly',
    ]);
  });

  it('lists network policies and nodes', async () => {
    expect(valueOf(await port().networkPolicies('shop'))).toEqual([
      { name: 'web-only', podLabels: {}, limitsEgress: true, egress: [{ ports: [{ from: 443, to: 443 }] }] },
    ]);
    expect(valueOf(await port().networkPolicies('many'))).toEqual([]);
    expect(valueOf(await port().nodes())).toEqual([
      {
        name: 'node-1',
        os: 'linux',
        computeType: 'ec2',
        nodeGroup: 'blue',
        labels: expect.objectContaining({ 'eks.amazonaws.com/nodegroup': 'blue', 'kubernetes.io/os': 'linux' }),
      },
    ]);
  });

  it('reads of the objects of known controllers the fields of the catalogue, and drops all others', async () => {
    expect(valueOf(await port().apiGroups())).toEqual(['external-secrets.io']);
    expect(valueOf(await port().customObjects('secretstores.external-secrets.io'))).toEqual([
      {
        namespace: 'shop',
        name: 'orders',
        fields: { spec: { provider: { aws: { auth: { jwt: { serviceAccountRef: { name: 'orders' } } } } } } },
      },
    ]);
  });

  it('takes a kind that the cluster does not have for no objects, and a list that is denied for no answer', async () => {
    expect(await port().customObjects('scaledobjects.keda.sh')).toMatchObject({ ok: true, value: [] });
    expect(await port().customObjects('clustersecretstores.external-secrets.io')).toMatchObject({
      ok: true,
      value: [],
    });
    at.sandbox.kubernetes.limit(MAIN, [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }]);
    expect(await port().customObjects('secretstores.external-secrets.io')).toMatchObject({ ok: false, why: 'denied' });
    expect(valueOf(await port().apiGroups())).toEqual(['external-secrets.io']);
    at.sandbox.kubernetes.limit(MAIN);
  });

  it('states the time of the cluster, also where there is no answer', async () => {
    expect(await port().nodes()).toMatchObject({ ok: true, at: NOW.toISOString() });
    expect(await port().issuer()).toMatchObject({ ok: true, at: NOW.toISOString() });
    expect(await port().serviceAccount('shop', 'nobody')).toMatchObject({ value: undefined, at: NOW.toISOString() });
    at.sandbox.kubernetes.limit(MAIN, []);
    expect(await port().nodes()).toMatchObject({ ok: false, why: 'denied', at: NOW.toISOString() });
  });
});
