import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { APPS, roleArn, seedWith, useSandbox, accountTrust, policy, clients } from './testSandbox';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';

interface Wish {
  readonly service?: string;
  readonly secret?: string;
  readonly accessKeyId?: string;
  readonly sessionToken?: string;
  readonly time?: Date;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly body?: string;
}

describe('Signature Version 4', () => {
  const at = useSandbox(() => ({
    seed: seedWith([{ account: APPS, name: 'role', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) }]),
  }));

  /** A signed request as AWS's own signer makes it, so that the sandbox's reading is held against another's writing. */
  async function signed(wish: Wish = {}) {
    const {
      service = 'sts',
      secret = at.sandbox.secretAccessKey,
      accessKeyId = APPS,
      time = new Date(),
      path = '/',
      query = {},
    } = wish;
    const body = wish.body ?? 'Action=GetCallerIdentity&Version=2011-06-15';
    const signer = new SignatureV4({
      service,
      region: 'us-west-2',
      credentials: {
        accessKeyId,
        secretAccessKey: secret,
        ...(wish.sessionToken === undefined ? {} : { sessionToken: wish.sessionToken }),
      },
      sha256: Sha256,
      applyChecksum: false,
      uriEscapePath: true,
    });
    const { host, hostname, port } = new URL(at.sandbox.endpoint);
    const contentType = service === 'sts' ? 'application/x-www-form-urlencoded' : 'application/json';
    const request = {
      method: 'POST',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path,
      query,
      headers: { host, 'content-type': contentType },
      body,
    };
    const { headers } = await signer.sign(request, { signingDate: time });
    const search = new URLSearchParams(query).toString();
    return { url: `${at.sandbox.endpoint}${path}${search === '' ? '' : `?${search}`}`, headers: { ...headers }, body };
  }

  async function send(request: { url: string; headers: Record<string, string>; body: string }, method = 'POST') {
    // fetch sets the host itself.
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => name !== 'host'));
    const response = await fetch(request.url, { method, headers, ...(method === 'GET' ? {} : { body: request.body }) });
    const text = await response.text();
    return {
      status: response.status,
      code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? /"__type":"(\w+)"/.exec(text)?.[1],
      text,
    };
  }

  it('is accepted when it is right', async () => {
    expect(await send(await signed())).toMatchObject({ status: 200 });
  });

  it.each(['/', '/nodes/arn%3Aaws%2Fx', "/it's(fine)*!", '/x//y', '/%C3%BC', '/a+b', '/a%20b/~c', '/a/../b/'])(
    'is accepted for the path %s, where only the action is unknown',
    async (path) => {
      expect(await send(await signed({ service: 'eks', path, body: '{}' }))).toMatchObject({ status: 501 });
    },
  );

  it('is accepted for a query with blanks, signs and several values', async () => {
    const query = { b: 'two words', a: '=&+/', 'c d': "'*()" };
    expect(await send(await signed({ service: 'eks', path: '/x', query, body: '' }))).toMatchObject({ status: 501 });
  });

  const inHeader = (from: RegExp | string, to: string) => (request: Awaited<ReturnType<typeof signed>>) => {
    request.headers.authorization = (request.headers.authorization ?? '').replace(from, to);
  };

  it.each<[string, (request: Awaited<ReturnType<typeof signed>>) => void]>([
    ['the body', (request) => void (request.body += '&x=y')],
    [
      'a signed header',
      (request) => void (request.headers['content-type'] = 'application/x-www-form-urlencoded; charset=utf-8'),
    ],
    ['the path', (request) => void (request.url += 'elsewhere')],
    ['the query', (request) => void (request.url += '?a=b')],
    ['the signature', inHeader(/.{4}$/, '0000')],
    ['the service of the scope', inHeader('/sts/', '/iam/')],
    ['the region of the scope', inHeader('/us-west-2/', '/us-east-1/')],
    ['the list of signed headers', inHeader('content-type;', '')],
    ['the host out of that list', inHeader('host;', '')],
  ])('is refused when %s was changed after signing', async (_part, change) => {
    const request = await signed();
    change(request);
    expect(await send(request)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('is refused when another secret made it', async () => {
    expect(await send(await signed({ secret: 'wrong' }))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it.each([
    [-6, 'Signature expired'],
    [6, 'Signature not yet current'],
  ])('is refused when it is %i minutes off', async (minutes, message) => {
    const answer = await send(await signed({ time: new Date(Date.now() + minutes * 60_000) }));
    expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
    expect(answer.text).toContain(message);
  });

  it.each([-4, 4])('is accepted when it is %i minutes off', async (minutes) => {
    expect(await send(await signed({ time: new Date(Date.now() + minutes * 60_000) }))).toMatchObject({ status: 200 });
  });

  it.each<[string, Wish, string]>([
    ['an access key that nobody has', { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }, 'InvalidClientTokenId'],
    ['an account id of eleven digits', { accessKeyId: '11111111111' }, 'InvalidClientTokenId'],
    [
      'the same, at a service that speaks JSON',
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', service: 'eks', path: '/clusters', body: '' },
      'UnrecognizedClientException',
    ],
    [
      'a wrong secret, at a service that speaks JSON',
      { secret: 'wrong', service: 'eks', path: '/clusters', body: '' },
      'InvalidSignatureException',
    ],
  ])('is refused for %s', async (_reason, wish, code) => {
    expect(await send(await signed(wish))).toMatchObject({ status: 403, code });
  });

  it('of a session needs the token of the session', async () => {
    const { Credentials: given } = await clients(at.sandbox).sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn('role'), RoleSessionName: 'me' }),
    );
    const accessKeyId = given?.AccessKeyId ?? '';
    const secret = given?.SecretAccessKey ?? '';
    const sessionToken = given?.SessionToken ?? '';
    expect(await send(await signed({ accessKeyId, secret, sessionToken }))).toMatchObject({ status: 200 });
    expect(await send(await signed({ accessKeyId, secret }))).toMatchObject({
      status: 403,
      code: 'InvalidClientTokenId',
    });
    expect(await send(await signed({ accessKeyId, secret, sessionToken: 'other' }))).toMatchObject({
      status: 403,
      code: 'InvalidClientTokenId',
    });
    expect(await send(await signed({ accessKeyId, secret: 'x', sessionToken }))).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
  });

  it('that is missing, or of another kind, is named', async () => {
    const url = `${at.sandbox.endpoint}/`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = 'Action=GetCallerIdentity';
    expect(await send({ url, headers: form, body })).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' });
    expect(await send({ url, headers: { ...form, authorization: 'Bearer x' }, body })).toMatchObject({
      status: 400,
      code: 'IncompleteSignature',
    });
    const { authorization = '' } = (await signed()).headers;
    expect(await send({ url, headers: { ...form, authorization }, body })).toMatchObject({
      status: 400,
      code: 'IncompleteSignature',
    });
  });
});
