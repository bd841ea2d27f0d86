import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { kubectlPorts } from '../../../src/estate/kubernetes/kubectlPorts';
import type { KubectlSettings } from '../../../src/estate/kubernetes/runKubectl';
import { clusterOf } from '../../blueprint/inventoryOf';
import { containerOf } from '../../operations/facts';
import { type ApiAnswer, failure, type FakeApi, fakeApi } from './fakeApi';

const hasKubectl = (() => {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    labels: { 'pod-template-hash': '7f9c', 'app.kubernetes.io/name': 'orders' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'orders-api-7f9c', controller: true }],
  },
  spec: {
    serviceAccountName: 'orders-api',
    nodeName: 'node-1',
    containers: [
      {
        name: 'app',
        env: [
          { name: 'PASSWORD', value: 'not read' },
          { name: 'AWS_ROLE_ARN', valueFrom: { secretKeyRef: { name: 'orders', key: 'arn' } } },
        ],
        envFrom: [{ configMapRef: { name: 'settings' } }],
      },
    ],
    volumes: [
      { name: 'data', emptyDir: {} },
      { name: 'aws-iam-token', projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com' } }] } },
    ],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});

const FACTS = {
  namespace: 'shop',
  name: 'orders-api-1',
  serviceAccount: 'orders-api',
  node: 'node-1',
  phase: 'Running',
  ready: true,
  ending: false,
  owner: { kind: 'Deployment', name: 'orders-api' },
  app: 'orders',
  labels: { 'pod-template-hash': '7f9c', 'app.kubernetes.io/name': 'orders' },
  hostNetwork: false,
  containers: [containerOf({ image: '', env: { AWS_ROLE_ARN: 'secret orders/arn' }, envFrom: ['configmap settings'] })],
  tokenVolumes: { 'aws-iam-token': 'sts.amazonaws.com' },
};

const list = (kind: string, items: readonly unknown[], next?: string) => ({
  body: { kind: `${kind}List`, apiVersion: 'v1', metadata: { continue: next }, items },
});

(hasKubectl ? describe : describe.skip)('the real kubectl', () => {
  let api: FakeApi;
  afterEach(() => api.stop());

  async function portTo(answer: (path: string) => ApiAnswer, context = 'prod-main', settings: KubectlSettings = {}) {
    api = await fakeApi(answer);
    const cluster = clusterOf({ kubernetes: { context } });
    return kubectlPorts({ environment: api.environment, ...settings })('prod', cluster);
  }

  it('lists pods, cut down to what decides about credentials', async () => {
    const port = await portTo(() => list('Pod', [pod('orders-api-1')]));
    expect(await port.pods('shop')).toMatchObject({ ok: true, value: [FACTS] });
    expect(api.paths).toEqual([expect.stringMatching(/^\/api\/v1\/namespaces\/shop\/pods/)]);
  });

  it('lists thousands of pods, page by page', async () => {
    const port = await portTo((path) => {
      const page = Number(new URL(path, 'http://x').searchParams.get('continue') ?? 0);
      const items = Array.from({ length: 500 }, (_, index) => pod(`orders-api-${page * 500 + index}`));
      return list('Pod', items, page < 5 ? String(page + 1) : undefined);
    });
    const answer = await port.pods('shop');
    expect(answer.ok && new Set(answer.value.map(({ name }) => name)).size).toBe(3000);
  });

  it('reads the annotations of a service account and who owns the role’s, and knows when there is none', async () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn' };
    const managedFields = [
      {
        manager: 'helm',
        operation: 'Update',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:eks.amazonaws.com/role-arn': {} } } },
      },
    ];
    const port = await portTo((path) =>
      path.includes('/orders-api')
        ? {
            body: {
              kind: 'ServiceAccount',
              apiVersion: 'v1',
              metadata: { name: 'orders-api', namespace: 'shop', annotations, managedFields },
            },
          }
        : failure(404, 'NotFound', 'serviceaccounts "nobody" not found'),
    );
    expect(await port.serviceAccount('shop', 'orders-api')).toMatchObject({
      ok: true,
      value: {
        namespace: 'shop',
        name: 'orders-api',
        annotations,
        roleOwners: [{ manager: 'helm', operation: 'Update' }],
      },
    });
    expect(await port.serviceAccount('shop', 'nobody')).toMatchObject({ ok: true, value: undefined });
  });

  it('reads of nodes what runs them', async () => {
    const node = (name: string, labels: Record<string, string>) => ({
      kind: 'Node',
      apiVersion: 'v1',
      metadata: { name, labels },
      spec: name === 'b' ? { taints: [{ key: 'os', value: 'windows', effect: 'NoSchedule' }] } : {},
    });
    const port = await portTo(() =>
      list('Node', [
        node('a', { 'eks.amazonaws.com/compute-type': 'fargate', 'kubernetes.io/os': 'linux' }),
        node('b', { 'kubernetes.io/os': 'windows', 'eks.amazonaws.com/nodegroup': 'blue' }),
      ]),
    );
    const answer = await port.nodes();
    expect(answer.ok && answer.value).toEqual([
      {
        name: 'a',
        os: 'linux',
        computeType: 'fargate',
        labels: { 'eks.amazonaws.com/compute-type': 'fargate', 'kubernetes.io/os': 'linux' },
      },
      {
        name: 'b',
        os: 'windows',
        nodeGroup: 'blue',
        labels: { 'kubernetes.io/os': 'windows', 'eks.amazonaws.com/nodegroup': 'blue' },
        taints: [{ key: 'os', value: 'windows', effect: 'NoSchedule' }],
      },
    ]);
  });

  it.each<[string, ApiAnswer, string, RegExp]>([
    [
      'Forbidden',
      failure(403, 'Forbidden', 'pods is forbidden: User "me" cannot list resource "pods"'),
      'denied',
      /cannot list/,
    ],
    ['Unauthorized', failure(401, 'Unauthorized', 'Unauthorized'), 'denied', /logged in|Unauthorized/],
    ['a failing server', failure(500, 'InternalError', 'etcd is away'), 'failed', /etcd is away/],
    ['an answer that never comes', { body: {}, after: 20_000 }, 'timeout', /./],
  ])('says what became of %s', async (_, answer, why, message) => {
    const port = await portTo(() => answer, 'prod-main', { requestTimeout: 1, timeout: 6 });
    const result = await port.pods('shop');
    expect(result).toMatchObject({ ok: false, why });
    expect(result.ok ? '' : result.message).toMatch(message);
  });

  const plugin = (command: string, ...args: readonly string[]) => ({
    exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command, args, interactiveMode: 'Never' },
  });

  it.each<[string, object, string, RegExp]>([
    ['has no credentials', {}, 'denied', /^the user of the kubeconfig context "gone" has no credentials$/],
    [
      'gets them from a plugin that is not there',
      plugin('aws-that-is-not-there'),
      'failed',
      /executable aws-that-is-not-there not found: "aws-that-is-not-there" is not on PATH$/,
    ],
    [
      'gets them from a plugin that fails',
      plugin('sh', '-c', 'echo the session has expired >&2; exit 255'),
      'denied',
      /failed with exit code 255: the session has expired$/,
    ],
  ])('says of a user that %s what is wrong', async (_, user, why, message) => {
    api = await fakeApi(() => list('Pod', []), user);
    // kubectl uses credentials for TLS alone, and asks for them before it connects.
    const cluster = clusterOf({ kubernetes: { context: 'gone' } });
    const port = kubectlPorts({ environment: api.environment })('prod', cluster);
    const answer = await port.pods('shop');
    expect(answer).toMatchObject({ ok: false, why });
    expect(answer.ok ? '' : answer.message).toMatch(message);
  });

  it('reads a kubeconfig by a relative path, and says which one is not there', async () => {
    const port = await portTo(() => list('Pod', []), 'prod-main', {
      environment: { PATH: process.env.PATH, KUBECONFIG: 'gone/config' },
    });
    const answer = await port.pods('shop');
    expect(answer.ok ? '' : answer.message).toContain(
      `kubeconfig ${resolve('gone/config')} (not there) has no context`,
    );
  });

  it('says that a cluster is unreachable', async () => {
    const port = await portTo(() => list('Pod', []), 'gone');
    expect(await port.pods('shop')).toMatchObject({ ok: false, why: 'unreachable' });
  });

  it('says how to get a context that kubeconfig does not have', async () => {
    const port = await portTo(() => list('Pod', []), 'nowhere');
    const result = await port.pods('shop');
    expect(result).toMatchObject({
      ok: false,
      why: 'failed',
      message: expect.stringMatching(/no context "nowhere"$/),
      fix: [
        { say: expect.stringMatching(/^If the kubeconfig has the cluster under another context, .*:$/) },
        {
          run: ['aws', 'eks', 'update-kubeconfig', '--name', 'prod-main', '--region', 'us-west-2', '--alias=nowhere'],
        },
      ],
    });
    expect(result).not.toHaveProperty('at');
  });
});

describe('kubectl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-fake-kubectl-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A script as kubectl; the timeout is in seconds. */
  function script(name: string, text: string, timeout = 25) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return kubectlPorts({ binary: file, timeout })('prod', clusterOf());
  }

  it('is called in the cluster’s own context when the inventory names none', async () => {
    const port = script(
      'echo',
      `printf '{"items":[],"arguments":"%s"}' "$*" > ${join(folder, 'said')}; cat ${join(folder, 'said')}`,
    );
    expect(await port.pods('shop')).toEqual({ ok: true, value: [] });
    expect(JSON.parse(execFileSync('cat', [join(folder, 'said')]).toString()).arguments).toBe(
      '--context arn:aws:eks:us-west-2:333333333333:cluster/prod-main --request-timeout=30s --vmodule=round_trippers=8 get pods --namespace shop -o json',
    );
  });

  it('that is missing is said with what to install', async () => {
    const port = kubectlPorts({ binary: 'kubectl-that-is-not-there' })('prod', clusterOf());
    const answer = await port.nodes();
    expect(answer).toMatchObject({ ok: false, why: 'failed' });
    expect(answer.ok ? '' : answer.message).toBe('"kubectl-that-is-not-there" is not on PATH');
    expect(answer.ok ? [] : answer.fix).toEqual([{ say: expect.stringMatching(/^Install kubectl .* on PATH\.$/) }]);
  });

  it('that waits for a login is given up, and so is what it started', async () => {
    const loggedIn = join(folder, 'logged-in');
    const answer = await script('wait', `echo "Please log in" >&2; (sleep 25; touch ${loggedIn}) & wait`, 3).pods(
      'shop',
    );
    expect(answer).toMatchObject({ ok: false, why: 'timeout' });
    expect(answer.ok ? '' : answer.message).toMatch(/Please log in/);
    expect(existsSync(loggedIn)).toBe(false);
  });

  it('is ended when its answer is not wanted any more, and not run after that', async () => {
    const file = join(folder, 'slow');
    writeFileSync(file, `#!/bin/sh\ntouch ${join(folder, 'started')}\nsleep 30\n`);
    chmodSync(file, 0o755);
    const late = new AbortController();
    const port = kubectlPorts({ binary: file })('prod', clusterOf(), late.signal);
    const underWay = port.pods('shop');
    while (!existsSync(join(folder, 'started'))) await new Promise((resolve) => setTimeout(resolve, 10));
    late.abort();
    const given = { ok: false, why: 'timeout', message: 'kubectl was stopped before it answered' };
    expect(await underWay).toEqual(given);
    rmSync(join(folder, 'started'));
    expect(await port.pods('shop')).toEqual(given);
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });

  describe('that logs headers', () => {
    const log = (name: string, lines: readonly string[]) => {
      const file = join(folder, `${name}.log`);
      writeFileSync(file, `${lines.join('\n')}\n`);
      return `cat "${file}" >&2`;
    };
    const HEADERS = {
      'kubectl 1.32': [
        'I1127 16:28:13.307584   10881 round_trippers.go:476] Request Headers:',
        'I1127 16:28:13.307599   10881 round_trippers.go:480]     Authorization: Bearer SECRET',
        'I1127 16:28:13.309635   10881 round_trippers.go:581] Response Status: 403 Forbidden in 2 milliseconds',
        'I1127 16:28:13.309651   10881 round_trippers.go:584] Response Headers:',
        'I1127 16:28:13.309665   10881 round_trippers.go:587]     Date: Fri, 01 Jan 2027 00:00:00 GMT',
      ],
      'kubectl 1.33': [
        'I1127 16:28:13.421582   10890 round_trippers.go:527] "Request" verb="GET" url="https://x/y" headers=<',
        '\tAuthorization: Bearer SECRET',
        ' >',
        'I1127 16:28:13.423895   10890 round_trippers.go:632] "Response" status="403 Forbidden" headers=<',
        '\tDate: Fri, 01 Jan 2027 00:00:00 GMT',
        ' > milliseconds=1',
      ],
    };

    it.each(Object.entries(HEADERS))('as %s does: their Date is taken, and nothing else', async (name, lines) => {
      const at = '2027-01-01T00:00:00.000Z';
      const ok = script('ok', `${log(name, lines)}; printf '{"items":[]}'`);
      expect(await ok.pods('shop')).toEqual({ ok: true, value: [], at });
      const denied = [...lines, 'Error from server (Forbidden): pods is forbidden', ...lines];
      expect(await script('denied', `${log(name, denied)}; exit 1`).pods('shop')).toEqual({
        ok: false,
        why: 'denied',
        message: 'Error from server (Forbidden): pods is forbidden',
        at,
      });
      const late = script(
        'late',
        `echo waiting >&2; ${log(name, lines)}; printf 'I1127 half a SECRET' >&2; sleep 25`,
        3,
      );
      expect(await late.pods('shop')).toMatchObject({
        message: 'kubectl gave no answer within 3 s; it said: waiting',
        at,
      });
    });
  });

  it('that prints something other than JSON is a failure', async () => {
    expect(await script('text', 'echo hello').pods('shop')).toMatchObject({ ok: false, why: 'failed' });
    expect(await script('half', `printf '{"items":['`).pods('shop')).toMatchObject({ ok: false, why: 'failed' });
    expect(await script('other', `printf '{"kind":"Status"}'`).pods('shop')).toMatchObject({
      ok: false,
      why: 'failed',
    });
  });
});
