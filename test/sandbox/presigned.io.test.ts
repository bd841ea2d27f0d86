import { Sha256 } from '@aws-crypto/sha256-js';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { accountTrust, APPS, clients, policy, REGION, roleArn, seedWith, useSandbox } from './testSandbox';

const MINUTE = 60_000;

/** The URL by which kubectl and eksctl prove to a cluster who they are: a presigned GetCallerIdentity. */
describe('A presigned GetCallerIdentity', () => {
  const at = useSandbox(() => ({
    seed: seedWith([{ account: APPS, name: 'role', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) }]),
  }));

  async function presigned(
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
    signingDate = new Date(),
  ): Promise<URL> {
    const signer = new SignatureV4({ service: 'sts', region: REGION, credentials, sha256: Sha256 });
    const { host, hostname, port } = new URL(at.sandbox.endpoint);
    const { query = {} } = await signer.presign(
      {
        method: 'GET',
        protocol: 'http:',
        hostname,
        port: Number(port),
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host, 'x-k8s-aws-id': 'main' },
      },
      { signingDate, expiresIn: 60, unhoistableHeaders: new Set(['x-k8s-aws-id']) },
    );
    const url = new URL(at.sandbox.endpoint);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
    return url;
  }

  async function get(url: URL, cluster = 'main') {
    const response = await fetch(url, { headers: { 'x-k8s-aws-id': cluster } });
    const text = await response.text();
    return { status: response.status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1], text };
  }

  const administrator = () => ({ accessKeyId: APPS, secretAccessKey: at.sandbox.secretAccessKey });

  it('says who signed it', async () => {
    const { status, text } = await get(await presigned(administrator()));
    expect(status).toBe(200);
    expect(text).toContain(`<Arn>arn:aws:iam::${APPS}:user/sandbox</Arn>`);
  });

  it('of a session has its token in the query', async () => {
    const { Credentials: given } = await clients(at.sandbox).sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn('role'), RoleSessionName: 'me' }),
    );
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    const url = await presigned(credentials);
    expect((await get(url)).text).toContain(`:assumed-role/role/me</Arn>`);
    url.searchParams.set('X-Amz-Security-Token', 'other');
    expect(await get(url)).toMatchObject({ status: 403, code: 'InvalidClientTokenId' });
  });

  it('is valid for 15 minutes, whatever its X-Amz-Expires says', async () => {
    const after = async (minutes: number) =>
      get(await presigned(administrator(), new Date(Date.now() - minutes * MINUTE)));
    expect(await after(14)).toMatchObject({ status: 200 });
    expect(await after(16)).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
      text: expect.stringMatching(/Signature expired: .*15 min/) as string,
    });
  });

  it('is refused for another cluster', async () => {
    const url = await presigned(administrator());
    expect(await get(url, 'other')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it.each(['Action', 'X-Amz-Date', 'X-Amz-Signature', 'X-Amz-Credential'])(
    'is refused when somebody has changed %s',
    async (name) => {
      const url = await presigned(administrator());
      url.searchParams.set(name, (url.searchParams.get(name) ?? '').replace(/.$/, 'x'));
      expect((await get(url)).status).toBeGreaterThanOrEqual(400);
    },
  );

  it.each(['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Signature'])(
    'without %s names what is missing',
    async (name) => {
      const url = await presigned(administrator());
      url.searchParams.delete(name);
      expect(await get(url)).toMatchObject({
        status: 400,
        code: 'IncompleteSignature',
        text: expect.stringContaining(`AWS query-string parameters must include '${name}'`) as string,
      });
    },
  );

  it('without any signature has no caller', async () => {
    const url = new URL(at.sandbox.endpoint);
    url.searchParams.set('Action', 'GetCallerIdentity');
    url.searchParams.set('Version', '2011-06-15');
    expect(await get(url)).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' });
  });
});
