import { connect } from 'node:net';
import { startServer } from '../../../src/sandbox/http/httpServer';
import { oversized } from '../../../src/sandbox/http/limits';
import { seedWith, useSandbox } from '../../sandbox/testSandbox';

const MEBIBYTE = 1024 * 1024;
const KUBERNETES = '/kubernetes/111111111111/us-west-2/main';
const ACCOUNTS = `${KUBERNETES}/api/v1/namespaces/default/serviceaccounts`;
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const APPLY = 'application/apply-patch+yaml';
const account = (more: string) =>
  `{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"a","annotations":{}},"x":${more}}`;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const web = 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15&';

interface Hostile {
  readonly what: string;
  readonly method?: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly says?: string;
}

const HOSTILE: readonly Hostile[] = [
  { what: '100 kB of [ as JSON', path: ACCOUNTS, body: '['.repeat(100_000), status: 400 },
  { what: '100 kB of [ as YAML', path: ACCOUNTS, type: 'application/yaml', body: '['.repeat(100_000), status: 400 },
  { what: '30 kB of [ as YAML', path: ACCOUNTS, type: 'application/yaml', body: '['.repeat(30_000), status: 400 },
  { what: '100 kB of { as YAML', path: ACCOUNTS, type: 'application/yaml', body: '{a: '.repeat(30_000), status: 400 },
  { what: 'keys with ? inside keys', path: ACCOUNTS, type: 'application/yaml', body: '? '.repeat(1000), status: 400 },
  { what: 'a row of YAML tags', path: ACCOUNTS, type: 'application/yaml', body: '!a '.repeat(10_000), status: 400 },
  { what: 'a megabyte of YAML', path: ACCOUNTS, type: 'application/yaml', body: 'a\n'.repeat(500_000), status: 400 },
  {
    what: 'YAML aliases of aliases',
    path: ACCOUNTS,
    type: 'application/yaml',
    body: `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
      .map(
        (name, index) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${'abcdefgh'.charAt(index)}`)
            .join(',')}]`,
      )
      .join('\n')}`,
    status: 400,
  },
  { what: '200 lists inside each other', path: ACCOUNTS, body: account(nested(200)), status: 400, says: '100 objects' },
  { what: '100,000 lists inside each other', path: ACCOUNTS, body: account(nested(100_000)), status: 400 },
  { what: '400,000 values', path: ACCOUNTS, body: account(`[${'1,'.repeat(400_000)}1]`), status: 400, says: '20000' },
  { what: 'a member __proto__', path: ACCOUNTS, body: account('{"__proto__":{"polluted":1}}'), status: 400 },
  {
    what: 'a member __proto__ in an apply',
    method: 'PATCH',
    path: `${ACCOUNTS}/default?fieldManager=x`,
    type: APPLY,
    body: '{"__proto__":{"polluted":1}}',
    status: 400,
  },
  {
    what: 'a JSON patch of the prototype of all objects',
    method: 'PATCH',
    path: `${ACCOUNTS}/default`,
    type: 'application/json-patch+json',
    body: '[{"op":"add","path":"/__proto__/polluted","value":1}]',
    status: 422,
  },
  {
    what: 'a JSON patch of the constructor',
    method: 'PATCH',
    path: `${ACCOUNTS}/default`,
    type: 'application/json-patch+json',
    body: '[{"op":"add","path":"/constructor/prototype/polluted","value":1}]',
    status: 422,
  },
  {
    what: 'a body of more than a mebibyte for Kubernetes',
    path: ACCOUNTS,
    body: ' '.repeat(MEBIBYTE + 1),
    status: 413,
    says: '"reason":"RequestEntityTooLarge"',
  },
  {
    what: 'a body of more than a mebibyte for EKS',
    path: '/clusters',
    body: ' '.repeat(MEBIBYTE + 1),
    status: 413,
    says: '"__type":"RequestEntityTooLargeException"',
  },
  {
    what: 'a body of more than a mebibyte for STS',
    path: '/',
    type: FORM,
    body: ' '.repeat(MEBIBYTE + 1),
    status: 413,
    says: '<Code>RequestEntityTooLargeException</Code>',
  },
  {
    what: 'a form with 100,000 parts in a name',
    path: '/',
    type: FORM,
    body: `${web}${'a.'.repeat(100_000)}b=1`,
    status: 400,
  },
  { what: 'a form with 2,000 parameters', path: '/', type: FORM, body: web + 'a=&'.repeat(2000), status: 400 },
  {
    what: 'a form with a member number of 300 digits',
    path: '/',
    type: FORM,
    body: `${web}T.member.${'9'.repeat(300)}=1`,
    status: 400,
  },
  { what: 'a query of 10,000 characters', path: `/clusters?${'a'.repeat(10_000)}`, method: 'GET', status: 414 },
  { what: 'a query of 2,000 parameters', path: `${ACCOUNTS}?${'a&'.repeat(2000)}`, method: 'GET', status: 414 },
  { what: 'a path of 100,000 characters', path: `/${'a'.repeat(100_000)}`, method: 'GET', status: 431 },
  {
    what: 'a token of 100,000 characters',
    path: '/v1/credentials',
    method: 'GET',
    headers: { authorization: 'a'.repeat(100_000) },
    status: 431,
  },
  {
    what: '150 headers',
    path: ACCOUNTS,
    method: 'GET',
    headers: Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`x-${index}`, ''])),
    status: 431,
  },
];

describe('The sandbox survives hostile requests', () => {
  const at = useSandbox(() => ({ seed: seedWith() }));
  // A client without it does not come far enough to do harm.
  const token = () => ({ authorization: `Bearer ${at.sandbox.kubernetes.token}` });

  it.each(HOSTILE)(
    'answers $what with $status, and goes on',
    async ({ method = 'POST', path, type, body, headers, status, says }) => {
      const response = await fetch(`${at.sandbox.endpoint}${path}`, {
        method,
        headers: { ...token(), 'content-type': type ?? JSON_TYPE, ...headers },
        ...(body === undefined ? {} : { body }),
      });
      expect(response.status).toBe(status);
      expect(await response.text()).toContain(says ?? '');
      expect(Object.keys(Object.prototype)).toEqual([]);
      const version = await fetch(`${at.sandbox.endpoint}${KUBERNETES}/version`, { headers: token() });
      expect(version.status).toBe(200);
    },
  );

  it('answers a body without an end as soon as it is too long', async () => {
    const port = Number(new URL(at.sandbox.endpoint).port);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(`POST ${ACCOUNTS} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ntransfer-encoding: chunked\r\n\r\n`);
        for (let chunk = 0; chunk < 20; chunk += 1) socket.write(`10000\r\n${'a'.repeat(0x10000)}\r\n`);
      });
      socket.once('data', (data) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.once('error', reject);
    });
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 413 Payload Too Large');
  });

  it('lets no row of patches nest an object deeper than one request may', async () => {
    const url = `${at.sandbox.endpoint}${ACCOUNTS}/default`;
    const patch = async (path: string) => {
      const value = JSON.parse('{"a":'.repeat(40) + '1' + '}'.repeat(40)) as unknown;
      const { status } = await fetch(url, {
        method: 'PATCH',
        headers: { ...token(), 'content-type': 'application/json-patch+json' },
        body: JSON.stringify([{ op: 'add', path, value }]),
      });
      return status;
    };
    expect(await patch('/x')).toBe(200);
    expect(await patch(`/x${'/a'.repeat(40)}`)).toBe(200);
    expect(await patch(`/x${'/a'.repeat(80)}`)).toBe(422);
  });
});

describe('The server', () => {
  it.each([
    ['the headers', 'POST / HTTP/1.1\r\nhost: x\r\n'],
    ['the body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n1'],
  ])('ends a connection that never finishes %s', async (_part, start) => {
    const times = { headersMs: 100, requestMs: 200 };
    const server = await startServer(0, () => ({ status: 200, headers: {}, body: '' }), times);
    const answer = await new Promise<string>((resolve, reject) => {
      let all = '';
      const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1', () => socket.write(start));
      socket.on('data', (data) => (all += data.toString()));
      socket.on('end', () => {
        resolve(all);
      });
      socket.once('error', reject);
    });
    await server.stop();
    expect(answer).toContain('408 Request Timeout');
  });
});

describe('The size of a value', () => {
  it.each([
    ['100 lists inside each other', nested(100), true],
    ['101 lists inside each other', nested(101), false],
    ['20,000 values', `[${'1,'.repeat(19_998)}1]`, true],
    ['20,001 values', `[${'1,'.repeat(19_999)}1]`, false],
    ['a text of a megabyte', `"${'['.repeat(MEBIBYTE)}"`, true],
  ])('of %s is judged', (_what, text, allowed) => {
    expect(oversized(JSON.parse(text)) === undefined).toBe(allowed);
  });
});
