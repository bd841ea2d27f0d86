import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { MAIN, seedWith, useSandbox } from '../../sandbox/testSandbox';

// Requests that two readers of HTTP understand in two ways, and names that mean something to JavaScript.

const KUBERNETES = '/kubernetes/111111111111/us-west-2/main';
const ACCOUNTS = `${KUBERNETES}/api/v1/namespaces/default/serviceaccounts`;
const MEBIBYTE = 1024 * 1024;

const at = useSandbox(() => ({ seed: seedWith() }));
const port = () => Number(new URL(at.sandbox.endpoint).port);
const token = () => ({ authorization: `Bearer ${at.sandbox.kubernetes.token}` });

/** Everything that the sandbox answers to bytes, until it ends the connection or for this time in milliseconds. */
function raw(bytes: string | Buffer, wait = 700): Promise<string> {
  return new Promise((resolve) => {
    let all = '';
    const socket = connect(port(), '127.0.0.1', () => socket.write(bytes));
    const timer = setTimeout(() => {
      socket.destroy();
    }, wait);
    socket.on('data', (data) => (all += data.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(all);
    });
  });
}

const statuses = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

async function stillAnswers(): Promise<void> {
  const version = await fetch(`${at.sandbox.endpoint}${KUBERNETES}/version`, { headers: token() });
  expect(version.status).toBe(200);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}
afterEach(stillAnswers);

const accounts = async () => {
  const { body } = await at.sandbox.kubernetes.request(MAIN, {
    method: 'GET',
    path: '/api/v1/namespaces/default/serviceaccounts',
  });
  return (body as { items: readonly { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
};

describe('a request that two readers understand in two ways', () => {
  const hidden = () =>
    `POST ${ACCOUNTS} HTTP/1.1\r\nhost: 127.0.0.1:${port()}\r\nauthorization: ${token().authorization}\r\ncontent-type: application/json\r\ncontent-length: 79\r\n\r\n{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"smuggled-in-it"}}`;
  const head = (lines: string) => `POST /clusters HTTP/1.1\r\nhost: 127.0.0.1:${port()}\r\n${lines}\r\n`;

  it.each<[string, () => string]>([
    ['two lengths', () => head('content-length: 0\r\ncontent-length: 5\r\n')],
    ['two lengths in one line', () => head('content-length: 0, 5\r\n')],
    ['a length and chunks', () => `${head('content-length: 4\r\ntransfer-encoding: chunked\r\n')}0\r\n\r\n`],
    ['chunks with a blank before the colon', () => head('transfer-encoding : chunked\r\ncontent-length: 0\r\n')],
    ['chunks that are not the last encoding', () => `${head('transfer-encoding: chunked, identity\r\n')}0\r\n\r\n`],
    ['an encoding that nobody knows', () => `${head('transfer-encoding: xchunked\r\n')}0\r\n\r\n`],
    ['a negative length', () => head('content-length: -1\r\n')],
    ['a length with a sign', () => `${head('content-length: +5\r\n')}12345`],
    ['a length in hexadecimal', () => `${head('content-length: 0x5\r\n')}12345`],
    ['a length of 30 digits', () => head(`content-length: ${'9'.repeat(30)}\r\n`)],
    ['a size of a chunk of 30 digits', () => `${head('transfer-encoding: chunked\r\n')}${'F'.repeat(30)}\r\n`],
    ['a negative size of a chunk', () => `${head('transfer-encoding: chunked\r\n')}-1\r\n\r\n`],
    [
      'a line that continues',
      () => head('x: a\r\n content-length: 0\r\ncontent-length: 0\r\n').replace('x: a\r\n', 'transfer-encoding:\r\n'),
    ],
    ['a name with a NUL', () => head('x\0y: a\r\ncontent-length: 0\r\n')],
    ['a value with a carriage return', () => head('x: a\rcontent-length: 5\r\n')],
    ['a line without a colon', () => head('garbage\r\n')],
    ['two hosts', () => head(`host: evil.invalid\r\n`)],
    ['no host in HTTP/1.1', () => `GET ${KUBERNETES}/version HTTP/1.1\r\n\r\n`],
    ['no host in HTTP/1.0', () => `GET ${KUBERNETES}/version HTTP/1.0\r\n\r\n`],
    ['HTTP/0.9', () => `GET ${KUBERNETES}/version\r\n\r\n`],
    ['HTTP/2 without a word', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', () => '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['CONNECT', () => `CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: 127.0.0.1:${port()}\r\n\r\n`],
    ['a method that nobody knows', () => `PWN / HTTP/1.1\r\nhost: 127.0.0.1:${port()}\r\n\r\n`],
  ])('is refused: %s', async (_what, bytes) => {
    const answer = await raw(`${bytes()}${hidden()}`);
    const [first = 400] = statuses(answer);
    expect(first).toBeGreaterThanOrEqual(400);
    expect(first).toBeLessThan(500);
    expect(await accounts()).not.toContain('smuggled-in-it');
  });

  it.each([
    'http://evil.invalid',
    'HTTP://evil.invalid',
    'https://evil.invalid',
    '//evil.invalid',
    'http://127.0.0.1:1',
  ])('is not sent on, whatever its target: %s', async (target) => {
    for (const host of ['evil.invalid', `127.0.0.1:${port()}`]) {
      const answer = await raw(
        `GET ${target}${KUBERNETES}/version HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
      );
      expect([400, 401, 403, 404, 502]).toContain(statuses(answer)[0]);
      expect(answer).not.toContain('gitVersion');
    }
  });

  it('is answered as another protocol: an upgrade to WebSocket stays HTTP', async () => {
    const answer = await raw(
      `GET ${ACCOUNTS} HTTP/1.1\r\nhost: 127.0.0.1:${port()}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    expect(statuses(answer)).not.toContain(101);
  });

  it('keeps the check of its host where a proxy says another', async () => {
    for (const name of ['x-forwarded-host', 'x-original-url', 'x-rewrite-url', 'forwarded', 'x-http-method-override']) {
      const response = await fetch(`${at.sandbox.endpoint}${ACCOUNTS}`, {
        headers: { [name]: `/${token().authorization}` },
      });
      expect(response.status).toBe(401);
    }
  });

  it('ends: a body that is announced and never comes, and one of a byte a time', async () => {
    const answers = await Promise.all([
      raw(head('content-length: 1048576\r\nexpect: 100-continue\r\n')),
      raw(head('content-length: 99999999999\r\nexpect: 100-continue\r\n')),
    ]);
    expect(statuses(answers[1])).toContain(413);
  });

  it('ends: chunks with extensions and trailers without an end', async () => {
    const chunks = `1;${'a'.repeat(20_000)}\r\nx\r\n`.repeat(3);
    const first = await raw(`${head('transfer-encoding: chunked\r\n')}${chunks}`, 1500);
    const trailers = Array.from({ length: 5000 }, (_, index) => `t${index}: ${'a'.repeat(20)}\r\n`).join('');
    const second = await raw(`${head('transfer-encoding: chunked\r\n')}0\r\n${trailers}`, 1500);
    for (const answer of [first, second])
      for (const status of statuses(answer)) expect(status).toBeGreaterThanOrEqual(400);
  });
});

describe('a body that is larger than it looks', () => {
  const BOMB = Buffer.alloc(50 * MEBIBYTE, ' ');

  it.each([
    ['gzip', gzipSync(BOMB)],
    ['deflate', deflateSync(BOMB)],
    ['br', brotliCompressSync(BOMB.subarray(0, 5 * MEBIBYTE))],
    ['gzip, gzip', gzipSync(gzipSync(BOMB))],
  ])('is not unpacked: %s', async (encoding, body) => {
    for (const path of [ACCOUNTS, '/clusters', '/']) {
      const response = await fetch(`${at.sandbox.endpoint}${path}`, {
        method: 'POST',
        headers: { ...token(), 'content-type': 'application/json', 'content-encoding': encoding },
        body: new Uint8Array(body),
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
  });

  it.each([
    ['CBOR, lists without an end', 'application/cbor', Buffer.alloc(500_000, 0x9f)],
    ['CBOR, a text of 2^63 bytes', 'application/cbor', Buffer.from('7b7fffffffffffffff61', 'hex')],
    ['protobuf of Kubernetes', 'application/vnd.kubernetes.protobuf', Buffer.from('6b3873000a0affffffff', 'hex')],
    [
      'XML with entities of entities',
      'text/xml',
      Buffer.from(`<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "${'&b;'.repeat(1000)}">]><a>${'&c;'.repeat(1000)}</a>`),
    ],
    [
      'XML with a file',
      'application/xml',
      Buffer.from('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
    ],
    ['no UTF-8', 'application/json', Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0xae, 0x22])],
    ['UTF-16', 'application/json; charset=utf-16', Buffer.from('{"name":"x"}', 'utf16le')],
    [
      'a form of two kinds',
      'multipart/form-data; boundary=x',
      Buffer.from('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n'),
    ],
  ])('is refused: %s', async (_what, type, body) => {
    for (const path of [ACCOUNTS, '/', '/clusters', '/v1/credentials']) {
      const response = await fetch(`${at.sandbox.endpoint}${path}`, {
        method: 'POST',
        headers: { ...token(), 'content-type': type },
        body: new Uint8Array(body),
      });
      const text = await response.text();
      expect(text).not.toMatch(/root:|at .*\.ts:\d/);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
  });
});

describe('a name that means something', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

  it.each(
    NAMES.flatMap((name) => [
      `${KUBERNETES}/api/v1/namespaces/${name}/serviceaccounts`,
      `${ACCOUNTS}/${name}`,
      `${KUBERNETES}/apis/${name}/v1/x`,
      `${KUBERNETES}/api/v1/${name}`,
      `/kubernetes/${name}/us-west-2/main/version`,
      `/kubernetes/111111111111/${name}/main/version`,
      `/kubernetes/111111111111/us-west-2/${name}/version`,
      `/clusters/${name}`,
      `/clusters/${name}/pod-identity-associations`,
      `/clusters/main/addons/${name}`,
      `/oidc/${name}/keys`,
      `/oidc/${name}/.well-known/openid-configuration`,
      `/${name}`,
    ]),
  )('is no object of JavaScript: %s', async (path) => {
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(`${at.sandbox.endpoint}${path}`, { method, headers: token() });
      const text = await response.text();
      expect([method, path, response.status < 500, text.includes('native code')]).toEqual([method, path, true, false]);
    }
  });

  it.each(NAMES)('is no object of JavaScript in a form or a body: %s', async (name) => {
    const form = (action: string, more: string) =>
      fetch(`${at.sandbox.endpoint}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `Action=${action}&Version=2010-05-08&${more}`,
      });
    for (const response of [
      await form(name, ''),
      await form('GetRole', `RoleName=${name}`),
      await form('GetRole', `${name}.polluted=1&RoleName.${name}.polluted=1`),
      await form('CreateRole', `RoleName=x&Tags.member.1.Key=${name}&Tags.member.1.Value=1&Tags.member.${name}.Key=a`),
    ]) {
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
    const patch = await fetch(`${at.sandbox.endpoint}${ACCOUNTS}/default`, {
      method: 'PATCH',
      headers: { ...token(), 'content-type': 'application/merge-patch+json' },
      body: `{"metadata":{"annotations":{"a":"b"},"${name}":{"polluted":1}},"${name}":{"polluted":1}}`,
    });
    expect(patch.status).toBeLessThan(500);
  });

  it.each([
    '/..%2f..%2fetc/passwd',
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/oidc/..%2f..%2f..%2fetc%2fpasswd/keys',
    '/%c0%ae%c0%ae/etc/passwd',
    '/%zz',
    '/%',
    '/clusters/%00',
    '/clusters/main%00x',
    '/clusters/%E2%80%AE',
    '/clusters/a%0d%0ax-injected:%201',
    `${KUBERNETES}/api/v1/namespaces/default/serviceaccounts/%2e%2e`,
    `${KUBERNETES}//api//v1//`,
    '//evil.invalid/x',
    '/\\evil.invalid\\x',
    '*',
    '/clusters/../kubernetes',
    '/;/clusters',
    '/clusters/main?x=%zz',
    `/clusters?${'%'.repeat(100)}`,
  ])('leads nowhere as a path: %s', async (path) => {
    const answer = await raw(
      `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port()}\r\nauthorization: ${token().authorization}\r\nconnection: close\r\n\r\n`,
    );
    const [status = 0] = statuses(answer);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(answer).not.toMatch(/root:x|^x-injected/m);
  });
});

describe('a question of Kubernetes', () => {
  it.each([
    '?watch=true&timeoutSeconds=999999999999',
    '?watch=true&resourceVersion=99999999999999999999',
    '?watch=1&resourceVersion=x',
    '?limit=-1',
    '?limit=1e400',
    '?limit=NaN&continue=%ff%fe',
    '?continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ',
    '?labelSelector=((((((((((a+)+)+)+)+)+',
    `?labelSelector=${encodeURIComponent('a in ('.repeat(500))}`,
    `?labelSelector=${encodeURIComponent('!'.repeat(4000))}`,
    '?labelSelector=__proto__%3Dx',
    '?fieldSelector=metadata.__proto__.polluted%3D1',
    '?fieldSelector=constructor.prototype%3D1',
    `?fieldSelector=${encodeURIComponent('a.'.repeat(2000))}%3D1`,
    '?resourceVersionMatch=x&sendInitialEvents=true&watch=true',
    '?dryRun=All&fieldManager=%00',
    '?pretty=true&timeout=-1s',
    '?gracePeriodSeconds=-99999999999999999999&propagationPolicy=x',
  ])('ends, or can be ended: %s', async (query) => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      stop.abort();
    }, 300);
    try {
      const response = await fetch(`${at.sandbox.endpoint}${ACCOUNTS}${query}`, {
        headers: token(),
        signal: stop.signal,
      });
      expect(response.status).toBeLessThan(500);
      await response.text();
    } catch (error) {
      expect((error as Error).name).toBe('AbortError');
    } finally {
      clearTimeout(timer);
    }
  });

  it('is answered while 300 watches are open, and each ends with its connection', async () => {
    const stop = new AbortController();
    const watches = Array.from({ length: 300 }, () =>
      fetch(`${at.sandbox.endpoint}${ACCOUNTS}?watch=true`, { headers: token(), signal: stop.signal }).then(
        (response) => response.text(),
        () => undefined,
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stillAnswers();
    stop.abort();
    await Promise.allSettled(watches);
  });

  it.each([
    ['a number beyond all numbers', '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":1e400}}'],
    [
      'a name of a megabyte',
      `{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"${'a'.repeat(900_000)}"}}`,
    ],
    ['a name with a path', '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"../../x"}}'],
    ['a name that is a list', '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":["a"]}}'],
    ['a name that is a map', '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":{"toString":1}}}'],
    ['metadata that are a text', '{"apiVersion":"v1","kind":"ServiceAccount","metadata":"x"}'],
    ['metadata that are a list', '{"apiVersion":"v1","kind":"ServiceAccount","metadata":[]}'],
    ['another kind', '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}'],
    ['nothing', 'null'],
    ['a text', '"x"'],
    ['a list', '[]'],
    ['half a pair', '{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"\\ud800"}}'],
  ])('with %s is a 4xx', async (_what, body) => {
    const response = await fetch(`${at.sandbox.endpoint}${ACCOUNTS}`, {
      method: 'POST',
      headers: { ...token(), 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
  });
});
