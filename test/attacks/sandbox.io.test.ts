import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlOf } from '../sandbox/testCluster';
import { MAIN, seedWith, useSandbox } from '../sandbox/testSandbox';

// While the sandbox runs, every process and every web page of the machine can send requests to its port.

const at = useSandbox(() => ({ seed: seedWith() }));
const { kubectl } = kubectlOf(at);

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request as it is; `fetch` would set headers of its own. */
function send({ method = 'GET', path, headers = {}, body = '' }: Sent): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(at.sandbox.endpoint);
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request({ host: hostname, port, method, path, headers: { ...length, ...headers } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => (text += piece));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const POD = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'x',
    namespace: 'default',
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: '$(touch pwned)', uid: 'u', controller: true },
    ],
  },
  spec: { containers: [{ name: 'app', image: 'app' }] },
});
const PODS = '/api/v1/namespaces/default/pods';
const pathOf = (path: string) => new URL(at.sandbox.kubernetes.apiServer(MAIN)).pathname + path;
const withoutToken = (path: string) => pathOf(path).replace(`/${at.sandbox.kubernetes.token}`, '');
const pods = async () => {
  const { body } = await at.sandbox.kubernetes.request(MAIN, { method: 'GET', path: PODS });
  return (body as { items: readonly unknown[] }).items.length;
};
const json = { 'content-type': 'application/json' };

describe('the Kubernetes API of the sandbox', () => {
  it.each<[string, () => Sent]>([
    ['no token', () => ({ path: withoutToken(PODS), headers: json })],
    ['no token, as text/plain', () => ({ path: withoutToken(PODS), headers: { 'content-type': 'text/plain' } })],
    [
      'no token, as a form',
      () => ({ path: withoutToken(PODS), headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ],
    [
      'the user of earlier versions',
      () => ({ path: withoutToken(PODS), headers: { ...json, authorization: 'Bearer podlift-sandbox' } }),
    ],
    ['an empty token', () => ({ path: withoutToken(PODS), headers: { ...json, authorization: 'Bearer ' } })],
    [
      'another scheme',
      () => ({ path: withoutToken(PODS), headers: { ...json, authorization: `Basic ${at.sandbox.kubernetes.token}` } }),
    ],
    [
      'a part of the token',
      () => ({
        path: withoutToken(PODS),
        headers: { ...json, authorization: `Bearer ${at.sandbox.kubernetes.token.slice(1)}` },
      }),
    ],
    [
      'a longer token',
      () => ({
        path: withoutToken(PODS),
        headers: { ...json, authorization: `Bearer ${at.sandbox.kubernetes.token}x` },
      }),
    ],
    ['another token in the path', () => ({ path: pathOf(PODS).replace(/.(?=\/\d{12})/, '~'), headers: json })],
    [
      'an empty token in the path',
      () => ({ path: pathOf(PODS).replace(at.sandbox.kubernetes.token, ''), headers: json }),
    ],
    [
      'the token in the query',
      () => ({ path: `${withoutToken(PODS)}?token=${at.sandbox.kubernetes.token}`, headers: json }),
    ],
    [
      'the token as a cookie',
      () => ({ path: withoutToken(PODS), headers: { ...json, cookie: `token=${at.sandbox.kubernetes.token}` } }),
    ],
    [
      'the token of a service account',
      () => ({
        path: withoutToken(PODS),
        headers: {
          ...json,
          authorization: `Bearer ${at.sandbox.kubernetes.createToken(MAIN, { namespace: 'default', serviceAccount: 'default', audience: 'x', expiration: 3600 })}`,
        },
      }),
    ],
  ])('refuses a client with %s', async (_what, sent) => {
    for (const method of ['POST', 'GET', 'DELETE']) {
      const { status, body } = await send({ ...sent(), method, body: method === 'POST' ? POD : '' });
      expect([status, JSON.parse(body)]).toEqual([401, expect.objectContaining({ reason: 'Unauthorized' })]);
    }
    expect(await pods()).toBe(0);
  });

  it('has another token each time, which nobody can guess', async () => {
    expect(at.sandbox.kubernetes.token).toMatch(/^[\w-]{43}$/);
    const { startSandbox } = await import('../../src/sandbox/startSandbox');
    const other = await startSandbox({ seed: seedWith() });
    await other.stop();
    expect(other.kubernetes.token).not.toBe(at.sandbox.kubernetes.token);
  });

  it('serves kubectl with the kubeconfig, and a client with a bearer token', async () => {
    expect(await kubectl(['get', 'pods'])).toMatchObject({ code: 0 });
    const headers = { authorization: `Bearer ${at.sandbox.kubernetes.token}` };
    expect(await send({ path: withoutToken(PODS), headers })).toMatchObject({ status: 200 });
  });

  it.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/html',
    'application/octet-stream',
    'TEXT/PLAIN',
    'text/plain; application/json',
    'application/jsonx',
    ' ',
  ])('takes no %j body, as a real API server', async (type) => {
    at.sandbox.kubernetes.setServiceAccount({ cluster: MAIN, namespace: 'default', name: 'default' });
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const path = pathOf(method === 'POST' ? PODS : '/api/v1/namespaces/default/serviceaccounts/default');
      const { status, body } = await send({ method, path, headers: { 'content-type': type }, body: POD });
      expect([method, status, (JSON.parse(body) as { reason: string }).reason]).toEqual([
        method,
        415,
        'UnsupportedMediaType',
      ]);
    }
    expect(await pods()).toBe(0);
  });
});

describe.each<[string, () => string]>([
  ['the Kubernetes API', () => pathOf('/version')],
  ['the AWS API', () => '/clusters'],
  ['the OIDC issuer', () => '/oidc/x/keys'],
  ['the Pod Identity agent', () => '/v1/credentials'],
])('%s of the sandbox', (_server, path) => {
  const port = () => new URL(at.sandbox.endpoint).port;

  it.each<[string, () => Readonly<Record<string, string>>]>([
    ['a name that leads here (DNS rebinding)', () => ({ host: `evil.invalid:${port()}` })],
    ['a name that leads here without a port', () => ({ host: 'evil.invalid' })],
    ['a name that begins like ours', () => ({ host: `127.0.0.1.evil.invalid:${port()}` })],
    ['a name that ends like ours', () => ({ host: `evil.localhost:${port()}` })],
    ['a name with a dot at its end', () => ({ host: `localhost.:${port()}` })],
    ['another port', () => ({ host: '127.0.0.1:1' })],
    ['no port', () => ({ host: '127.0.0.1' })],
    ['another address of loopback', () => ({ host: `127.0.0.2:${port()}` })],
    ['every address', () => ({ host: `0.0.0.0:${port()}` })],
    ['a number', () => ({ host: `2130706433:${port()}` })],
    ['a name before ours', () => ({ host: `user@127.0.0.1:${port()}` })],
    ['the origin of a web page', () => ({ origin: 'https://evil.invalid' })],
    ['the origin of a file', () => ({ origin: 'null' })],
    ['our own origin', () => ({ origin: at.sandbox.endpoint })],
    ['the origin of an extension', () => ({ origin: 'chrome-extension://x' })],
    ['an image of a web page', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })],
    ['a page of the same machine', () => ({ 'sec-fetch-site': 'same-site' })],
  ])('refuses a request with %s', async (_what, headers) => {
    for (const method of ['GET', 'POST', 'OPTIONS'])
      expect(await send({ method, path: path(), headers: headers() })).toMatchObject({
        status: 403,
        body: expect.stringContaining('programs of this machine only'),
      });
  });

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('answers at the name %s', async (name) => {
    const { body } = await send({ path: path(), headers: { host: `${name}:${port()}` } });
    expect(body).not.toContain('programs of this machine only');
  });
});

describe('a pod of the sandbox', () => {
  it.each([['../../../../../../..'], ['/../../../..'], ['/a/../../../../..']])(
    'writes no token outside of its folder: %s',
    async (up) => {
      const name = `podlift-attack-${process.pid}`;
      const object = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'escape', namespace: 'default' },
        spec: {
          volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: name, audience: 'x' } }] } }],
          containers: [{ name: 'app', image: 'app', volumeMounts: [{ name: 't', mountPath: `${up}${tmpdir()}` }] }],
        },
      };
      await at.sandbox.kubernetes.request(MAIN, { method: 'POST', path: PODS, body: object });
      at.sandbox.kubernetes.pods(MAIN, 'default');
      expect(existsSync(join(tmpdir(), name))).toBe(false);
      await at.sandbox.kubernetes.request(MAIN, { method: 'DELETE', path: `${PODS}/escape?gracePeriodSeconds=0` });
    },
  );
});
