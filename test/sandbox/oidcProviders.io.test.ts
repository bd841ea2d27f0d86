import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  errorOf,
  ISSUER,
  OTHER_ISSUER,
  policy,
  PROVIDER,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const ARN = `arn:aws:iam::${APPS}:oidc-provider/${OTHER_ISSUER.slice('https://'.length)}`;

describe('IAM OIDC providers', () => {
  const at = useSandbox(() => ({ seed: seedWith() }));
  const iam = () => clients(at.sandbox).iam;

  it('are made, read, changed and deleted', async () => {
    const thumbprint = 'a'.repeat(40);
    const made = await iam().send(
      new CreateOpenIDConnectProviderCommand({
        Url: OTHER_ISSUER,
        ClientIDList: ['sts.amazonaws.com'],
        Tags: [{ Key: 'a', Value: '1' }],
      }),
    );
    expect(made.OpenIDConnectProviderArn).toBe(ARN);
    const provider = { OpenIDConnectProviderArn: ARN };
    await iam().send(new AddClientIDToOpenIDConnectProviderCommand({ ...provider, ClientID: 'second' }));
    await iam().send(
      new RemoveClientIDFromOpenIDConnectProviderCommand({ ...provider, ClientID: 'sts.amazonaws.com' }),
    );
    await iam().send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...provider, ThumbprintList: [thumbprint] }));
    await iam().send(new TagOpenIDConnectProviderCommand({ ...provider, Tags: [{ Key: 'b', Value: '2' }] }));
    await iam().send(new UntagOpenIDConnectProviderCommand({ ...provider, TagKeys: ['a'] }));
    expect(await iam().send(new GetOpenIDConnectProviderCommand(provider))).toMatchObject({
      Url: OTHER_ISSUER.slice('https://'.length),
      ClientIDList: ['second'],
      ThumbprintList: [thumbprint],
      Tags: [{ Key: 'b', Value: '2' }],
    });

    const list = await iam().send(new ListOpenIDConnectProvidersCommand({}));
    expect(list.OpenIDConnectProviderList?.map((entry) => entry.Arn)).toEqual([PROVIDER, ARN]);
    await iam().send(new DeleteOpenIDConnectProviderCommand(provider));
    expect(await errorOf(iam().send(new GetOpenIDConnectProviderCommand(provider)))).toMatchObject({
      name: 'NoSuchEntityException',
      status: 404,
    });
  });

  it.each([
    ['one that exists', { Url: ISSUER }, 'EntityAlreadyExistsException'],
    ['no scheme', { Url: 'example.com' }, 'ValidationError'],
    ['no host', { Url: 'https://' }, 'ValidationError'],
    ['plain http', { Url: 'http://example.com' }, 'InvalidInputException'],
    ['a path without a host', { Url: 'https:///id' }, 'InvalidInputException'],
    ['a port', { Url: 'https://example.com:8443/id' }, 'InvalidInputException'],
    ['a port without a host', { Url: 'https://:8443' }, 'InvalidInputException'],
    ['a user', { Url: 'https://me@example.com' }, 'InvalidInputException'],
    ['a query', { Url: 'https://example.com/?a=b' }, 'InvalidInputException'],
    ['a fragment', { Url: 'https://example.com/#a' }, 'InvalidInputException'],
    ['a host with an underscore', { Url: 'https://exa_mple.com' }, 'InvalidInputException'],
    ['a short thumbprint', { Url: 'https://example.com', ThumbprintList: ['abc'] }, 'InvalidInputException'],
    [
      'six thumbprints',
      { Url: 'https://example.com', ThumbprintList: Array<string>(6).fill('a'.repeat(40)) },
      'InvalidInputException',
    ],
  ])('are refused for %s', async (_reason, input, name) => {
    expect(await errorOf(iam().send(new CreateOpenIDConnectProviderCommand(input)))).toMatchObject({ name });
  });

  it('are two when only one has a slash at its end', async () => {
    const { OpenIDConnectProviderArn: made } = await iam().send(
      new CreateOpenIDConnectProviderCommand({ Url: `${ISSUER}/` }),
    );
    expect(made).toBe(`${PROVIDER}/`);
    await iam().send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: made }));
  });

  it('take any 40 characters as a thumbprint, and keep them in lower case', async () => {
    const { OpenIDConnectProviderArn: made } = await iam().send(
      new CreateOpenIDConnectProviderCommand({ Url: 'https://example.com', ThumbprintList: ['Z'.repeat(40)] }),
    );
    const provider = { OpenIDConnectProviderArn: made };
    expect(await iam().send(new GetOpenIDConnectProviderCommand(provider))).toMatchObject({
      ThumbprintList: ['z'.repeat(40)],
    });
    expect(
      await errorOf(iam().send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...provider, ThumbprintList: [] }))),
    ).toMatchObject({ name: 'InvalidInputException', message: 'Thumbprint list must contain at least one entry.' });
    expect(
      await errorOf(
        iam().send(new UpdateOpenIDConnectProviderThumbprintCommand({ ...provider, ThumbprintList: undefined })),
      ),
    ).toMatchObject({ name: 'ValidationError', message: expect.stringContaining("'thumbprintList'") as string });
    await iam().send(new DeleteOpenIDConnectProviderCommand(provider));
  });

  it('can be deleted when they are not there', async () => {
    const missing = { OpenIDConnectProviderArn: ARN };
    expect((await iam().send(new DeleteOpenIDConnectProviderCommand(missing))).$metadata.httpStatusCode).toBe(200);
  });
});

describe('A new OIDC provider', () => {
  const onHost = `arn:aws:iam::${APPS}:oidc-provider/oidc.eks.us-west-2.amazonaws.com`;
  const caller = (name: string, inline: ReturnType<typeof allow>) => ({
    account: APPS,
    name,
    trust: policy(accountTrust(APPS, 'sts:AssumeRole')),
    inline: { own: inline },
  });
  const at = useSandbox(() => ({
    seed: seedWith([
      caller('creator', allow('iam:CreateOpenIDConnectProvider', onHost)),
      caller('tagger', allow(['iam:CreateOpenIDConnectProvider', 'iam:TagOpenIDConnectProvider'], onHost)),
      caller('below', allow('iam:*', `${onHost}/*`)),
    ]),
  }));
  const create = async (role: string, more: object = {}) => {
    const { Credentials: given } = await clients(at.sandbox).sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 'me' }),
    );
    const { iam } = clients(at.sandbox, {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    });
    return iam.send(new CreateOpenIDConnectProviderCommand({ Url: OTHER_ISSUER, ...more }));
  };
  const Tags = [{ Key: 'a', Value: '1' }];

  it('with tags needs the permission to tag it', async () => {
    expect(await errorOf(create('creator', { Tags }))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        `not authorized to perform: iam:TagOpenIDConnectProvider on resource: ${onHost} `,
      ) as string,
    });
    expect((await create('tagger', { Tags })).OpenIDConnectProviderArn).toBe(ARN);
  });

  it('needs permissions on the host of its URL, not on its path', async () => {
    expect(await errorOf(create('below'))).toMatchObject({
      message: expect.stringContaining(`iam:CreateOpenIDConnectProvider on resource: ${onHost} `) as string,
    });
    expect((await create('creator', { Url: `${OTHER_ISSUER}2` })).OpenIDConnectProviderArn).toBe(`${ARN}2`);
  });
});

describe('OIDC issuers', () => {
  const at = useSandbox(() => ({ seed: seedWith() }));

  it('publish their configuration and the key that their tokens are signed with', async () => {
    const base = `${at.sandbox.endpoint}/oidc/${ISSUER.slice('https://'.length)}`;
    const configuration = (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(configuration.issuer).toBe(ISSUER);
    expect(configuration.jwks_uri).toBe(`${base}/keys`);
    const { keys } = (await (await fetch(`${base}/keys`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toMatchObject([{ kty: 'RSA', use: 'sig', alg: 'RS256' }]);
    expect(keys[0]).not.toHaveProperty('d');
  });
});
